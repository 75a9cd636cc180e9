/**
 * Reads one event of any known server's stream: OpenAI-style chat and completions (vLLM, SGLang, TGI, TensorRT-LLM, llama.cpp, Ollama,
 * OpenAI, Azure, and what proxies make of others), Ollama's own lines, and the shapes of Anthropic, Gemini, Cohere and OpenAI's responses,
 * which proxies pass through.
 */
import { chunkKinds } from "../run.ts";
import { readSaid, type Json, type Said } from "./delta-text.ts";
import { errorInEvent } from "./error-words.ts";
import { failedFinish } from "./finish.ts";
import { readUsage, type Usage } from "./usage.ts";

/** What one event says. */
export interface Delta {
  /** Bits of `chunkKinds`. */
  readonly kind: number;
  /** The event has a non-empty `choices` (what vLLM's benchmark takes for the first token). */
  readonly choices: boolean;
  readonly text: string;
  /** Reasoning text, which is not part of the answer. */
  readonly thought: string;
  /** Size of tool calls, in characters. */
  readonly toolText?: number;
  readonly usage?: Usage;
  readonly finish?: string;
  readonly error?: string;
}

/** Token-bearing kinds: what a first token can be. */
export const tokenKinds = chunkKinds.content | chunkKinds.reasoning | chunkKinds.tool;

const NOTHING: Delta = { kind: chunkKinds.empty, choices: false, text: "", thought: "" };

export function readDelta(event: unknown): Delta {
  if (Array.isArray(event)) return event.map(readDelta).reduce(joined, NOTHING);
  if (!isObject(event)) return { ...NOTHING, error: "the event is not a JSON object" };
  const error = errorInEvent(event);
  if (error !== undefined) return { ...NOTHING, kind: 0, error };
  const usage = readUsage(event);
  const choices = Array.isArray(event["choices"]) ? event["choices"].filter(isObject) : [];
  if (choices.length > 0) return fromChoices(choices, usage);
  if (isObject(event["message"]) || typeof event["response"] === "string") {
    if (event["type"] === undefined) return fromOllama(event, usage);
  }
  return fromOther(event, usage);
}

function fromChoices(choices: readonly Json[], usage: Usage | undefined): Delta {
  let kind = usage ? chunkKinds.usage : 0;
  let text = "";
  let thought = "";
  let toolText = 0;
  let finish: string | undefined;
  for (const choice of choices) {
    const error = errorInEvent({ error: choice["error"], choices });
    if (error !== undefined) return { ...NOTHING, kind: 0, error };
    const message = choice["delta"] ?? choice["message"];
    let said = readSaid(message);
    if (said.kind === 0 && choice["text"] !== undefined) said = readSaid(choice["text"]);
    kind |= said.kind;
    // Servers that repeat the role beside every token (TGI, Ollama) don't get the bit there.
    if (said.kind === 0 && isObject(message) && typeof message["role"] === "string") kind |= chunkKinds.role;
    text += said.text;
    thought += said.thought;
    toolText += said.toolText;
    const reason = reasonOf(choice);
    if (reason === undefined) continue;
    kind |= chunkKinds.finish;
    finish = reason;
  }
  if ((kind & tokenKinds) === 0) kind |= chunkKinds.empty;
  return {
    kind,
    choices: true,
    text,
    thought,
    ...(toolText > 0 && { toolText }),
    ...(usage && { usage }),
    ...(finish !== undefined && { finish }),
  };
}

/** Ollama's /api/chat and /api/generate: one JSON line a token, the last with counts. Durations there are nanoseconds; only counts are read. */
function fromOllama(event: Json, usage: Usage | undefined): Delta {
  const message = isObject(event["message"])
    ? event["message"]
    : { content: event["response"], thinking: event["thinking"] };
  const done = event["done"] === true;
  const finish = done ? (reasonOf(event) ?? "stop") : reasonOf(event);
  return delta(readSaid(message), usage, finish, done);
}

/** Anthropic, Gemini, Cohere, OpenAI's responses, and whatever else carries its text under a known name. */
function fromOther(event: Json, usage: Usage | undefined): Delta {
  const type = String(event["type"] ?? event["event_type"] ?? "");
  const ended = /(^|[._-])(stop|end|completed|incomplete|done)$/.test(type);
  const candidates = Array.isArray(event["candidates"]) ? event["candidates"].filter(isObject) : [];
  const inner = [event, event["delta"], event["response"], ...candidates].filter(isObject);
  const finish = inner.map(reasonOf).find((reason) => reason !== undefined);
  // An event about the end of something repeats what was said before.
  if (ended) return delta(readSaid(undefined), usage, finish ?? endOf(event, type), isEnd(type));
  if (type.startsWith("response.")) return delta(readSaid(spoken(type, event["delta"])), usage, finish, false);
  if (candidates.length > 0) return delta(readSaid(candidates), usage, finish, false);
  return delta(readSaid(event["content_block"] ?? event), usage, finish, event["stop"] === true);
}

/** OpenAI's responses name in the type what a delta is. */
function spoken(type: string, text: unknown): unknown {
  if (!type.endsWith(".delta")) return undefined;
  if (/reasoning/.test(type)) return { reasoning: text };
  return /call|code/.test(type) ? { tool_calls: text } : text;
}

function isEnd(type: string): boolean {
  return /^(message[_-](stop|end)|stream-end|response\.(completed|incomplete|done))$/.test(type);
}

function endOf(event: Json, type: string): string | undefined {
  const response = event["response"];
  const why =
    isObject(response) && isObject(response["incomplete_details"])
      ? response["incomplete_details"]["reason"]
      : undefined;
  if (typeof why === "string") return why;
  return type === "response.completed" ? "completed" : undefined;
}

function delta(said: Said, usage: Usage | undefined, finish: string | undefined, done: boolean): Delta {
  let kind = said.kind;
  const bears = (kind & tokenKinds) !== 0;
  if (usage) kind |= chunkKinds.usage;
  if (finish !== undefined) kind |= chunkKinds.finish;
  if (done) kind |= chunkKinds.done;
  if (!bears && !(usage && finish === undefined && !done)) kind |= chunkKinds.empty;
  return {
    kind,
    choices: bears || finish !== undefined,
    text: said.text,
    thought: said.thought,
    ...(said.toolText > 0 && { toolText: said.toolText }),
    ...(usage && { usage }),
    ...(finish !== undefined && { finish }),
  };
}

function reasonOf(choice: Json): string | undefined {
  for (const name of ["finish_reason", "stop_reason", "finishReason", "stopReason", "done_reason"]) {
    const reason = choice[name];
    if (typeof reason !== "string" || reason === "") continue;
    const native = choice["native_finish_reason"];
    return failedFinish(reason) && typeof native === "string" && native !== "" ? `${reason} (${native})` : reason;
  }
  return undefined;
}

/** Two events that came as one document. */
function joined(a: Delta, b: Delta): Delta {
  return {
    ...a,
    ...b,
    kind: (a.kind | b.kind) & ~(((a.kind | b.kind) & tokenKinds) !== 0 ? chunkKinds.empty : 0),
    choices: a.choices || b.choices,
    text: a.text + b.text,
    thought: a.thought + b.thought,
    toolText: (a.toolText ?? 0) + (b.toolText ?? 0),
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
