/** Reads the bodies of `/tokenize` and `/detokenize`, in vLLM's words and llama.cpp's. */
import { z } from "zod";
import { InputError } from "../../engine/errors.ts";
import { check } from "./check.ts";
import type { Prompt } from "./completion-request.ts";

const tokenizeBody = z.object({
  /** vLLM's name for it, and llama.cpp's. */
  prompt: z.string().optional(),
  content: z.string().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string().nullish() })).optional(),
});
const detokenizeBody = z.object({ tokens: z.array(z.int()) });

/** Throws InputError when there is nothing to tokenize. */
export function readTokenize(body: unknown): Prompt {
  const { prompt, content, messages } = check(tokenizeBody, body);
  if (messages) return { kind: "chat", messages: messages.map((m) => ({ role: m.role, content: m.content ?? "" })) };
  const text = prompt ?? content;
  if (text === undefined) throw new InputError("prompt", undefined, "a string");
  return { kind: "text", text };
}

export function readDetokenize(body: unknown): number[] {
  return check(detokenizeBody, body).tokens;
}
