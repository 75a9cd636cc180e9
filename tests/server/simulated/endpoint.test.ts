import { afterEach, describe, expect, it } from "vitest";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../../src/server/simulated/endpoint.ts";
import type { SimulatedEndpointOptions } from "../../../src/server/simulated/options.ts";
import { startSimulatedThread } from "../../../src/server/simulated/thread.ts";
import { events, raw } from "../http.ts";

const open: SimulatedEndpoint[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((e) => e.close()))));

async function start(options: SimulatedEndpointOptions = {}): Promise<SimulatedEndpoint> {
  const endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0.002, itl: 0.001 }, ...options });
  open.push(endpoint);
  return endpoint;
}

function ask(endpoint: { url: string }, body: object = {}, headers: Record<string, string> = {}) {
  return raw(`${endpoint.url}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ messages: [{ role: "user", content: "hello" }], max_tokens: 10, stream: true, ...body }),
  });
}

describe("the stream", () => {
  it("is followed by the log chunk for chunk, in order, none before it was due", async () => {
    const endpoint = await start();
    const answer = await ask(endpoint, {}, { "x-request-id": "mine" });
    const contents = events(answer.text).filter((e) => e.choices[0]?.delta.content);
    const log = JSON.parse((await raw(`${endpoint.url}/log/mine`)).text) as {
      emissions: [number, number, number][];
      accepted: number;
    };
    expect(log.emissions).toHaveLength(contents.length);
    expect(log.emissions.every(([t, due]) => t >= due)).toBe(true);
    expect(log.emissions.every(([t], i) => t >= (log.emissions[i - 1]?.[0] ?? log.accepted))).toBe(true);
    expect(log.emissions.reduce((sum, [, , tokens]) => sum + tokens, 0)).toBe(10);
  });

  it("gives running usage on every chunk when asked", async () => {
    const endpoint = await start();
    const answer = await ask(endpoint, { stream_options: { include_usage: true, continuous_usage_stats: true } });
    const counts = events(answer.text)
      .filter((e) => e.choices[0]?.delta.content)
      .map((e) => e.usage!.completion_tokens);
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("holds tokens back until a chunk is full, and loses none", async () => {
    const endpoint = await start({ behaviour: { tokensPerChunk: 4 } });
    await ask(endpoint);
    const entry = endpoint.log.all()[0]!.detail();
    expect(entry.emissions.map(([, , tokens]) => tokens)).toEqual([4, 4, 2]);
  });

  it("gathers events into one write, stamped alike", async () => {
    const endpoint = await start({ behaviour: { coalesce: { chunks: 5, flushAfter: 60 } } });
    await ask(endpoint);
    const times = endpoint.log
      .all()[0]!
      .detail()
      .emissions.map(([t]) => t);
    expect(new Set(times).size).toBe(2);
  });

  it("says reasoning first, under the dialect's name for it", async () => {
    for (const [dialect, field] of [
      ["vllm", "reasoning"],
      ["sglang", "reasoning_content"],
    ] as const) {
      const endpoint = await start({ behaviour: { dialect, reasoningTokens: 3 } });
      const deltas = events((await ask(endpoint)).text).map((e) => e.choices[0]?.delta ?? {});
      const kinds = deltas.map((d) => (d[field] ? "reasoning" : d.content ? "content" : "")).filter(Boolean);
      expect(kinds).toEqual([...Array<string>(3).fill("reasoning"), ...Array<string>(7).fill("content")]);
    }
  });

  it("pings while nothing else leaves", async () => {
    const endpoint = await start({ fixed: { ttft: 0.2, itl: 0.001 }, behaviour: { pingEvery: 0.02 } });
    const { text } = await ask(endpoint);
    expect(text.indexOf(": ping")).toBeGreaterThanOrEqual(0);
    expect(text.indexOf(": ping")).toBeLessThan(text.indexOf('"content":" '));
  });

  it("opens with Azure's filter results, and closes with TGI's nameless usage", async () => {
    const azure = events((await ask(await start({ behaviour: { dialect: "azure" } }))).text);
    expect(azure[0]).toMatchObject({ id: "", choices: [] });
    const tgi = await ask(await start({ behaviour: { dialect: "tgi" } }), { stream_options: { include_usage: true } });
    expect(events(tgi.text).at(-1)).toMatchObject({ id: "", choices: [], usage: { completion_tokens: 10 } });
  });
});

describe("lengths", () => {
  it("are exactly max_tokens under ignore_eos, and at least min_tokens", async () => {
    const endpoint = await start({ behaviour: { answer: { median: 1, sigma: 0 } } });
    await ask(endpoint, { max_tokens: 40, ignore_eos: true });
    await ask(endpoint, { max_tokens: 40, min_tokens: 17 });
    await ask(endpoint, { max_tokens: 40 });
    expect(endpoint.log.all().map((e) => e.outputTokens)).toEqual([40, 17, 1]);
  });

  it("repeat with the seed", async () => {
    const lengths = async () => {
      const endpoint = await start({ seed: 5, behaviour: { answer: { median: 10, sigma: 1 } } });
      for (let i = 0; i < 5; i++) await ask(endpoint, { max_tokens: 200 });
      return endpoint.log.all().map((e) => e.outputTokens);
    };
    const first = await lengths();
    expect(await lengths()).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  });
});

describe("faults", () => {
  const usage = { stream_options: { include_usage: true } };

  it.each([
    ["tooManyRequests", 429],
    ["serverError", 500],
    ["loading", 503],
    ["errorIn200", 200],
  ])("%s answers %i with an error object, streamed or not", async (kind, status) => {
    const endpoint = await start({ behaviour: { faults: [{ kind: kind as "loading" }] } });
    for (const stream of [true, false]) {
      const answer = await ask(endpoint, { stream });
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toHaveProperty("error.message");
    }
    expect(endpoint.log.all().map((e) => e.outcome)).toEqual([kind, kind]);
  });

  it.each(["reset", "cut"] as const)("%s breaks the connection after the given tokens", async (kind) => {
    const endpoint = await start({ behaviour: { faults: [{ kind, after: 4 }] } });
    const answer = await ask(endpoint);
    expect(answer.complete).toBe(false);
    expect(answer.text).not.toContain("[DONE]");
    expect(endpoint.log.all()[0]!.detail().emissions).toHaveLength(4);
    await ask(endpoint, { stream: false }).then(
      (whole) => expect(whole.complete).toBe(false),
      (error: NodeJS.ErrnoException) => expect(error.code).toBe("ECONNRESET"),
    );
  });

  it("truncatedUtf8 ends inside a character", async () => {
    const endpoint = await start({ behaviour: { faults: [{ kind: "truncatedUtf8" }] } });
    const { body } = await ask(endpoint);
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(body)).toThrow();
  });

  it("errorMidStream says so in the stream, then [DONE]", async () => {
    const endpoint = await start({ behaviour: { faults: [{ kind: "errorMidStream", after: 2 }] } });
    const { text, status } = await ask(endpoint);
    expect(status).toBe(200);
    expect(events(text).at(-1)).toHaveProperty("error");
    expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  it("noDone leaves out only [DONE]", async () => {
    const endpoint = await start({ behaviour: { faults: [{ kind: "noDone" }] } });
    const { text, complete } = await ask(endpoint, usage);
    expect(complete).toBe(true);
    expect(text).not.toContain("[DONE]");
    expect(events(text).at(-1)).toMatchObject({ usage: { completion_tokens: 10 } });
  });

  it("stall loses nothing", async () => {
    const endpoint = await start({ behaviour: { faults: [{ kind: "stall", after: 3, seconds: 0.05 }] } });
    const { text } = await ask(endpoint, usage);
    expect(events(text).filter((e) => e.choices[0]?.delta.content)).toHaveLength(10);
    const times = endpoint.log
      .all()[0]!
      .detail()
      .emissions.map(([t]) => t);
    expect(times[3]! - times[2]!).toBeGreaterThan(0.045);
  });

  it("slowHeaders and notStreaming still answer in full", async () => {
    const slow = await ask(await start({ behaviour: { faults: [{ kind: "slowHeaders", seconds: 0.02 }] } }), usage);
    expect(events(slow.text).at(-1)).toMatchObject({ usage: { completion_tokens: 10 } });
    const whole = await ask(await start({ behaviour: { faults: [{ kind: "notStreaming" }] } }));
    expect(JSON.parse(whole.text)).toMatchObject({ usage: { completion_tokens: 10 } });
  });

  it("hit the share of requests that the script says, the same ones with the same seed", async () => {
    const outcomes = async () => {
      const endpoint = await start({ seed: 9, behaviour: { faults: [{ kind: "serverError", rate: 0.3 }] } });
      for (let i = 0; i < 60; i++) await ask(endpoint, { max_tokens: 1 });
      return endpoint.log.all().map((e) => e.outcome);
    };
    const first = await outcomes();
    const failed = first.filter((o) => o === "serverError").length;
    expect(failed).toBeGreaterThan(6);
    expect(failed).toBeLessThan(32);
    expect(await outcomes()).toEqual(first);
  });

  it("leave no request counted as running, whatever happened to it", async () => {
    const endpoint = await start({ server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" }, fixed: undefined });
    for (const kind of ["reset", "cut", "truncatedUtf8", "errorMidStream", "noDone", "stall"])
      await ask(endpoint, {}, { "x-simulate-fault": `${kind};after=2;seconds=0.01` });
    const settings = JSON.parse((await raw(`${endpoint.url}/control`)).text) as { state: object };
    expect(settings.state).toMatchObject({ running: 0, waiting: 0 });
    expect(endpoint.log.all().every((e) => e.outcome !== "open")).toBe(true);
  });

  it("a client that leaves frees its place", async () => {
    const endpoint = await start({ server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" }, fixed: undefined });
    const stop = new AbortController();
    const body = JSON.stringify({
      messages: [{ role: "user", content: "hi" }],
      max_tokens: 5000,
      ignore_eos: true,
      stream: true,
    });
    const response = await fetch(`${endpoint.url}/v1/chat/completions`, { method: "POST", body, signal: stop.signal });
    await response.body!.getReader().read();
    stop.abort();
    await expect
      .poll(
        async () =>
          (JSON.parse((await raw(`${endpoint.url}/control`)).text) as { state: { running: number } }).state.running,
      )
      .toBe(0);
    expect(endpoint.log.all()[0]!.outcome).toBe("aborted");
  });
});

describe("/metrics", () => {
  it("counts what usage counts, under vLLM's names", async () => {
    const endpoint = await start({ fixed: undefined });
    let generated = 0;
    let prompt = 0;
    for (const max_tokens of [3, 8, 21]) {
      const answer = JSON.parse((await ask(endpoint, { stream: false, max_tokens, ignore_eos: true })).text) as {
        usage: Record<string, number>;
      };
      generated += answer.usage.completion_tokens!;
      prompt += answer.usage.prompt_tokens!;
    }
    const { text } = await raw(`${endpoint.url}/metrics`);
    const value = (name: string) => Number(new RegExp(`^vllm:${name}\\{[^}]*\\} (.*)$`, "m").exec(text)?.[1]);
    expect(value("generation_tokens_total")).toBe(generated);
    expect(value("prompt_tokens_total")).toBe(prompt);
    expect(value("time_to_first_token_seconds_count")).toBe(3);
    expect(value("num_requests_running")).toBe(0);
  });

  it("sees a repeated prompt in the prefix cache", async () => {
    const endpoint = await start({
      fixed: undefined,
      server: { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler: { enablePrefixCaching: true } },
    });
    const messages = [{ role: "user", content: "a long shared beginning ".repeat(40) }];
    const cached = async () => {
      const { usage } = JSON.parse((await ask(endpoint, { stream: false, messages })).text) as {
        usage: { prompt_tokens_details: { cached_tokens: number } };
      };
      return usage.prompt_tokens_details.cached_tokens;
    };
    expect(await cached()).toBe(0);
    expect(await cached()).toBeGreaterThan(100);
  });
});

describe("/control", () => {
  const change = (endpoint: SimulatedEndpoint, body: object, headers: Record<string, string> = {}) =>
    raw(`${endpoint.url}/control`, { method: "POST", headers, body: JSON.stringify(body) });

  it("changes behaviour and pace while it runs", async () => {
    const endpoint = await start();
    const answer = await change(endpoint, {
      behaviour: { dialect: "ollama", tokensPerChunk: 2 },
      fixed: { ttft: 0.001, itl: 0.002 },
      timeScale: 2,
    });
    expect(JSON.parse(answer.text)).toMatchObject({
      behaviour: { dialect: "ollama", tokensPerChunk: 2 },
      pace: { fixed: { itl: 0.002 } },
      timeScale: 2,
    });
    expect((await ask(endpoint)).text).toContain("fp_ollama");
  });

  it("refuses what it does not know, naming the field, and changes nothing", async () => {
    const endpoint = await start();
    const answer = await change(endpoint, { behaviour: { dialect: "klingon" } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("dialect");
    const badServer = await change(endpoint, { server: { model: "no-such-model" } });
    expect(badServer.status).toBe(400);
    expect(JSON.parse((await raw(`${endpoint.url}/control`)).text)).toMatchObject({
      behaviour: { dialect: "vllm" },
      pace: { fixed: { ttft: 0.002 } },
    });
  });

  it("takes nothing from a page of another site", async () => {
    const endpoint = await start();
    expect((await change(endpoint, {}, { origin: "https://evil.example" })).status).toBe(403);
    expect((await change(endpoint, {}, { origin: "null" })).status).toBe(403);
    expect((await change(endpoint, {}, { origin: "http://127.0.0.1:4321" })).status).toBe(200);
  });
});

describe("what pages may do", () => {
  it("any page may read answers and timings; the preflight lasts and names Authorization", async () => {
    const endpoint = await start();
    const preflight = await raw(`${endpoint.url}/v1/chat/completions`, {
      method: "OPTIONS",
      headers: { origin: "https://course.example", "access-control-request-headers": "authorization,content-type" },
    });
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "authorization,content-type",
      "access-control-max-age": "7200",
    });
    expect((await ask(endpoint)).headers["timing-allow-origin"]).toBe("*");
  });

  it("a name that DNS could rebind is refused", async () => {
    const endpoint = await start();
    const answer = await raw(`${endpoint.url}/v1/models`, { headers: { host: `evil.example:${endpoint.port}` } });
    expect(answer.status).toBe(403);
  });

  it("a body beyond the cap is refused unread", async () => {
    const endpoint = await start();
    const answer = await raw(`${endpoint.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-length": "99000000" },
    });
    expect(answer.status).toBe(413);
  });
});

describe("in a thread", () => {
  it("serves, and says when its port is taken", async () => {
    const thread = await startSimulatedThread({ fixed: { ttft: 0.001, itl: 0.001 } });
    try {
      expect(events((await ask(thread)).text).length).toBeGreaterThan(10);
      await expect(startSimulatedThread({ port: thread.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    } finally {
      await thread.close();
    }
  });
});

describe("the context limit", () => {
  const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler: { maxModelLen: 64 } };

  it("is the server's maxModelLen: what cannot fit is refused as a bad request, what just fits is served", async () => {
    const endpoint = await start({ fixed: undefined, server, timeScale: 100 });
    const models = JSON.parse((await raw(`${endpoint.url}/v1/models`)).text) as { data: { max_model_len: number }[] };
    expect(models.data[0]?.max_model_len).toBe(64);
    const messages = [{ role: "user", content: "one two three" }];
    const { usage } = JSON.parse((await ask(endpoint, { messages, stream: false, max_tokens: 1 })).text) as {
      usage: { prompt_tokens: number };
    };
    const room = 64 - usage.prompt_tokens;
    const refused = await ask(endpoint, { messages, max_tokens: room + 1 });
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { type: "BadRequestError", code: 400 } });
    expect(refused.text).toContain("65 were asked for");
    const served = await ask(endpoint, { messages, stream: false, max_tokens: room, ignore_eos: true });
    expect(JSON.parse(served.text)).toMatchObject({ usage: { completion_tokens: room } });
  });

  it("counts every KV block, so that a request which could never be scheduled is refused and does not wait for ever", async () => {
    const tiny = { ...server, scheduler: { numGpuBlocks: 4 } } as never;
    const endpoint = await start({ fixed: undefined, server: tiny, timeScale: 100 });
    expect((await ask(endpoint, { max_tokens: 4 * 16 })).status).toBe(400);
  });
});

describe("starting", () => {
  it.each([
    [{ fixed: { ttft: 0.1, tpot: 0.02 } }, "fixed"],
    [{ fixed: { ttft: Number.NaN, itl: 0.02 } }, "fixed.ttft"],
    [{ timeScale: 0 }, "timeScale"],
    [{ behaviour: { tokensPerChunk: 0 } }, "tokensPerChunk"],
    [{ fixed: undefined, server: { model: "no-such", gpu: "h100-sxm-80" } }, "model"],
  ])("with %o is refused by an InputError that names %s", async (options, field) => {
    await expect(startSimulatedEndpoint(options as never)).rejects.toMatchObject({
      name: "InputError",
      message: expect.stringContaining(field) as string,
    });
  });
});
