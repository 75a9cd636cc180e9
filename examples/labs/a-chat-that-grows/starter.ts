import { chart, param } from "perflab";
import { support, type Chat } from "./chat.ts";

/** Tokens of the prompt of turn `turn`, counted from 1: the system prompt, and all that was said until then. */
export function promptTokens(chat: Chat, turn: number): number {
  return chat.system + turn * chat.message;
}

/** Prompt tokens of all turns of a chat together. */
export function readInAll(chat: Chat, turns: number): number {
  return 0; // yours
}

/** The share of them, from 0 to 1, that an earlier prompt of the chat held already. */
export function readTwice(chat: Chat, turns: number): number {
  return 0; // yours
}

const turns = Array.from({ length: param("turns") }, (_, i) => i + 1);
chart.bars({
  title: "Prompts of one chat",
  y: { label: "Prompt", unit: "tokens" },
  categories: turns.map((turn) => `turn ${turn}`),
  series: [{ name: "prompt", values: turns.map((turn) => promptTokens(support, turn)) }],
});
console.log("read in all", readInAll(support, turns.length), "of it read before", readTwice(support, turns.length));

export const allOverLast = readInAll(support, 20) / promptTokens(support, 20);
