/** Reads the body of `/v1/chat/completions` and `/v1/completions`: what is asked, and as how many tokens. */
import { z } from "zod";
import type { Segment } from "../../engine/workload/types.ts";
import { InputError } from "../../engine/errors.ts";
import { mix } from "./answer-text.ts";
import { check } from "./behaviour.ts";
import { eachToken } from "./tokens.ts";

/** A chat template costs so many tokens a message, and so many to open the answer (ChatML's shape). */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_TO_OPEN = 3;
/** Prompt tokens are told apart in runs as long as a KV block, the grain of a prefix cache. */
const BLOCK = 16;

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
  n: z.literal(1).nullish(),
  seed: z.int().nullish(),
  priority: z.number().nullish(),
};
const chatBody = z.object({ ...common, messages: z.array(message).min(1) });
const textBody = z.object({
  ...common,
  prompt: z.union([z.string(), z.array(z.string()).length(1), z.array(z.int()), z.array(z.array(z.int())).length(1)]),
});

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
  readonly priority: number;
  readonly promptTokens: number;
  /** The prompt in blocks whose ids are equal where the text up to their end is equal. */
  readonly prompt: readonly Segment[];
}

/** Throws InputError naming the bad field. */
export function readCompletionRequest(chat: boolean, body: unknown): CompletionRequest {
  const read = chat ? check(chatBody, body) : check(textBody, body);
  const prompt = "messages" in read ? chatPrompt(read.messages) : textPrompt(read.prompt);
  if (prompt.tokens === 0) throw new InputError("prompt", "", "at least one token long");
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
    priority: read.priority ?? 0,
    promptTokens: prompt.tokens,
    prompt: prompt.segments,
  };
}

type Message = z.infer<typeof message>;

/** Tokens of a chat prompt and its blocks. */
export function chatPrompt(messages: readonly Message[]): { tokens: number; segments: Segment[] } {
  const blocks = blockBuilder();
  for (const { role, content } of messages) {
    blocks.plain(TOKENS_PER_MESSAGE, role);
    const texts = typeof content === "string" ? [content] : (content ?? []).map((p) => p.text ?? "");
    for (const text of texts) blocks.text(text);
  }
  blocks.plain(TOKENS_TO_OPEN, "assistant");
  return blocks.end();
}

function textPrompt(prompt: string | string[] | number[] | number[][]): { tokens: number; segments: Segment[] } {
  const blocks = blockBuilder();
  const single = Array.isArray(prompt) && prompt.length === 1 && typeof prompt[0] !== "number" ? prompt[0] : prompt;
  if (typeof single === "string") blocks.text(single);
  else for (const id of single as number[]) blocks.token(id);
  return blocks.end();
}

function blockBuilder() {
  const segments: Segment[] = [];
  let hash = 0;
  let inBlock = 0;
  let tokens = 0;
  const token = (id: number) => {
    hash = mix(hash, id);
    tokens++;
    if (++inBlock === BLOCK) close();
  };
  const close = () => {
    if (inBlock > 0) segments.push({ id: hash, tokens: inBlock });
    inBlock = 0;
  };
  const hashOf = (text: string, start: number, end: number) => {
    let h = 0;
    for (let i = start; i < end; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
    return h;
  };
  return {
    token,
    text: (text: string) => eachToken(text, (start, end) => token(hashOf(text, start, end))),
    plain(count: number, role: string) {
      for (let i = 0; i < count; i++) token(hashOf(role, 0, role.length) + i);
    },
    end() {
      close();
      return { tokens, segments };
    },
  };
}
