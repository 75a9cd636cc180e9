/** Reads one event of any known server's stream: OpenAI-style chat and completions (vLLM, SGLang, TGI, TensorRT-LLM, llama.cpp, Ollama, OpenAI, Azure) and Ollama's own lines. */
import { chunkKinds } from "../run.ts";

export interface Usage {
  readonly prompt: number;
  readonly cached: number;
  readonly output: number;
}

/** What one event says. */
export interface Delta {
  /** Bits of `chunkKinds`. */
  readonly kind: number;
  /** The event has a non-empty `choices` (what vLLM's benchmark takes for the first token). */
  readonly choices: boolean;
  readonly text: string;
  /** Reasoning text, which is not part of the answer. */
  readonly thought: string;
  readonly usage?: Usage;
  readonly finish?: string;
  readonly error?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Token-bearing kinds: what a first token can be. */
export const tokenKinds = chunkKinds.content | chunkKinds.reasoning | chunkKinds.tool;

export function readDelta(event: unknown): Delta {
  if (!isObject(event))
    return { kind: chunkKinds.empty, choices: false, text: "", thought: "", error: "the event is not a JSON object" };
  const error = errorText(event);
  if (error !== undefined) return { kind: 0, choices: false, text: "", thought: "", error };
  const usage = readUsage(event);
  const choices = Array.isArray(event.choices) ? event.choices.filter(isObject) : [];
  if (choices.length > 0) return fromChoices(choices, usage);
  if (isObject(event.message) || typeof event.response === "string") return fromOllama(event, usage);
  return {
    kind: usage ? chunkKinds.usage : chunkKinds.empty,
    choices: false,
    text: "",
    thought: "",
    ...(usage && { usage }),
  };
}

function fromChoices(choices: readonly Json[], usage: Usage | undefined): Delta {
  let kind = usage ? chunkKinds.usage : 0;
  let text = "";
  let thought = "";
  let finish: string | undefined;
  for (const choice of choices) {
    const message = isObject(choice.delta) ? choice.delta : isObject(choice.message) ? choice.message : undefined;
    const content = contentText(message ? message.content : choice.text);
    if (content !== "") kind |= chunkKinds.content;
    text += content;
    if (message) {
      kind |= messageKinds(message);
      thought += thoughtText(message);
    }
    if (typeof choice.finish_reason === "string" && choice.finish_reason !== "") {
      kind |= chunkKinds.finish;
      finish = choice.finish_reason;
    }
  }
  if ((kind & tokenKinds) === 0) kind |= chunkKinds.empty;
  return { kind, choices: true, text, thought, ...(usage && { usage }), ...(finish !== undefined && { finish }) };
}

/** `role` marks the opening chunk; servers that repeat the role beside every token (TGI, Ollama) don't get the bit there. */
function messageKinds(message: Json): number {
  let kind = 0;
  if (thoughtText(message) !== "") kind |= chunkKinds.reasoning;
  const calls = message.tool_calls;
  if ((Array.isArray(calls) && calls.length > 0) || isObject(message.function_call)) kind |= chunkKinds.tool;
  const bearsToken = kind !== 0 || contentText(message.content) !== "";
  if (typeof message.role === "string" && !bearsToken) kind |= chunkKinds.role;
  return kind;
}

/** Ollama's /api/chat and /api/generate: one JSON line a token, the last with counts. Durations there are nanoseconds; only counts are read. */
function fromOllama(event: Json, usage: Usage | undefined): Delta {
  const message = isObject(event.message) ? event.message : { content: event.response, thinking: event.thinking };
  const text = contentText(message.content);
  const done = event.done === true;
  let kind = messageKinds(message) & ~chunkKinds.role;
  if (text !== "") kind |= chunkKinds.content;
  if ((kind & tokenKinds) === 0) kind |= chunkKinds.empty;
  if (done) kind |= chunkKinds.finish | chunkKinds.done;
  if (usage) kind |= chunkKinds.usage;
  const finish = done ? (typeof event.done_reason === "string" ? event.done_reason : "stop") : undefined;
  return {
    kind,
    choices: true,
    text,
    thought: thoughtText(message),
    ...(usage && { usage }),
    ...(finish !== undefined && { finish }),
  };
}

/** Zero usage on running chunks (Ollama's completions) says nothing, so it is not usage. */
function readUsage(event: Json): Usage | undefined {
  if (isObject(event.usage)) {
    const usage = event.usage;
    const output = count(usage.completion_tokens);
    const prompt = count(usage.prompt_tokens);
    if (output === 0 && prompt === 0) return undefined;
    const details = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : undefined;
    return { prompt, cached: count(details?.cached_tokens), output };
  }
  if (isObject(event.timings) && count(event.timings.predicted_n) > 0) {
    const timings = event.timings;
    const cached = count(timings.cache_n);
    return { prompt: count(timings.prompt_n) + cached, cached, output: count(timings.predicted_n) };
  }
  if (typeof event.eval_count === "number")
    return { prompt: count(event.prompt_eval_count), cached: 0, output: count(event.eval_count) };
  return undefined;
}

/** The error object that servers put under HTTP 200 once the stream has begun, in any of its shapes. */
export function errorText(event: unknown): string | undefined {
  if (!isObject(event)) return undefined;
  const error = event.error;
  if (error === undefined || error === null) {
    if (event.object === "error" && typeof event.message === "string") return event.message;
    return typeof event.detail === "string" && event.choices === undefined ? event.detail : undefined;
  }
  if (typeof error === "string") return error;
  if (isObject(error) && typeof error.message === "string") return error.message;
  return JSON.stringify(error).slice(0, 200);
}

/** Content is a string, null, or (newer servers) a list of parts with a text each. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (isObject(part) && typeof part.text === "string" ? part.text : "")).join("");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** vLLM's new and old name, and Ollama's. */
function thoughtText(message: Json): string {
  for (const text of [message.reasoning, message.reasoning_content, message.thinking])
    if (typeof text === "string" && text !== "") return text;
  return "";
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 && value < 0xffffffff ? Math.floor(value) : 0;
}
