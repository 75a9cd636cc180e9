/** How the warm-up learns to write prompts of the length that a workload asks for. */
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { measureFromNode } from "../../src/endpoint/node/measure-from-node.ts";
import type { EndpointTarget } from "../../src/endpoint/endpoint-target.ts";
import { littleServer, type LittleServer } from "./fixtures/little-server.ts";

/** This server's truth: two tokens and a half a word, and a template of 17. */
const tokensOf = (content: string): number => 17 + Math.round(2.5 * content.split(" ").length);
const KEY = "sk-warm-up-1";

interface Kind {
  readonly usage: boolean;
  /** What /tokenize says; undefined: no such path. */
  readonly tokenize?: (content: string) => unknown;
}

function server({ usage, tokenize }: Kind): Promise<LittleServer> {
  return littleServer((req, res, body) => {
    if (req.method === "GET") return void res.writeHead(404).end();
    const asked = JSON.parse(body) as { messages: { content: string }[] };
    const content = asked.messages[0]!.content;
    if (req.url === "/tokenize")
      return void (tokenize ? res.end(JSON.stringify(tokenize(content))) : res.writeHead(404).end("{}"));
    answer(res, usage ? tokensOf(content) : undefined);
  });
}

function answer(res: ServerResponse, prompt: number | undefined): void {
  res.writeHead(200, { "content-type": "text/event-stream" });
  const events: unknown[] = [{ choices: [{ delta: { content: "x" }, finish_reason: "length" }] }];
  if (prompt !== undefined) events.push({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: 1 } });
  res.end(`${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`);
}

/** Token counts of the run's own prompts, by the server's truth, and what was asked on the way. */
async function promptsOf(
  kind: Kind,
  options: { warmup?: number } = {},
): Promise<{ lengths: number[]; probes: number }> {
  const little = await server(kind);
  const target: EndpointTarget = { label: "t", baseUrl: little.url, model: "m", key: KEY };
  const requests = 6;
  await measureFromNode(
    target,
    {
      arrivals: { kind: "closed", users: 1 },
      prompt: { kind: "fixed", value: 200 },
      output: { kind: "fixed", value: 1 },
      requests,
    },
    options,
  );
  await little.close();
  const chats = little.seen.filter(({ path }) => path === "/v1/chat/completions");
  const tokenized = little.seen.filter(({ path }) => path === "/tokenize");
  expect(tokenized.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
  const lengths = chats
    .slice(-requests)
    .map(({ body }) => tokensOf((JSON.parse(body) as { messages: { content: string }[] }).messages[0]!.content));
  return { lengths, probes: chats.length - requests };
}

const right = (lengths: readonly number[]): boolean => lengths.every((n) => Math.abs(n - 200) <= 2);

describe("prompts are as long as asked", () => {
  test("by the server's tokenizer, with one probe, even where answers carry no usage", async () => {
    const { lengths, probes } = await promptsOf({ usage: false, tokenize: (text) => ({ count: tokensOf(text) }) });
    expect(right(lengths), lengths.join(" ")).toBe(true);
    expect(probes).toBe(1);
  });

  test.each([
    ["there is no tokenizer to ask", undefined],
    ["it is llama.cpp's, which takes no messages", () => ({ tokens: [] })],
    ["it disagrees with what is billed", (text: string) => ({ count: tokensOf(text) - 9 })],
    ["it answers nonsense", () => null],
  ])("by two answers' usage where %s", async (_, tokenize) => {
    const { lengths, probes } = await promptsOf({ usage: true, ...(tokenize && { tokenize }) });
    expect(right(lengths), lengths.join(" ")).toBe(true);
    expect(probes).toBe(2);
  });

  test("not without a warm-up: then nothing is asked beforehand", async () => {
    const { lengths, probes } = await promptsOf(
      { usage: true, tokenize: (text) => ({ count: tokensOf(text) }) },
      { warmup: 0 },
    );
    expect(right(lengths)).toBe(false);
    expect(probes).toBe(0);
  });
});
