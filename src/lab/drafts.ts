/** Code as it is typed, kept per lab and starter; restored, never run by itself. */
import type { DraftRecord, Storage } from "./storage.ts";

const pause = 500;

export class Drafts {
  readonly #storage: Storage;
  readonly #lab: string;
  readonly #id: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: string | null = null;

  constructor(storage: Storage, lab: string, starterHash: string) {
    this.#storage = storage;
    this.#lab = lab;
    this.#id = `${lab}:${starterHash}`;
    addEventListener("pagehide", this.#flush);
    document.addEventListener("visibilitychange", this.#flush);
  }

  /** The draft of this starter; or, with `outdated`, the newest of an older one. */
  async restore(): Promise<{ readonly draft: DraftRecord; readonly outdated: boolean } | null> {
    const draft = await this.#storage.get("drafts", this.#id);
    if (draft !== undefined) return { draft, outdated: false };
    const older = (await this.#storage.all("drafts")).filter(({ lab }) => lab === this.#lab);
    const newest = older.sort((a, b) => b.date.localeCompare(a.date))[0];
    return newest === undefined ? null : { draft: newest, outdated: true };
  }

  /** Keeps the code half a second after the last change, or when the page is left. */
  save(code: string): void {
    this.#pending = code;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#flush, pause);
  }

  async discard(): Promise<void> {
    this.#pending = null;
    clearTimeout(this.#timer);
    await this.#storage.delete("drafts", this.#id);
  }

  dispose(): void {
    this.#flush();
    removeEventListener("pagehide", this.#flush);
    document.removeEventListener("visibilitychange", this.#flush);
  }

  readonly #flush = (): void => {
    if (this.#pending === null) return;
    const record = { id: this.#id, lab: this.#lab, code: this.#pending, date: new Date().toISOString() };
    this.#pending = null;
    void this.#storage.put("drafts", record);
  };
}
