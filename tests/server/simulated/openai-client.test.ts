import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../../src/server/simulated/endpoint.ts";
import { dialectNames } from "../../../src/server/wire/dialects.ts";
import { encode } from "../../../src/server/simulated/tokens.ts";

let endpoint: SimulatedEndpoint;
let client: OpenAI;
const model = "llama-3.1-8b";
const messages = [{ role: "user" as const, content: "Why is the sky blue?" }];

beforeAll(async () => {
  endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0.002, itl: 0.001 }, apiKey: "sk-test" });
  client = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: "sk-test", maxRetries: 0 });
});
afterAll(() => endpoint.close());

describe("the official openai client against the simulated endpoint", () => {
  it("lists the models", async () => {
    const ids = [];
    for await (const m of client.models.list()) ids.push(m.id);
    expect(ids).toEqual([model]);
  });

  it("gets a whole answer whose usage counts its tokens", async () => {
    const answer = await client.chat.completions.create({ model, messages, max_tokens: 12 });
    expect(answer.choices[0]!.finish_reason).toBe("length");
    expect(answer.usage!.completion_tokens).toBe(12);
    expect(encode(answer.choices[0]!.message.content!).length).toBe(12);
    expect(answer.usage!.total_tokens).toBe(answer.usage!.prompt_tokens + 12);
  });

  it("takes max_completion_tokens as well", async () => {
    const answer = await client.chat.completions.create({ model, messages, max_completion_tokens: 5 });
    expect(answer.usage!.completion_tokens).toBe(5);
  });

  it.each(dialectNames)("streams in the words of %s, text and usage equal to the whole answer's", async (dialect) => {
    const one = await startSimulatedEndpoint({ fixed: { ttft: 0.001, itl: 0.001 }, behaviour: { dialect } });
    try {
      const openai = new OpenAI({ baseURL: `${one.url}/v1`, apiKey: "any", maxRetries: 0 });
      const ask = { model, messages, max_tokens: 9, seed: 3 };
      const whole = await openai.chat.completions.create(ask);
      const stream = await openai.chat.completions.create({
        ...ask,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = "";
      let finish: string | null = null;
      let usage: OpenAI.CompletionUsage | null | undefined;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? "";
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      expect(text).toBe(whole.choices[0]!.message.content);
      expect(finish).toBe("length");
      expect(usage?.completion_tokens).toBe(9);
      expect(usage?.prompt_tokens).toBe(whole.usage!.prompt_tokens);
    } finally {
      await one.close();
    }
  });

  it("streams text completions", async () => {
    const stream = await client.completions.create({ model, prompt: "Once upon", max_tokens: 7, stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.text ?? "";
    expect(encode(text).length).toBe(7);
  });

  it("ends at a stop string, without it", async () => {
    const whole = await client.chat.completions.create({ model, messages, max_tokens: 30, seed: 8 });
    const words = whole.choices[0]!.message.content!.split(" ");
    const stop = ` ${words[5]!} `;
    const cut = await client.chat.completions.create({ model, messages, max_tokens: 30, seed: 8, stop });
    expect(cut.choices[0]!.finish_reason).toBe("stop");
    const at = whole.choices[0]!.message.content!.indexOf(stop);
    expect(cut.choices[0]!.message.content).toBe(whole.choices[0]!.message.content!.slice(0, at));
    expect(cut.usage!.completion_tokens).toBeLessThan(30);
  });

  it("answers a wrong key, a wrong model and a bad field with the status the client has an error for", async () => {
    const stranger = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: "sk-wrong", maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(client.chat.completions.create({ model: "gpt-9", messages })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    const bad = client.chat.completions.create({ model, messages, max_tokens: 0 });
    await expect(bad).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(client.chat.completions.create({ model, messages, max_tokens: 0 })).rejects.toThrow(/max_tokens/);
  });

  it("hands the client a 429 with its Retry-After, and a 503", async () => {
    const failing = (kind: string) =>
      client.chat.completions.create({ model, messages }, { headers: { "x-simulate-fault": `${kind};seconds=7` } });
    const limited = await failing("tooManyRequests").catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
    expect((limited as InstanceType<typeof OpenAI.RateLimitError>).headers?.get("retry-after")).toBe("7");
    await expect(failing("loading")).rejects.toMatchObject({ status: 503 });
    await expect(failing("serverError")).rejects.toBeInstanceOf(OpenAI.InternalServerError);
  });
});
