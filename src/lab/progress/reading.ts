/** Keeps what was read of a lesson: section by section, and the lesson as a whole once none is left. */
import type { Storage } from "../storage.ts";
import { recordId } from "./tally.ts";

export class Reading {
  readonly #storage: Storage;
  readonly #lesson: string;
  readonly #left: Set<string>;

  private constructor(storage: Storage, lesson: string, left: Set<string>) {
    this.#storage = storage;
    this.#lesson = lesson;
    this.#left = left;
  }

  /** `sections`: the ids of the lesson's headings. */
  static async open(storage: Storage, lesson: string, sections: readonly string[]): Promise<Reading> {
    const kept = new Set(await storage.keys("progress"));
    return new Reading(storage, lesson, new Set(sections.filter((slug) => !kept.has(recordId.section(lesson, slug)))));
  }

  /** The reader has rested where these sections are in view. */
  async saw(sections: readonly string[]): Promise<void> {
    const fresh = sections.filter((slug) => this.#left.delete(slug));
    if (fresh.length === 0) return;
    for (const slug of fresh) await this.#put(recordId.section(this.#lesson, slug), "read");
    const whole = recordId.lesson(this.#lesson);
    if (this.#left.size === 0) await this.#put(whole, "read");
    else if ((await this.#storage.get("progress", whole)) === undefined) await this.#put(whole, "started");
  }

  /** The reader's own word counts, whatever was seen. */
  async say(read: boolean): Promise<void> {
    await this.#put(recordId.lesson(this.#lesson), read ? "read" : "started");
  }

  async #put(id: string, state: "read" | "started"): Promise<void> {
    await this.#storage.put("progress", { id, state, date: new Date().toISOString() });
  }
}
