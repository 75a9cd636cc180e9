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
  /** Tokens of the answer. Default: as many as were asked for. */
  tokens?: number;
  /** The model declines: its text comes under `refusal`, and `content` is null. */
  refusal?: boolean;
  /** A proxy holds everything back, and hands it over in one read when the answer is complete. */
  onePiece?: boolean;
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

/** NaN where nobody can tell: the times of an answer that came in one piece, and the TPOT of a single token. */
export interface StreamTruth {
  readonly ttft: number;
  readonly tpot: number;
  readonly tokens: number;
  /** What the model says, without its reasoning. */
  readonly text: string;
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

  const { ttft } = timing;
  const tokens = shape.tokens ?? timing.tokens;
  if (!Number.isInteger(tokens) || tokens < 1) throw new InputError("tokens", tokens, "a whole number from 1");
  const usage = { object: "chat.completion.chunk", choices: [], usage: usageOf(timing.promptTokens, tokens) };
  if (shape.usage === "first") put(ttft * 0.2, usage);
  if (shape.roleChunk === true) put(ttft * 0.3, delta({ role: "assistant" }));
  if (shape.emptyChunk === true) put(ttft * 0.5, delta({ content: "" }));

  let t = ttft;
  let last = ttft;
  let sent = 0;
  let said = "";
  const stop = Math.min(tokens, shape.errorAfter ?? tokens);
  while (sent < stop) {
    const n = sent === 0 ? 1 : Math.min(perChunk, stop - sent);
    if (sent > 0) t += n * timing.tpot * (shape.jitter ? random.lognormal(1, shape.jitter) : 1);
    let text = "";
    for (let i = 0; i < n; i++) text += words[random.integer(words.length)] ?? "";
    const thinking = sent < (shape.reasoningTokens ?? 0);
    if (!thinking) said += text;
    const spoken = shape.refusal === true ? { content: null, refusal: text } : { content: text };
    put(t, delta(thinking ? { reasoning_content: text } : spoken));
    last = t;
    sent += n;
  }
  if (stop < tokens) {
    put(last, { error: { message: "the server stopped in the middle of the answer", code: 500 } });
  } else {
    put(last, delta({}, "length"));
    if ((shape.usage ?? "last") === "last") put(last, usage);
    put(last, "[DONE]");
  }
  const cut = shape.splitUtf8 === true ? chunks.flatMap(splitCharacter) : chunks;
  const hidden = shape.onePiece === true && sent > 1;
  return {
    chunks: shape.onePiece === true ? [inOne(cut, last)] : cut,
    truth: {
      ttft: hidden ? NaN : ttft,
      tpot: hidden || sent < 2 ? NaN : (last - ttft) / (sent - 1),
      tokens: sent,
      text: said,
    },
  };
}

function usageOf(promptTokens: number, tokens: number): object {
  return { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens };
}

function inOne(chunks: readonly TimedBytes[], t: number): TimedBytes {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.bytes, at);
    at += chunk.bytes.length;
  }
  return { t, bytes };
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
