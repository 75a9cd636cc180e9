/** What a run can tell of the streams that people bring, and what it can't. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definitions } from "../../src/engine/metrics/definitions/definitions.ts";
import { goodput } from "../../src/engine/metrics/goodput.ts";
import { fromJsonl, toJsonl } from "../../src/engine/metrics/interchange/jsonl.ts";
import { summarize } from "../../src/engine/metrics/summarize.ts";
import { statuses, tokenSources, type Run } from "../../src/engine/run.ts";
import { reportOf } from "../../src/endpoint/report/run-report.ts";
import { printed } from "../../src/server/commands/report.ts";
import { kept, replay } from "./fixtures/replay.ts";

const ms = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;
const sse = (...events: readonly unknown[]): string =>
  [...events.map((event) => JSON.stringify(event)), "[DONE]"].map((data) => `data: ${data}\n\n`).join("");
const token = (content: string, more: object = {}): object => ({
  choices: [{ index: 0, delta: { content }, ...more }],
});
const usage = (completion: number, more: object = {}): object => ({
  choices: [],
  usage: { prompt_tokens: 20, completion_tokens: completion, ...more },
});
const stop = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const table = (run: Run, slo?: { ttft?: number }): string =>
  printed(reportOf(run, { percentiles: [50], ...(slo && { slo }) }), [50]);
const statusesOf = (run: Run): string[] => [...run.requests.status].map((status) => statuses[status]!);

describe("tokens that are counted and never seen", () => {
  test("TPOT is over the tokens that showed, output tokens are all that were counted", async () => {
    const run = await replay(kept("field-hidden-reasoning.sse"), { first: 2, gap: 0.02 });
    const summary = summarize(run);
    expect(ms(summary.tpot.mean)).toBe(20);
    expect(ms(summary.itl.mean)).toBe(20);
    expect([...run.requests.outputTokens]).toEqual([1011, 1011, 1011, 1011]);
    expect([...run.requests.visibleTokens!]).toEqual([11, 11, 11, 11]);
    expect(summary.approximate.join()).toMatch(/counted and never shown/);
    expect(summarize(run, { definition: "vllm" }).approximate.join()).toMatch(/this tool divides by them too/);
    expect(table(run)).toMatch(/44 of them shown/);
  });

  test("where nobody says how many are hidden, there is no TPOT", async () => {
    const run = await replay(sse(token("a"), token("b"), token("c"), stop, usage(500)));
    expect(summarize(run).tpot.n).toBe(0);
    expect(summarize(run).itl.n).toBe(0);
    expect(summarize(run).ttft.n).toBe(4);
    expect(summarize(run).icl.n).toBe(8);
    expect(summarize(run).approximate.join()).toMatch(/doesn't say how many it hid/);
    expect(() => goodput(run, { tpot: 1 })).toThrow(/did not measure tpot/);
  });

  test.each([
    ["reasoning beside the completion, in the total alone", { total_tokens: 123 }, 103, 3],
    ["reasoning at the top", { reasoning_tokens: 1, total_tokens: 23 }, 3, 2],
    ["rejected predictions", { completion_tokens_details: { rejected_prediction_tokens: 1 } }, 3, 2],
  ])("%s", async (_, more, output, visible) => {
    const run = await replay(sse(token("one"), token("two"), token("three"), stop, usage(3, more)));
    expect(run.requests.outputTokens[0]).toBe(output);
    expect(run.requests.visibleTokens![0]).toBe(visible);
  });

  test("reasoning that was shown is not taken off", async () => {
    const thought = { choices: [{ delta: { reasoning_content: "hm" } }] };
    const run = await replay(
      sse(thought, thought, token("a"), stop, usage(3, { completion_tokens_details: { reasoning_tokens: 2 } })),
    );
    expect(run.requests.visibleTokens![0]).toBe(3);
  });
});

describe("several tokens a chunk", () => {
  test("TPOT and ITL have one mean, and the table's gaps are between chunks", async () => {
    const run = await replay(kept("field-three-tokens-a-chunk.sse"), { gap: 0.009 });
    const summary = summarize(run);
    expect(ms(summary.itl.mean)).toBe(ms(summary.tpot.mean));
    expect(ms(summary.icl.mean)).toBe(9);
    expect(summary.tokensPerChunk).toBe(3);
    const text = table(run);
    expect(text).toMatch(/between chunks/);
    expect(text).not.toMatch(/ITL/);
    expect(text).toMatch(/3\.00 tokens a chunk/);
  });

  test("tokens of chunks add up to the tokens that showed, however they divide", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 60 }), async (chunks, more) => {
        const events = Array.from({ length: chunks }, (_, i) => token(`${"a word ".repeat(9)}${i}`));
        const run = await replay(sse(...events, stop, usage(chunks + more)), { requests: 1 });
        expect(run.chunks!.tokens.reduce((sum, n) => sum + n, 0)).toBe(chunks + more);
      }),
      { numRuns: 40, examples: [[26, 37]] },
    );
  });
});

describe("what a buffered answer can't tell", () => {
  const sayings: readonly (readonly [string, () => Promise<Run>, RegExp])[] = [
    [
      "in one piece",
      () => replay(kept("field-three-tokens-a-chunk.sse"), { first: 1, onePiece: true }),
      /in one piece/,
    ],
    [
      "asked for whole",
      () =>
        replay(
          JSON.stringify({
            choices: [{ message: { content: "three tokens here" }, finish_reason: "stop" }],
            usage: { prompt_tokens: 20, completion_tokens: 15 },
          }),
          { first: 1, whole: true },
        ),
      /whole answers were asked for/,
    ],
    [
      "one document where a stream was asked for",
      () =>
        replay(
          JSON.stringify({
            choices: [{ message: { content: "three tokens here" }, finish_reason: "stop" }],
            usage: { prompt_tokens: 20, completion_tokens: 15 },
          }),
          { first: 1, onePiece: true },
        ),
      /in one piece/,
    ],
  ];

  test.each(sayings)(
    "an answer %s has no TTFT, TPOT or ITL under any definition, and says so",
    async (_, load, words) => {
      const run = await load();
      expect(statusesOf(run)).toEqual(Array(4).fill("succeeded"));
      for (const definition of definitions) {
        const summary = summarize(run, { definition });
        expect([definition, summary.ttft.n, summary.itl.n, summary.icl.n]).toEqual([definition, 0, 0, 0]);
        // GuideLLM's TPOT is the latency over all tokens, which a buffered answer does tell.
        if (definition !== "guidellm") expect([definition, summary.tpot.n]).toEqual([definition, 0]);
        expect(summary.e2e.n).toBe(4);
        expect(summary.outputTokensPerSecond).toBeGreaterThan(0);
        expect(() => goodput(run, { ttft: 0.001 }, { definition })).toThrow(/did not measure ttft/);
      }
      expect(summarize(run).approximate.join()).toMatch(words);
      expect(goodput(run, { e2e: 2 }).attainment).toBe(1);
      const text = table(run, { ttft: 0.001 });
      expect(text).toMatch(words);
      expect(text).toMatch(/no goodput/);
      expect(text).not.toMatch(/within the SLO/);
      const report = JSON.parse(JSON.stringify(reportOf(run, { percentiles: [50], slo: { ttft: 1 } }))) as {
        times: Record<string, Record<string, number | null>>;
        goodput?: unknown;
      };
      for (const name of ["ttft", "tpot", "itl", "icl"])
        expect(report.times[name]).toEqual({ n: 0, mean: null, p50: null });
      expect(report.goodput).toBeUndefined();
    },
  );

  test("an answer of one token is no buffered answer", async () => {
    const run = await replay(sse(token("a", { finish_reason: "length" }), usage(1)), { onePiece: true, first: 1 });
    expect(summarize(run).ttft.n).toBe(4);
    expect(ms(summarize(run).ttft.mean)).toBe(1000);
  });

  test("one short answer in one piece among streams keeps its TTFT, and a long one loses it", async () => {
    const few = sse(token("a"), token("b"), stop, usage(2));
    const joined = (events: string): string => events.replaceAll("\n\ndata: {", "\ndata: {");
    const short = await replay((i) => (i === 1 ? joined(few) : few));
    expect(summarize(short).ttft.n).toBe(4);
    expect(summarize(short).tpot.n).toBe(3);
    const many = sse(...Array.from({ length: 20 }, (_, i) => token(`t${i}`)), stop, usage(20));
    const long = await replay((i) => (i === 1 ? joined(many) : many));
    expect(summarize(long).ttft.n).toBe(3);
    expect(long.measurement!.onePiece).toBe(1);
    // A bound on what one request could not tell is missed by it.
    expect(goodput(long, { ttft: 9 }).attainment).toBe(0.75);
  });
});

describe("a stream that ends properly and failed", () => {
  test.each(["field-finish-abort.sse", "field-finish-error.sse"])(
    "%s is failed, with the reason, and in no figure",
    async (name) => {
      const run = await replay(kept(name));
      expect(statusesOf(run)).toEqual(Array(4).fill("failed"));
      expect(run.failures![0]!.message).toMatch(/abort|error \(network_error\)/);
      const summary = summarize(run);
      expect([summary.ttft.n, summary.e2e.n, summary.outputTokensPerSecond]).toEqual([0, 0, 0]);
    },
  );

  const finish = (reason: string): string => sse(token("a"), token("b", { finish_reason: reason }), usage(2));
  test.each(
    "stop length tool_calls function_call eos_token end_turn max_tokens STOP MAX_TOKENS COMPLETE stop_sequence something_new".split(
      " ",
    ),
  )("the reason %s is that of an answer", async (reason) => {
    expect(statusesOf(await replay(finish(reason)))).toEqual(Array(4).fill("succeeded"));
  });
  test.each(
    "abort aborted error content_filter SAFETY RECITATION ERROR_TOXIC ERROR_LIMIT insufficient_system_resource network_error cancelled timeout sensitive PROHIBITED_CONTENT MALFORMED_FUNCTION_CALL refusal".split(
      " ",
    ),
  )("the reason %s is that of none", async (reason) => {
    const run = await replay(finish(reason));
    expect(statusesOf(run)).toEqual(Array(4).fill("failed"));
    expect(run.failures![0]!.message).toContain(reason);
  });

  test("an error inside a choice, and one in a list, are failures", async () => {
    for (const event of [
      { choices: [{ delta: { content: "" }, error: { code: 502, message: "Upstream is gone" } }] },
      [{ error: { message: "Upstream is gone" } }],
      { type: "error", error: { type: "overloaded_error", message: "Upstream is gone" } },
      { object: "error", message: "Upstream is gone", code: 500 },
      { errors: [{ detail: "Upstream is gone" }] },
    ]) {
      const run = await replay(sse(token("a"), event));
      expect(statusesOf(run)).toEqual(Array(4).fill("failed"));
      expect(run.failures![0]!.message).toContain("Upstream is gone");
    }
  });

  test("a page under status 200 is quoted", async () => {
    const run = await replay("<html><head><title>x</title></head><body><h1>Gateway sign-in</h1></body></html>", {
      headers: { "content-type": "text/html" },
    });
    expect(run.failures![0]!.message).toContain("Gateway sign-in");
  });
});

describe("where the text of a delta can lie", () => {
  const content = 4;
  const reasoning = 8;
  const tool = 16;
  test.each([
    ["content", { content: "x" }, content],
    ["content of parts", { content: [{ type: "text", text: "x" }] }, content],
    [
      "a thinking part with parts",
      { content: [{ type: "thinking", thinking: [{ type: "text", text: "x" }] }] },
      reasoning,
    ],
    ["a thinking part with text", { content: [{ type: "thinking", thinking: "x" }] }, reasoning],
    ["a reasoning part", { content: [{ type: "reasoning", text: "x" }] }, reasoning],
    ["reasoning", { content: null, reasoning: "x" }, reasoning],
    ["reasoning_content", { reasoning_content: "x" }, reasoning],
    ["reasoning_text", { reasoning_text: "x" }, reasoning],
    ["reasoning_details", { content: "", reasoning_details: [{ type: "reasoning.text", text: "x" }] }, reasoning],
    ["a summary of reasoning", { reasoning_details: [{ type: "reasoning.summary", summary: "x" }] }, reasoning],
    ["thinking blocks", { thinking: "x" }, reasoning],
    ["a refusal", { content: null, refusal: "x" }, content],
    ["a part that refuses", { content: [{ type: "refusal", refusal: "x" }] }, content],
    ["text", { text: "x" }, content],
    ["output_text", { content: [{ type: "output_text", text: "x" }] }, content],
    ["a tool call", { tool_calls: [{ index: 0, function: { arguments: "{" } }] }, tool],
    ["a tool call that is no list", { tool_calls: { index: 0, function: { arguments: "{" } } }, tool],
    ["a function call", { function_call: { arguments: "{" } }, tool],
    ["a tool part", { content: [{ type: "tool_use", name: "f", input: {} }] }, tool],
    ["the transcript of sound", { audio: { id: "a", transcript: "x" } }, content],
    ["sound", { audio: { id: "a", data: "UklGRg==" } }, content],
    ["a bare text", "x", content],
  ])("%s", async (_, delta, kind) => {
    const run = await replay(
      sse({ choices: [{ delta: { role: "assistant", content: "" } }] }, { choices: [{ delta }] }, stop),
      { requests: 1 },
    );
    expect(statusesOf(run)).toEqual(Array(1).fill("succeeded"));
    expect(ms(run.requests.first[0]! - run.requests.started[0]!)).toBe(20);
    expect(run.chunks!.kind[1]! & (content | reasoning | tool)).toBe(kind);
  });

  test.each([
    ["an encrypted thought", { reasoning_details: [{ type: "reasoning.encrypted", data: "Zm9v" }] }],
    ["a signature", { thinking_signature: "Zm9v" }],
    ["a role", { role: "assistant" }],
    ["empty parts", { content: [], tool_calls: [] }],
  ])("%s is no token", async (_, delta) => {
    const run = await replay(sse({ choices: [{ delta }] }, token("x"), stop));
    expect(ms(run.requests.first[0]! - run.requests.started[0]!)).toBe(20);
  });
});

describe("counts that the server did not give", () => {
  test("are marked in the run, the table and the object", async () => {
    const run = await replay(sse(token("a b c"), token("d e f"), token("g h i"), stop));
    expect(tokenSources[run.requests.tokenSource[0]!]).toBe("chunks");
    expect(tokenSources[run.requests.promptSource![0]!]).toBe("asked");
    const report = reportOf(run, { percentiles: [50] });
    expect(report.guessed).toEqual({ prompt: "asked", output: "chunks" });
    expect(report.notes.join("; ")).toMatch(/chunks were counted as tokens.*length that was asked for stands in/s);
    const text = printed(report, [50]);
    expect(text).toMatch(/≈ [\d.]+ output tokens\/s/);
    expect(text).toMatch(/≈ [\d.]+ tokens\/s in all/);
    expect(text).toMatch(/≈ TPOT/);
    expect(text).toMatch(/prompt tokens not counted by the server \(asked 80\)/);
  });

  test("of whole answers are not guessed at all", async () => {
    const answer = JSON.stringify({ choices: [{ message: { content: "many words" }, finish_reason: "stop" }] });
    const report = reportOf(await replay(answer, { whole: true, first: 1 }), { percentiles: [50] });
    expect([report.outputTokensPerSecond, report.totalTokensPerSecond]).toEqual([null, null]);
    expect(printed(report, [50])).toMatch(/– output tokens\/s/);
  });

  test("survive our own file", async () => {
    const run = await replay(kept("field-hidden-reasoning.sse"));
    const { promptSource, visibleTokens } = fromJsonl(toJsonl(run)).requests;
    expect({ promptSource, visibleTokens }).toEqual({
      promptSource: run.requests.promptSource,
      visibleTokens: run.requests.visibleTokens,
    });
  });
});

describe("headers with two forms", () => {
  test.each([
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, "wait until Wed, 21 Oct 2026 07:28:00 GMT."],
    [{ "retry-after": "7" }, "wait 7 s."],
    [{ "retry-after": "1.5" }, "wait 1.5 s."],
    [{ "retry-after-ms": "1500", "retry-after": "2" }, "wait 1.5 s."],
  ])("%o", async (headers, words) => {
    const run = await replay("", { status: 429, headers: headers as Record<string, string>, onePiece: true });
    expect(run.failures![0]!.message).toContain(words);
    expect(statusesOf(run)).toEqual(Array(4).fill("refused"));
  });

  test("that are neither are not repeated", async () => {
    const run = await replay("", { status: 503, headers: { "retry-after": "soon" }, onePiece: true });
    expect(run.failures![0]!.message).not.toMatch(/asks you/);
  });
});

describe("error bodies of every shape give the server's own sentence", () => {
  const words = "Max tokens is too large";
  test.each([
    ["a list of one error (Google)", kept("google-error-list.json"), 'Unknown name "min_tokens": Cannot find field.'],
    ["an object", { error: { message: words, type: "x", code: 400 } }, words],
    ["a text under error", { error: words }, words],
    ["a bare JSON text", words, words],
    ["a nested error", { error: { error: { message: words } } }, words],
    ["JSON inside a message", { error: { message: `{"error":{"message":"${words}"}}` } }, words],
    ["FastAPI's detail", { detail: words }, words],
    ["FastAPI's list", { detail: [{ loc: ["body", "max_tokens"], msg: words, type: "int" }] }, "(body.max_tokens)"],
    ["problem+json", { type: "about:blank", title: "Bad Request", status: 400, detail: words }, words],
    ["a message", { message: words }, words],
    ["errors", { errors: [{ message: words }] }, words],
    ["errors by field", { max_tokens: [words] }, words],
    ["errors of texts", { errors: [words] }, words],
    ["other capitals", { Message: words }, words],
    ["a fault", { fault: { faultstring: words } }, words],
    ["an event", `data: {"error":{"message":"${words}"}}\n\n`, words],
    ["HTML", `<html><head><title>t</title></head><body><h1>${words}</h1><hr>nginx</body></html>`, words],
    ["XML", `<?xml version="1.0"?><Error><Code>X</Code><Message>${words}</Message></Error>`, words],
    ["plain text", words, words],
    ["cut off", `{"error":{"message":"${words}","trace":"${"x".repeat(6000)}`, words],
  ])("%s", async (_, body, expected) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const run = await replay(text, { status: 400, onePiece: true });
    expect(run.failures![0]!.message).toContain(expected);
    expect(run.failures![0]!.message.length).toBeLessThan(300);
  });

  test("and an empty one none", async () => {
    const run = await replay("", { status: 400, onePiece: true });
    expect(run.failures![0]!.message).toBe("The server answered 400. The server's log will say more.");
  });
});

test("no number of a request that did not succeed gets into a figure", async () => {
  const good = sse(token("a"), token("b"), stop, usage(2));
  const bad = sse(token("a"), token("b", { finish_reason: "abort" }), usage(9000));
  const alone = summarize(await replay(good, { requests: 2 }));
  const mixed = summarize(await replay((i) => (i % 2 === 0 ? good : bad), { requests: 4 }));
  expect(mixed.succeeded).toBe(2);
  expect(mixed.tpot.mean).toBeCloseTo(alone.tpot.mean, 9);
  expect(mixed.outputTokensPerSecond * mixed.duration).toBeCloseTo(4, 9);
});
