/** Where the text of a delta can lie: a string, a list of parts, parts inside parts, under any of the names that dialects have for it. */
import { chunkKinds } from "../run.ts";

export type Json = Readonly<Record<string, unknown>>;

/** What a delta or a message says. */
export interface Said {
  /** The `chunkKinds` bits content, reasoning and tool. */
  kind: number;
  text: string;
  /** Reasoning text, which is not part of the answer. */
  thought: string;
  /** Size of tool calls, in characters: they bear tokens too. */
  toolText: number;
}

/** Names of the answer's text; the first that holds some counts, since proxies repeat a text under a second name. */
const CONTENT = [
  "content",
  "text",
  "refusal",
  "output_text",
  "text_output",
  "generated_text",
  "transcript",
  "parts",
  "message",
  "delta",
  "token",
  "audio",
  "images",
];
const REASONING = [
  "reasoning",
  "reasoning_content",
  "reasoning_text",
  "thinking",
  "thinking_content",
  "thought",
  "thoughts",
  "reasoning_details",
  "summary",
];
const TOOL = ["tool_calls", "tool_call", "tool_use", "function_call", "functionCall", "partial_json"];
/** Deep enough for parts in parts in a message in a delta; bounded, whatever a server sends. */
const DEPTH = 8;

/** Reads a delta, a message, a part or a list of them. */
export function readSaid(value: unknown): Said {
  const said: Said = { kind: 0, text: "", thought: "", toolText: 0 };
  walk(value, chunkKinds.content, said, DEPTH);
  return said;
}

/** Adds what `value` says to `said`, and tells whether it said anything. `as`: what a bare text there is. */
function walk(value: unknown, as: number, said: Said, depth: number): boolean {
  if (typeof value === "string") return say(value, as, said);
  if (typeof value !== "object" || value === null || depth === 0) return false;
  if (Array.isArray(value)) {
    let any = false;
    for (const part of value) any = walk(part, as, said, depth - 1) || any;
    return any;
  }
  const part = value as Json;
  const kind = kindOfPart(part) ?? as;
  if (kind === chunkKinds.tool) return sayTool(part, said);
  const thought = REASONING.some((name) => walkField(part, name, chunkKinds.reasoning, said, depth));
  const content = CONTENT.some((name) => walkField(part, name, kind, said, depth));
  const tool = TOOL.some((name) => isCall(part[name]) && sayTool(part[name], said));
  // Sound and pictures without words are an answer all the same.
  const media = typeof part["data"] === "string" && part["data"] !== "" && isMedia(part) && mark(said, kind);
  return thought || content || tool || media;
}

function walkField(part: Json, name: string, as: number, said: Said, depth: number): boolean {
  const value = part[name];
  return value !== undefined && value !== null && walk(value, as, said, depth - 1);
}

function say(text: string, as: number, said: Said): boolean {
  if (text === "") return false;
  if (as === chunkKinds.reasoning) said.thought += text;
  else said.text += text;
  return mark(said, as);
}

function sayTool(call: unknown, said: Said): boolean {
  said.toolText += JSON.stringify(call).length;
  return mark(said, chunkKinds.tool);
}

function mark(said: Said, kind: number): true {
  said.kind |= kind;
  return true;
}

function isCall(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "object" && value !== null && (!Array.isArray(value) || value.length > 0);
}

function isMedia(part: Json): boolean {
  return "transcript" in part || "expires_at" in part || "mime_type" in part || "mimeType" in part || "id" in part;
}

/** What a part says of itself: `type: "thinking"`, Gemini's `thought: true`. */
function kindOfPart(part: Json): number | undefined {
  if (part["thought"] === true) return chunkKinds.reasoning;
  const type = part["type"];
  if (typeof type !== "string") return undefined;
  if (/think|reason|thought/.test(type)) return chunkKinds.reasoning;
  // An OpenAI tool call inside a list of calls is read by its name above; here it is a part of a message.
  return /^(tool|function|input_json)/.test(type) ? chunkKinds.tool : undefined;
}
