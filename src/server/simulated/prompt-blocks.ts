/** A prompt as the simulated engine sees it: so many tokens, in blocks that are the same where the text so far is the same. */
import { hashWord } from "../../engine/random.ts";
import type { Segment } from "../../engine/workload/types.ts";
import type { ChatMessage, Prompt } from "../wire/completion-request.ts";
import { eachToken } from "./tokens.ts";

/** A chat template costs so many tokens a message, and so many to open the answer (ChatML's shape). */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_TO_OPEN = 3;
/** As long as a KV block, the grain of a prefix cache. */
const BLOCK = 16;

export interface PromptBlocks {
  readonly tokens: number;
  readonly segments: readonly Segment[];
}

export function promptBlocks(prompt: Prompt): PromptBlocks {
  const segments: Segment[] = [];
  let hash = 0;
  let inBlock = 0;
  let tokens = 0;

  if (prompt.kind === "chat") chat(prompt.messages);
  else if (prompt.kind === "text") text(prompt.text);
  else prompt.ids.forEach(token);
  close();
  return { tokens, segments };

  function chat(messages: readonly ChatMessage[]): void {
    for (const { role, content } of messages) {
      template(TOKENS_PER_MESSAGE, role);
      text(content);
    }
    template(TOKENS_TO_OPEN, "assistant");
  }

  function template(count: number, role: string): void {
    for (let i = 0; i < count; i++) token(hashOf(role, 0, role.length) + i);
  }

  function text(whole: string): void {
    eachToken(whole, (start, end) => token(hashOf(whole, start, end)));
  }

  function token(id: number): void {
    hash = hashWord(hash, id);
    tokens++;
    if (++inBlock === BLOCK) close();
  }

  function close(): void {
    if (inBlock > 0) segments.push({ id: hash, tokens: inBlock });
    inBlock = 0;
  }
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
