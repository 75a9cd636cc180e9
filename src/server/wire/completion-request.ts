/** Reads the body of `/v1/chat/completions` and `/v1/completions`: what is asked, whoever answers. */
import { z } from "zod";
import { InputError } from "../../engine/errors.ts";
import { check } from "./check.ts";

const part = z.object({ type: z.string(), text: z.string().optional() });
const message = z.object({ role: z.string(), content: z.union([z.string(), z.array(part), z.null()]).optional() });
const length = z.int().min(1).max(1_000_000).nullish();
const common = {
  model: z.string().optional(),
  stream: z.boolean().nullish(),
  stream_options: z
    .object({ include_usage: z.boolean().nullish(), continuous_usage_stats: z.boolean().nullish() })
    .nullish(),
  max_tokens: length,
  max_completion_tokens: length,
  min_tokens: z.int().min(0).nullish(),
  ignore_eos: z.boolean().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  seed: z.int().nullish(),
  temperature: z.number().min(0).nullish(),
  priority: z.number().nullish(),
};
/** What a simulated or tiny model can't do is refused, rather than answered as if it had not been asked. */
const UNABLE: readonly {
  readonly field: string;
  readonly asks: (value: unknown) => boolean;
  readonly instead: string;
}[] = [
  { field: "n", asks: (n) => n !== 1, instead: "1: this endpoint gives one answer a request" },
  { field: "best_of", asks: (n) => n !== 1, instead: "1: this endpoint gives one answer a request" },
  {
    field: "logprobs",
    asks: (value) => value !== false && value !== 0,
    instead: "left out: this endpoint has no log probabilities",
  },
  { field: "top_logprobs", asks: (n) => n !== 0, instead: "left out: this endpoint has no log probabilities" },
  { field: "prompt_logprobs", asks: () => true, instead: "left out: this endpoint has no log probabilities" },
  { field: "echo", asks: (value) => value !== false, instead: "false: this endpoint does not repeat the prompt" },
  { field: "suffix", asks: (text) => text !== "", instead: "left out: this endpoint does not fill in the middle" },
  {
    field: "tool_choice",
    asks: (choice) => choice !== "none" && choice !== "auto",
    instead: '"auto" or "none": this endpoint calls no tools',
  },
  {
    field: "function_call",
    asks: (choice) => choice !== "none" && choice !== "auto",
    instead: '"auto" or "none": this endpoint calls no functions',
  },
  {
    field: "response_format",
    asks: (format) => (format as { type?: unknown }).type !== "text",
    instead: '{"type":"text"}: this endpoint keeps to no grammar or schema',
  },
  ...[
    "structured_outputs",
    "guided_json",
    "guided_regex",
    "guided_choice",
    "guided_grammar",
    "json_schema",
    "grammar",
  ].map((field) => ({ field, asks: () => true, instead: "left out: this endpoint keeps to no grammar or schema" })),
  {
    field: "modalities",
    asks: (list) => !Array.isArray(list) || list.some((kind) => kind !== "text"),
    instead: '["text"]: this endpoint only writes',
  },
  { field: "use_beam_search", asks: (value) => value !== false, instead: "left out: this endpoint searches no beams" },
];

/** Throws InputError naming the field. */
function refuseUnable(body: unknown): void {
  if (typeof body !== "object" || body === null) return;
  const asked = body as Readonly<Record<string, unknown>>;
  for (const { field, asks, instead } of UNABLE) {
    const value = asked[field];
    if (value !== undefined && value !== null && asks(value)) throw new InputError(field, value, instead);
  }
  if (Array.isArray(asked["prompt"]) && asked["prompt"].length > 1 && typeof asked["prompt"][0] !== "number")
    throw new InputError(
      "prompt",
      asked["prompt"],
      "one prompt: this endpoint takes one a request, so send the others apart",
    );
}

const chatBody = z.object({ ...common, messages: z.array(message).min(1) });
const textBody = z.object({
  ...common,
  prompt: z.union([z.string(), z.array(z.string()).length(1), z.array(z.int()), z.array(z.array(z.int())).length(1)]),
});

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** What is to be continued: a chat, a text, or token ids. */
export type Prompt =
  | { readonly kind: "chat"; readonly messages: readonly ChatMessage[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tokens"; readonly ids: readonly number[] };

export interface CompletionRequest {
  readonly chat: boolean;
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  readonly maxTokens: number | undefined;
  readonly minTokens: number;
  readonly ignoreEos: boolean;
  readonly stop: readonly string[];
  readonly seed: number | undefined;
  readonly temperature: number | undefined;
  readonly priority: number;
  readonly prompt: Prompt;
}

/** Throws InputError naming the bad field. */
export function readCompletionRequest(chat: boolean, body: unknown): CompletionRequest {
  refuseUnable(body);
  const read = chat ? check(chatBody, body) : check(textBody, body);
  return {
    chat,
    model: read.model,
    stream: read.stream ?? false,
    includeUsage: read.stream_options?.include_usage ?? false,
    continuousUsage: read.stream_options?.continuous_usage_stats ?? false,
    maxTokens: read.max_completion_tokens ?? read.max_tokens ?? undefined,
    minTokens: read.min_tokens ?? 0,
    ignoreEos: read.ignore_eos ?? false,
    stop: (typeof read.stop === "string" ? [read.stop] : (read.stop ?? [])).filter((s) => s !== ""),
    seed: read.seed ?? undefined,
    temperature: read.temperature ?? undefined,
    priority: read.priority ?? 0,
    prompt: "messages" in read ? { kind: "chat", messages: read.messages.map(plainMessage) } : textPrompt(read.prompt),
  };
}

function plainMessage({ role, content }: z.infer<typeof message>): ChatMessage {
  return { role, content: typeof content === "string" ? content : (content ?? []).map((p) => p.text ?? "").join("") };
}

function textPrompt(prompt: string | string[] | number[] | number[][]): Prompt {
  const one = Array.isArray(prompt) && typeof prompt[0] !== "number" ? prompt[0] : prompt;
  if (typeof one === "string") return { kind: "text", text: one };
  return { kind: "tokens", ids: (one ?? []) as number[] };
}
