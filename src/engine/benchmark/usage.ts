/** What a server says it counted, in the words of any dialect. */
import type { Json } from "./delta-text.ts";

export interface Usage {
  readonly prompt: number;
  readonly cached: number;
  /** All that is billed as output: reasoning too, whether it was shown or not. */
  readonly output: number;
  /** The part of `output` that was reasoning. */
  readonly reasoning: number;
  /** The part of `output` that was drafted or predicted, rejected, and never shown. */
  readonly rejected: number;
}

export const noUsage: Usage = { prompt: 0, cached: 0, output: 0, reasoning: 0, rejected: 0 };

/** Zero counts on running chunks (Ollama's completions) say nothing, so they are no usage. */
export function readUsage(event: Json): Usage | undefined {
  for (const place of [
    event,
    event["message"],
    event["response"],
    event["delta"],
    event["x_groq"],
    firstOf(event["choices"]),
  ]) {
    if (!isObject(place)) continue;
    for (const name of ["usage", "usageMetadata", "usage_metadata"]) {
      const usage = isObject(place[name]) ? fromCounts(place[name]) : undefined;
      if (usage) return usage;
    }
  }
  return ownCounts(event);
}

/** The larger of each count: running totals grow, and dialects tell the prompt and the answer in different events. */
export function larger(a: Usage, b: Usage): Usage {
  return {
    prompt: Math.max(a.prompt, b.prompt),
    cached: Math.max(a.cached, b.cached),
    output: Math.max(a.output, b.output),
    reasoning: Math.max(a.reasoning, b.reasoning),
    rejected: Math.max(a.rejected, b.rejected),
  };
}

function fromCounts(usage: Json): Usage | undefined {
  const counts = isObject(usage["tokens"]) ? usage["tokens"] : usage;
  const inside = detailsOf(usage, ["completion_tokens_details", "output_tokens_details"]);
  const before = detailsOf(usage, ["prompt_tokens_details", "input_tokens_details"]);
  // Anthropic's input_tokens leaves out what the cache read and wrote.
  const aside = count(usage["cache_read_input_tokens"]) + count(usage["cache_creation_input_tokens"]);
  const openAi = first(counts, ["prompt_tokens", "promptTokenCount", "prompt_token_count"]);
  const prompt = openAi > 0 ? openAi : first(counts, ["input_tokens", "inputTokens"]) + aside;
  const apart = first(usage, ["thoughtsTokenCount", "thoughts_token_count"]);
  let output =
    first(counts, [
      "completion_tokens",
      "output_tokens",
      "outputTokens",
      "candidatesTokenCount",
      "candidates_token_count",
    ]) + apart;
  if (output === 0 && prompt === 0) return undefined;
  let reasoning = first(inside, ["reasoning_tokens"]) || first(usage, ["reasoning_tokens"]) || apart;
  // Some count reasoning in the total alone, beside the completion (xAI; Gemini behind OpenAI's shape).
  const beside = first(usage, ["total_tokens", "totalTokenCount"]) - prompt - output;
  if (output > 0 && beside > 0 && (reasoning === 0 || reasoning === beside)) {
    output += beside;
    reasoning = beside;
  }
  return {
    prompt,
    cached:
      first(before, ["cached_tokens"]) ||
      first(usage, [
        "cached_tokens",
        "cache_read_input_tokens",
        "prompt_cache_hit_tokens",
        "cachedContentTokenCount",
        "cached_content_token_count",
      ]),
    output,
    reasoning,
    rejected: first(inside, ["rejected_prediction_tokens"]),
  };
}

/** Counts beside the text: llama.cpp's timings, its own API, and Ollama's. */
function ownCounts(event: Json): Usage | undefined {
  const timings = event["timings"];
  if (isObject(timings) && count(timings["predicted_n"]) > 0) {
    const cached = count(timings["cache_n"]);
    return { ...noUsage, prompt: count(timings["prompt_n"]) + cached, cached, output: count(timings["predicted_n"]) };
  }
  if (typeof event["eval_count"] === "number")
    return { ...noUsage, prompt: count(event["prompt_eval_count"]), output: count(event["eval_count"]) };
  if (count(event["tokens_predicted"]) > 0)
    return { ...noUsage, prompt: count(event["tokens_evaluated"]), output: count(event["tokens_predicted"]) };
  return undefined;
}

function detailsOf(usage: Json, names: readonly string[]): Json {
  for (const name of names) if (isObject(usage[name])) return usage[name];
  return {};
}

function first(counts: Json, names: readonly string[]): number {
  for (const name of names) {
    const value = count(counts[name]);
    if (value > 0) return value;
  }
  return 0;
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 && value < 0xffffffff ? Math.floor(value) : 0;
}
