/** The runner's API and the way a Run travels from it to the page. */
import { requestId } from "../../src/engine/benchmark/request-id.ts";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { statuses, type Run } from "../../src/engine/run.ts";
import { RunAssembler, runLines } from "../../src/endpoint/run-wire.ts";
import {
  listModels,
  measureThroughRunner,
  openStreamThroughRunner,
  type EndpointTarget,
} from "../../src/endpoint/target.ts";
import { createRunnerApi, type RunnerApi } from "../../src/server/runner/api.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";
import { littleServer } from "./fixtures/little-server.ts";

const KEY = "sk-runner-secret-1";
let api: RunnerApi;
let server: http.Server;
let endpoint: SimulatedEndpoint;
let runner: { kind: "runner"; url: string };
let target: EndpointTarget;
const written: string[] = [];

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = ((text: string | Uint8Array) => {
      written.push(String(text));
      return write(text);
    }) as typeof stream.write;
  }
  api = createRunnerApi();
  server = http.createServer((req, res) => void api.handle(req, res).then((mine) => mine || res.writeHead(404).end()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  runner = { kind: "runner", url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0.02, itl: 0.004 }, model: "m", apiKey: KEY });
  target = { label: "my target", baseUrl: endpoint.url, model: "m", key: KEY };
});
afterAll(async () => {
  await api.close();
  server.closeAllConnections();
  server.close();
  await endpoint.close();
});

const workload = {
  arrivals: { kind: "poisson" as const, rate: 40 },
  prompt: { kind: "fixed" as const, value: 60 },
  output: { kind: "fixed" as const, value: 10 },
  requests: 30,
  seed: 1,
};

function post(
  call: string,
  body: unknown,
  headers: Record<string, string> = { "content-type": "application/json" },
): Promise<Response> {
  return fetch(`${runner.url}/api/runner/${call}`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("a measurement through the runner", () => {
  let run: Run;
  beforeAll(async () => {
    run = await measureThroughRunner(target, workload, { runner });
  });

  test("accounts for every request, with the server's own token counts", () => {
    expect([...run.requests.status].every((status) => statuses[status] === "succeeded")).toBe(true);
    const logged = new Map(endpoint.log.all().map((entry) => [entry.requestId, entry]));
    for (let i = 0; i < 30; i++) {
      const entry = logged.get(requestId(run.measurement!.salt, i))!;
      expect(run.requests.outputTokens[i]).toBe(entry.outputTokens);
      expect(run.requests.promptTokens[i]).toBe(entry.promptTokens);
    }
    expect(run.measurement!.server!.generatedTokens).toBe(300);
  });

  test("no chunk was read before it was emitted, and order is kept", () => {
    const { t, request, tokens } = run.chunks!;
    const zero = run.measurement!.zero;
    for (let i = 0; i < 30; i++) {
      const entry = endpoint.log.find(requestId(run.measurement!.salt, i))!;
      const read = [...t].filter((_, k) => request[k] === i && tokens[k]! > 0);
      expect(read.length).toBe(entry.chunks);
      // The two clocks are the same hardware clock, each found by its own process or thread to within some µs.
      read.forEach((time, k) => expect(time + zero).toBeGreaterThan(entry.time(k) - 2e-4));
      expect(read).toEqual([...read].sort((a, b) => a - b));
    }
  });

  test("prompts are as long as the workload asks, within a few tokens", () => {
    const mean = run.requests.promptTokens.reduce((sum, n) => sum + n, 0) / 30;
    expect(Math.abs(mean - 60)).toBeLessThan(6);
  });

  test("the Run names the label, and holds neither key nor address", () => {
    const text = [...runLines(run)].join("\n");
    expect(run.origin).toMatchObject({ kind: "measured", target: "my target", transport: "node:http" });
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(endpoint.url);
    expect(text).not.toContain(String(endpoint.port));
  });

  test("it survives its lines bit for bit", () => {
    const assembler = new RunAssembler();
    let back: Run | undefined;
    for (const line of runLines(run)) back = assembler.push(line) ?? back;
    expect(back).toEqual(run);
  });
});

test("stopping gives the partial Run", async () => {
  const stop = new AbortController();
  const run = await measureThroughRunner(
    target,
    { ...workload, requests: 400 },
    { runner, signal: stop.signal, onProgress: (done) => done >= 5 && stop.abort() },
  );
  expect(run.ended?.reason).toBe("stopped");
  expect(run.requests.count).toBe(400);
  expect([...run.requests.status].filter((status) => statuses[status] === "succeeded").length).toBeGreaterThanOrEqual(
    5,
  );
  expect([...run.requests.status].some((status) => statuses[status] === "unsent")).toBe(true);
});

describe("a second measurement", () => {
  const sentences: string[] = [];
  const second = (signal?: AbortSignal) =>
    measureThroughRunner(
      target,
      { ...workload, requests: 5 },
      { runner, onWaiting: (message) => sentences.push(message), ...(signal && { signal }) },
    );
  /** Resolves once the first is under way. */
  const first = async (): Promise<{ done: Promise<Run>; stop: AbortController }> => {
    const stop = new AbortController();
    let done: Promise<Run>;
    await new Promise<void>((resolve) => {
      done = measureThroughRunner(
        target,
        { ...workload, requests: 60 },
        { runner, signal: stop.signal, onProgress: () => resolve() },
      );
    });
    return { done: done!, stop };
  };

  test("waits for the first with a sentence, so that neither disturbs the other", async () => {
    const order: string[] = [];
    const { done } = await first();
    const after = second().then((run) => (order.push("second"), run));
    await done.then(() => order.push("first"));
    const run = await after;
    expect(order).toEqual(["first", "second"]);
    expect(sentences).toEqual([expect.stringMatching(/busy with another measurement/)]);
    expect([...run.requests.status].every((status) => statuses[status] === "succeeded")).toBe(true);
    const log = (run: Run) =>
      endpoint.log
        .all()
        .filter((entry) => entry.requestId.startsWith(requestId(run.measurement!.salt, 0).slice(0, 24)));
    expect(Math.min(...log(run).map((entry) => entry.accepted))).toBeGreaterThan(
      Math.max(...log(await done).map((entry) => entry.time(entry.chunks - 1))),
    );
  });

  test("that is stopped while it waits leaves the queue to the next", async () => {
    const { done, stop } = await first();
    const impatient = new AbortController();
    const never = second(impatient.signal);
    const patient = second();
    impatient.abort();
    await expect(never).rejects.toThrow(/before its turn/);
    stop.abort();
    await done;
    expect((await patient).requests.count).toBe(5);
  });
});

test("raw bytes of one answer come with rising times", async () => {
  const times: number[] = [];
  let text = "";
  for await (const { t, bytes } of openStreamThroughRunner(target, { prompt: "hello", maxTokens: 5 }, { runner })) {
    times.push(t);
    text += new TextDecoder().decode(bytes);
  }
  expect(text).toMatch(/^data: .*\[DONE\]\s*$/s);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

describe("what can't be measured is said in a sentence", () => {
  test.each([
    ["a wrong key", () => ({ ...target, key: "sk-wrong-key-1" }), /401.*key/i],
    ["a wrong model", () => ({ ...target, model: "nope" }), /404.*model/i],
    ["nothing listening", () => ({ ...target, baseUrl: "http://127.0.0.1:1" }), /nothing is listening/i],
  ])("%s", async (_, bad, words) => {
    await expect(measureThroughRunner(bad(), workload, { runner })).rejects.toThrow(words);
  });

  test("a key that the server echoes stays out of the message", async () => {
    const echo = await littleServer(
      (req, res) =>
        void res
          .writeHead(401)
          .end(JSON.stringify({ error: { message: `no such key: ${req.headers.authorization}` } })),
    );
    const error = await measureThroughRunner({ ...target, baseUrl: echo.url }, workload, { runner }).catch(
      (thrown: Error) => thrown,
    );
    await echo.close();
    expect((error as Error).message).toContain("401");
    expect((error as Error).message).not.toContain(KEY);
  });

  test("a redirect to another host, which gets neither request nor key", async () => {
    const other = await littleServer((_, res) => void res.end("{}"));
    const redirecting = await littleServer(
      (req, res) => void res.writeHead(307, { location: other.url + req.url }).end(),
    );
    await expect(measureThroughRunner({ ...target, baseUrl: redirecting.url }, workload, { runner })).rejects.toThrow(
      /redirect/,
    );
    await expect(listModels({ ...target, baseUrl: redirecting.url }, runner)).rejects.toThrow(/redirect/);
    expect(other.seen).toEqual([]);
    await redirecting.close();
    await other.close();
  });
});

describe("bodies that are refused", () => {
  test.each([
    ["no JSON", "run", "{", 400],
    ["another content type", "run", "{}", 415],
    ["a missing target", "models", {}, 400],
    ["an unknown call", "steal", {}, 404],
  ])("%s", async (name, call, body, status) => {
    const headers: Record<string, string> = {
      "content-type": name === "another content type" ? "text/plain" : "application/json",
    };
    expect((await post(call, body, headers)).status).toBe(status);
  });

  test("an oversized one", async () => {
    const answer = await post("run", JSON.stringify({ filler: "x".repeat(17e6) })).catch(() => undefined);
    expect([413, undefined]).toContain(answer?.status);
  });

  test("one with a bad field names the field, and never shows a key", async () => {
    const answer = await post("models", { target: { ...target, key: [KEY] } });
    const text = await answer.text();
    expect(answer.status).toBe(400);
    expect(text).toContain("target.key");
    expect(text).not.toContain(KEY);
  });

  test("GET", async () => {
    expect((await fetch(`${runner.url}/api/runner/models`)).status).toBe(405);
  });
});

test("the key was written to no log", () => {
  expect(written.join("")).not.toContain(KEY);
});
