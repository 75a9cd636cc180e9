/** What the simulated endpoint can't do it refuses, in OpenAI's shape and in words; what clients look for besides, it has. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../../src/server/simulated/endpoint.ts";
import { tokenizerJson } from "../../../src/server/simulated/tokenizer-files.ts";
import { eachToken } from "../../../src/server/simulated/tokens.ts";
import { words } from "../../../src/engine/benchmark/words.ts";
import { Random } from "../../../src/engine/random.ts";
import { events, raw } from "../http.ts";

let endpoint: SimulatedEndpoint;
beforeAll(async () => {
  endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0, itl: 0.0005 }, model: "org/m", log: () => {} });
});
afterAll(() => endpoint.close());

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  raw(endpoint.url + path, { method: "POST", headers, body: JSON.stringify(body) });
const chat = { messages: [{ role: "user", content: "x" }], max_tokens: 2 };
const said = (text: string) => (JSON.parse(text) as { error: { message: string; code: number } }).error;

describe("a request for what it can't do", () => {
  it.each([
    [{ n: 2 }, "n is 2; it must be 1"],
    [{ logprobs: true }, "no log probabilities"],
    [{ top_logprobs: 3 }, "no log probabilities"],
    [{ tools: [], tool_choice: "required" }, "calls no tools"],
    [{ tool_choice: { type: "function", function: { name: "f" } } }, "calls no tools"],
    [{ response_format: { type: "json_object" } }, "no grammar or schema"],
    [{ structured_outputs: { json: {} } }, "no grammar or schema"],
    [{ temperature: -1 }, "temperature is -1; it must be at least 0"],
    [{ max_tokens: 0 }, "max_tokens is 0; it must be at least 1"],
    [{ max_tokens: "many" }, 'max_tokens is "many"; it must be a number'],
    [{ stop: 5 }, "stop is 5; it must be a text or a list"],
    [{ messages: "x" }, 'messages is "x"; it must be a list'],
    [{ messages: [] }, "it must be a list of at least 1"],
  ])("is refused in words: %j", async (extra, words) => {
    const { status, text } = await post("/v1/chat/completions", { ...chat, ...extra });
    expect(status).toBe(400);
    expect(said(text).message).toContain(words);
    expect(text).not.toMatch(/Invalid input|Too small|expected/);
  });

  it.each([[{ echo: true }], [{ prompt: ["a", "b"] }], [{ best_of: 2 }], [{ suffix: "end" }], [{ logprobs: 1 }]])(
    "of plain completions, too: %j",
    async (extra) => {
      expect((await post("/v1/completions", { prompt: "a", max_tokens: 2, ...extra })).status).toBe(400);
    },
  );

  it("but not what asks for nothing", async () => {
    const nothing = {
      n: 1,
      logprobs: false,
      tools: [],
      tool_choice: "auto",
      response_format: { type: "text" },
      stop: null,
    };
    expect((await post("/v1/chat/completions", { ...chat, ...nothing })).status).toBe(200);
    expect((await post("/v1/completions", { prompt: ["a"], max_tokens: 1, echo: false })).status).toBe(200);
  });
});

describe("clients find what they look for", () => {
  it.each(["/health", "/ping", "/load", "/version", "/metrics", "/v1/models", "/v1/models/org/m"])(
    "GET and HEAD %s",
    async (path) => {
      const get = await raw(endpoint.url + path);
      const head = await raw(endpoint.url + path, { method: "HEAD" });
      expect([get.status, head.status, head.text]).toEqual([200, 200, ""]);
    },
  );

  it("an unknown model, path and method in words", async () => {
    expect(said((await raw(`${endpoint.url}/v1/models/other`)).text).message).toContain('"other" does not exist');
    expect(said((await post("/v1/embeddings", {})).text)).toMatchObject({
      code: 404,
      message: "there is no /v1/embeddings here",
    });
    const wrong = await raw(`${endpoint.url}/v1/chat/completions`);
    expect([wrong.status, wrong.headers.allow]).toEqual([405, "POST"]);
  });

  it("compressed bodies are read, and wrong ones refused", async () => {
    const url = `${endpoint.url}/v1/chat/completions`;
    const headers = { "content-encoding": "gzip" };
    expect((await raw(url, { method: "POST", headers, body: gzipSync(JSON.stringify(chat)) })).status).toBe(200);
    expect((await raw(url, { method: "POST", headers, body: JSON.stringify(chat) })).status).toBe(400);
    expect((await post("/v1/chat/completions", chat, { "content-encoding": "zip" })).status).toBe(415);
    // Forty kilobytes that would be forty megabytes.
    const bomb = gzipSync(Buffer.alloc(40e6));
    expect((await raw(url, { method: "POST", headers, body: bomb })).status).toBe(413);
  });

  it("continuous usage is in the role's chunk, too", async () => {
    const stream = { stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } };
    const [role] = events((await post("/v1/chat/completions", { ...chat, ...stream })).text);
    expect(role!.usage).toMatchObject({ completion_tokens: 0, prompt_tokens: 8 });
  });
});

describe("tokenizer.json", () => {
  const { pre_tokenizer, model } = tokenizerJson() as {
    pre_tokenizer: { pattern: { Regex: string } };
    model: { vocab: Record<string, number> };
  };
  // Onigmo's way to write characters, in JavaScript's.
  const pattern = new RegExp(pre_tokenizer.pattern.Regex.replace(/\\x\{([0-9a-f]+)\}/g, "\\u{$1}"), "gu");

  it("cuts every text into as many tokens as the endpoint counts", () => {
    const random = new Random(7);
    const pool = [
      "a",
      "Z",
      "0",
      " ",
      "\n",
      "\t",
      "\x0b",
      "\x1c",
      "\x7f",
      "é",
      "\u0080",
      "\u07ff",
      "\u0800",
      "水",
      "😀",
      "word",
      " the",
    ];
    for (let i = 0; i < 500; i++) {
      const text = Array.from({ length: random.integer(60) }, () => pool[random.integer(pool.length)]!).join("");
      const tokens = text.match(pattern) ?? [];
      expect(tokens.join("")).toBe(text);
      expect(tokens).toHaveLength(eachToken(text));
    }
  });

  it("knows the words of answers and of our own prompts, one token each", () => {
    for (const word of words) expect(model.vocab).toHaveProperty([` ${word}`]);
    for (const word of Object.keys(model.vocab).slice(5)) expect(eachToken(word)).toBe(1);
  });
});
