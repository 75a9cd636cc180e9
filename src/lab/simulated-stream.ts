/** A streamed chat completion with known timing: what a lab reads when its target is simulated, and what checks grade a reader on. */
import { InputError } from "../engine/errors.ts";
import { createRandom } from "../engine/random.ts";
import type { TimedBytes } from "./context.ts";

/** How the server words its stream; every field is a habit of some real server. */
export interface StreamShape {
  /** A first chunk that carries only the role (vLLM, OpenAI). */
  roleChunk?: boolean;
  /** A chunk with empty content before the first token. */
  emptyChunk?: boolean;
  /** Tokens that share one chunk. Default 1. */
  tokensPerChunk?: number;
  /** Tokens sent as reasoning before the answer. */
  reasoningTokens?: number;
  /** Where the `usage` object comes, if at all. Default "last". */
  usage?: "first" | "last" | "none";
  /** Cut a multi-byte character in two. */
  splitUtf8?: boolean;
  /** Send an error object after this many tokens, and nothing more. */
  errorAfter?: number;
  /** Sigma of the lognormal that each gap is multiplied by. Default 0. */
  jitter?: number;
}

/** Seconds and tokens. */
export interface StreamTiming {
  readonly ttft: number;
  readonly tpot: number;
  readonly tokens: number;
  readonly promptTokens: number;
}

export interface StreamTruth {
  readonly ttft: number;
  readonly tpot: number;
  readonly tokens: number;
}

const words = [" the", " of", " cache", " token", " naïve", " batch", " – ", " µs", " prefill", " 42"];

/** Every chunk of the stream, and what a correct reader finds in it. */
export function composeStream(
  shape: StreamShape,
  timing: StreamTiming,
  seed: number,
): { readonly chunks: readonly TimedBytes[]; readonly truth: StreamTruth } {
  const perChunk = shape.tokensPerChunk ?? 1;
  if (!Number.isInteger(perChunk) || perChunk < 1)
    throw new InputError("tokensPerChunk", perChunk, "a whole number from 1");
  const random = createRandom(seed, "stream");
  const encoder = new TextEncoder();
  const chunks: TimedBytes[] = [];
  const put = (t: number, data: unknown) =>
    chunks.push({ t, bytes: encoder.encode(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`) });
  const delta = (content: object, finish: string | null = null) => ({
    id: "chatcmpl-perflab",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: content, finish_reason: finish }],
  });

  const { ttft, tokens } = timing;
  if (shape.usage === "first")
    put(ttft * 0.2, { object: "chat.completion.chunk", choices: [], usage: usageOf(timing) });
  if (shape.roleChunk === true) put(ttft * 0.3, delta({ role: "assistant" }));
  if (shape.emptyChunk === true) put(ttft * 0.5, delta({ content: "" }));

  let t = ttft;
  let last = ttft;
  let sent = 0;
  const stop = Math.min(tokens, shape.errorAfter ?? tokens);
  while (sent < stop) {
    const n = sent === 0 ? 1 : Math.min(perChunk, stop - sent);
    if (sent > 0) t += n * timing.tpot * (shape.jitter ? random.lognormal(1, shape.jitter) : 1);
    let text = "";
    for (let i = 0; i < n; i++) text += words[random.integer(words.length)] ?? "";
    put(t, delta(sent < (shape.reasoningTokens ?? 0) ? { reasoning_content: text } : { content: text }));
    last = t;
    sent += n;
  }
  if (stop < tokens) {
    put(last, { error: { message: "the server stopped in the middle of the answer", code: 500 } });
  } else {
    put(last, delta({}, "length"));
    if ((shape.usage ?? "last") === "last")
      put(last, { object: "chat.completion.chunk", choices: [], usage: usageOf(timing) });
    put(last, "[DONE]");
  }
  return {
    chunks: shape.splitUtf8 === true ? chunks.flatMap(splitCharacter) : chunks,
    truth: { ttft, tpot: sent > 1 ? (last - ttft) / (sent - 1) : 0, tokens: sent },
  };
}

function usageOf(timing: StreamTiming): object {
  return {
    prompt_tokens: timing.promptTokens,
    completion_tokens: timing.tokens,
    total_tokens: timing.promptTokens + timing.tokens,
  };
}

/** Cuts a chunk after the first byte of its first multi-byte character, if it has one. */
function splitCharacter(chunk: TimedBytes): readonly TimedBytes[] {
  const at = chunk.bytes.findIndex((byte) => byte >= 0xc0);
  if (at < 0) return [chunk];
  return [
    { t: chunk.t, bytes: chunk.bytes.subarray(0, at + 1) },
    { t: chunk.t, bytes: chunk.bytes.subarray(at + 1) },
  ];
}
