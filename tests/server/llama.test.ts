import { createHash } from "node:crypto";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLlamaEndpoint, type LlamaEndpoint } from "../../src/server/llama/endpoint.ts";
import { halfBits } from "../../src/endpoint/tiny-model/half.ts";
import { TINY_MODEL_NAME, tinyModel, tinyModelBytes } from "../../src/endpoint/tiny-model/tiny-model.ts";
import { tinyModelFile } from "../../src/server/llama/tiny-model-file.ts";
import { tinyVocabulary } from "../../src/endpoint/tiny-model/tiny-vocabulary.ts";
import { events, raw } from "./http.ts";

let endpoint: LlamaEndpoint;
beforeAll(async () => {
  endpoint = await startLlamaEndpoint({
    model: tinyModelFile(),
    name: TINY_MODEL_NAME,
    port: 0,
    sequences: 2,
    threads: 1,
    context: 512,
    apiKey: "sk-llama",
  });
});
afterAll(() => endpoint.close());

const headers = { authorization: "Bearer sk-llama" };
const ask = (body: object, path = "/v1/chat/completions") =>
  raw(`${endpoint.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
const chat = { messages: [{ role: "user", content: "tell me a story of the first token" }] };

describe("llama.cpp behind an OpenAI-compatible endpoint", () => {
  it("streams as many tokens as usage says, and as many as were asked for", async () => {
    const { text } = await ask({
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 24,
      ignore_eos: true,
    });
    const all = events(text);
    const contents = all.filter(
      (e) => e.choices[0]?.delta.content !== undefined && e.choices[0].delta.content !== null,
    );
    expect(contents).toHaveLength(24);
    expect(all.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 24 } });
    expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  it("counts prompt tokens as /tokenize does", async () => {
    const prompt = "the batch size is a bargain between latency and throughput";
    const answer = JSON.parse((await ask({ prompt, max_tokens: 1 }, "/v1/completions")).text) as {
      usage: { prompt_tokens: number };
    };
    const counted = JSON.parse((await ask({ prompt }, "/tokenize")).text) as { count: number; tokens: number[] };
    expect(answer.usage.prompt_tokens).toBe(counted.count);
    const back = JSON.parse((await ask({ tokens: counted.tokens }, "/detokenize")).text) as { content: string };
    expect(back.content.trim()).toBe(prompt);
  });

  it("decodes two requests in one batch: their tokens interleave, and neither changes the other", async () => {
    const body = { ...chat, stream: true, max_tokens: 40, ignore_eos: true };
    const order: number[] = [];
    const read = async (who: number) => {
      const response = await fetch(`${endpoint.url}/v1/chat/completions`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      let text = "";
      for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
        order.push(who);
        text += part;
      }
      return events(text)
        .map((e) => (e.choices[0]?.delta.content as string | undefined) ?? "")
        .join("");
    };
    const [a, b] = await Promise.all([read(0), read(1)]);
    const alone = await read(2);
    expect(a).toBe(alone);
    expect(b).toBe(alone);
    expect(order.indexOf(1)).toBeLessThan(order.lastIndexOf(0));
    expect(order.indexOf(0)).toBeLessThan(order.lastIndexOf(1));
  });

  it("lets a third request wait its turn, and serves it", async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask({ ...chat, max_tokens: 6, ignore_eos: true })),
    );
    for (const { text } of answers) expect(JSON.parse(text)).toMatchObject({ usage: { completion_tokens: 6 } });
  });

  it("works with the official client, and refuses a wrong key, a wrong model and a prompt that does not fit", async () => {
    const client = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: "sk-llama", maxRetries: 0 });
    const models = [];
    for await (const { id } of client.models.list()) models.push(id);
    expect(models).toEqual([TINY_MODEL_NAME]);
    const stranger = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: "no", maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const messages = [{ role: "user" as const, content: "word ".repeat(2000) }];
    await expect(client.chat.completions.create({ model: TINY_MODEL_NAME, messages })).rejects.toBeInstanceOf(
      OpenAI.BadRequestError,
    );
    await expect(client.chat.completions.create({ model: "other", messages })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
  });

  it("frees the sequence of a client that leaves", async () => {
    const stop = new AbortController();
    const body = JSON.stringify({ ...chat, stream: true, max_tokens: 400, ignore_eos: true });
    const response = await fetch(`${endpoint.url}/v1/chat/completions`, {
      method: "POST",
      headers,
      body,
      signal: stop.signal,
    });
    await response.body!.getReader().read();
    stop.abort();
    await expect
      .poll(async () => (await raw(`${endpoint.url}/metrics`)).text)
      .toContain("llamacpp:requests_processing 0");
  });
});

describe("the tiny model", () => {
  it("is the same file every time", () => {
    const hash = () => createHash("sha256").update(tinyModelBytes(tinyModel)).digest("hex");
    expect(hash()).toBe(hash());
  });

  it("has a vocabulary of the size it says, without doubles", () => {
    const { pieces, scores, types } = tinyVocabulary(2048);
    expect(new Set(pieces).size).toBe(2048);
    expect([scores.length, types.length]).toEqual([2048, 2048]);
  });

  it("rounds to half precision as IEEE 754 does", () => {
    const known: [number, number][] = [
      [0, 0x0000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [0.333251953125, 0x3555],
      [2 ** -24, 0x0001],
      [2 ** -14, 0x0400],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [1e6, 0x7c00],
    ];
    for (const [value, bits] of known) expect(halfBits(value)).toBe(bits);
  });
});
