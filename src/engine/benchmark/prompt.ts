/** Makes prompts of a wanted token length, different in every run, with shared leading segments where the workload has them. */
import { hashWord, Random } from "../random.ts";
import type { Segment } from "../workload/types.ts";
import { words } from "./words.ts";

/** How the server's tokenizer and chat template turn words into tokens: tokens = overhead + perWord × words. Found in warm-up. */
export interface PromptCalibration {
  readonly overhead: number;
  readonly perWord: number;
}

/** Before a measurement: one token a word and a short chat template. */
export const uncalibrated: PromptCalibration = { overhead: 8, perWord: 1 };

/** From two probes (words sent, tokens the server counted). A slope that makes no sense keeps the default. */
export function calibratePrompt(
  a: { words: number; tokens: number },
  b: { words: number; tokens: number },
): PromptCalibration {
  const perWord = (b.tokens - a.tokens) / (b.words - a.words);
  if (!(perWord > 0.2 && perWord < 50)) return uncalibrated;
  return { perWord, overhead: Math.max(0, a.tokens - perWord * a.words) };
}

/**
 * Text of a workload's segments. Equal segment ids give equal text within a run; `salt` changes the order of the words, so that a prefix
 * cache that is warm from an earlier run can't flatter this one. Which words they are depends on the id alone, so that every run's prompts
 * are equally long.
 */
export class PromptWriter {
  readonly #salt: number;
  readonly #calibration: PromptCalibration;
  readonly #shared = new Map<string, string>();

  constructor(salt: number, calibration: PromptCalibration) {
    this.#salt = salt >>> 0;
    this.#calibration = calibration;
  }

  /** One text for the whole prompt. `own` names what is not shared, so that no two requests get the same words. */
  prompt(prompt: number | readonly Segment[], own: string): string {
    const segments: readonly Segment[] = typeof prompt === "number" ? [{ id: own, tokens: prompt }] : prompt;
    let owed = -this.#calibration.overhead;
    let text = "";
    for (let i = 0; i < segments.length; i++) {
      owed += segments[i]!.tokens;
      const last = i === segments.length - 1;
      const count = Math.max(last && text === "" ? 1 : 0, Math.round(owed / this.#calibration.perWord));
      if (count === 0) continue;
      owed -= count * this.#calibration.perWord;
      text += this.#segment(String(segments[i]!.id), count, !last);
    }
    return text.trimStart();
  }

  /** Exactly `count` words, for probing the tokenizer. */
  probe(count: number, own: string): string {
    return this.#segment(own, count, false).trimStart();
  }

  #segment(id: string, count: number, mayRepeat: boolean): string {
    const key = `${id}:${count}`;
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const chosen = wordsOf(id, count);
    shuffle(chosen, new Random(hashText(this.#salt, id)));
    let text = "";
    for (const word of chosen) text += ` ${word}`;
    if (mayRepeat) this.#shared.set(key, text);
    return text;
  }
}

/** The whole list as often as it fits, and some of it: what a text costs depends on little but its length. */
function wordsOf(id: string, count: number): string[] {
  const chosen: string[] = [];
  while (chosen.length + words.length <= count) chosen.push(...words);
  const some = [...words];
  shuffle(some, new Random(hashText(0, id)));
  return chosen.concat(some.slice(0, count - chosen.length));
}

function shuffle(items: string[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}

function hashText(state: number, text: string): number {
  let hash = state;
  for (let i = 0; i < text.length; i++) hash = hashWord(hash, text.charCodeAt(i));
  return hash;
}
