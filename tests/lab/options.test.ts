/** What a lab's own functions refuse: an option with a wrong name or value would otherwise be ignored in silence. */
import { describe, expect, it } from "vitest";
import { benchmark, openStream } from "../../src/lab/bound.ts";
import { enterLab, type LabContext } from "../../src/lab/context.ts";

const workload = {
  arrivals: { kind: "burst" },
  prompt: { kind: "fixed", value: 1 },
  output: { kind: "fixed", value: 1 },
  requests: 1,
} as const;

function enter(): string[] {
  const sent: string[] = [];
  enterLab({
    seed: 1,
    params: {},
    parameters: "default",
    measured: true,
    replay: [],
    runs: [],
    charts: [],
    emit: () => undefined,
    keep: () => undefined,
    progress: () => undefined,
    note: () => undefined,
    traceData: () => undefined,
    measure: () => (sent.push("measure"), Promise.reject(new Error("measured"))),
    openStream: () => (sent.push("stream"), (async function* () {})()),
  } satisfies LabContext);
  return sent;
}

describe("benchmark", () => {
  it.each([
    [{ warmUp: 0 }, "options.warmUp is not an option; did you mean warmup?"],
    [{ onprogress: () => undefined }, "options.onprogress is not an option; did you mean onProgress?"],
    [{ warmup: "4" }, "options.warmup"],
    [{ warmup: -1 }, "options.warmup is -1; it must be a whole number of requests, 0 for none"],
    [{ warmup: 1.5 }, "options.warmup is 1.5; it must be a whole number of requests"],
    [{ onProgress: true }, "options.onProgress is true; it must be a function"],
    [null, "options is null; it must be an object with warmup, onProgress"],
  ])("refuses %o before anything is sent", async (options, said) => {
    const sent = enter();
    await expect(benchmark(workload, options as never)).rejects.toThrow(said);
    expect(sent).toEqual([]);
  });

  it("takes what it knows, and undefined as left out", async () => {
    const sent = enter();
    await expect(benchmark(workload, { warmup: 0, onProgress: undefined as never })).rejects.toThrow("measured");
    expect(sent).toEqual(["measure"]);
  });
});

describe("openStream", () => {
  it.each([
    [{ prompt: "x", max_tokens: 5 }, {}, "request.max_tokens is not an option; did you mean maxTokens?"],
    [{ prompt: "x", maxTokens: 0 }, {}, "request.maxTokens is 0; it must be a whole number of tokens, 1 or more"],
    [{ prompt: 5, maxTokens: 1 }, {}, "request.prompt is 5; it must be a text"],
    [
      { prompt: "x", maxTokens: 1 },
      { tokenPerChunk: 2 },
      "shape.tokenPerChunk is not an option; did you mean tokensPerChunk?",
    ],
    [{ prompt: "x", maxTokens: 1 }, { jitter: "1" }, "shape.jitter"],
  ])("refuses %o with %o before anything is sent", (request, shape, said) => {
    const sent = enter();
    expect(() => openStream(request as never, shape as never)).toThrow(said);
    expect(sent).toEqual([]);
  });
});
