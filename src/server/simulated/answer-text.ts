/** What the simulated model says: a seeded run of short words, each exactly one token, cut at a stop string. */
import { hashWord } from "../../engine/random.ts";

/** All at most six bytes with their leading space; some are not ASCII, so that a cut between bytes shows. */
export const WORDS: readonly string[] = (
  "the of and to in is that it for on with as at by from this are be or an was not but which all can has one time when step " +
  "batch token cache block queue prompt first next each more less time rate load mean tail slow fast wait send read write page " +
  "layer head key value score model serve reply café naïve über señor øre né où ça 水 火 木 山 川 日 月"
)
  .split(" ")
  .filter((word) => Buffer.byteLength(word) <= 5)
  .map((word) => ` ${word}`);

/** The text of token `index` of the answer drawn by `seed`. */
export function word(seed: number, index: number): string {
  return WORDS[hashWord(seed, index) % WORDS.length]!;
}

export interface AnswerText {
  readonly tokens: number;
  readonly finish: "stop" | "length";
  /** Text of token `index`; empty where a stop string cut it away. */
  text(index: number): string;
}

/** `finish` is what ends it when no stop string does. */
export function answerText(
  seed: number,
  tokens: number,
  finish: "stop" | "length",
  stop: readonly string[],
): AnswerText {
  if (stop.length === 0) return { tokens, finish, text: (index) => word(seed, index) };
  const texts = Array.from({ length: tokens }, (_, index) => word(seed, index));
  const whole = texts.join("");
  let cut = Infinity;
  let end = Infinity;
  for (const s of stop) {
    const at = whole.indexOf(s);
    if (at < 0 || at >= cut) continue;
    cut = at;
    end = at + s.length;
  }
  if (cut === Infinity) return { tokens, finish, text: (index) => texts[index] ?? "" };
  const kept: string[] = [];
  let start = 0;
  for (const text of texts) {
    if (start >= end) break;
    kept.push(text.slice(0, Math.max(0, cut - start)));
    start += text.length;
  }
  return { tokens: kept.length, finish: "stop", text: (index) => kept[index] ?? "" };
}
