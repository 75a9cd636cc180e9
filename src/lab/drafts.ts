/** Code as it is typed, kept per lab, starter and tab; restored, never run by itself, never overwritten by another tab. */
import type { DraftRecord, Storage } from "./storage.ts";

/** Seconds after a change at which it is kept at the latest. */
const pause = 0.5;
/** Texts of other tabs that are kept per lab. */
const keptOthers = 5;
const channelName = "perflab-drafts";

export interface KeptDraft {
  readonly draft: DraftRecord;
  /** It grew from an older starter. */
  readonly outdated: boolean;
  /** Other texts of this starter, from other tabs, newest first. */
  readonly others: readonly DraftRecord[];
}

export class Drafts {
  readonly #storage: Storage;
  readonly #lab: string;
  readonly #starter: string;
  readonly #tab = tabName();
  readonly #channel: BroadcastChannel | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: string | null = null;

  /** `onElsewhere`: another tab has changed its text of this lab. */
  constructor(storage: Storage, lab: string, starterHash: string, onElsewhere: (draft: DraftRecord) => void) {
    this.#storage = storage;
    this.#lab = lab;
    this.#starter = `${lab}:${starterHash}`;
    addEventListener("pagehide", this.#flush);
    document.addEventListener("visibilitychange", this.#flush);
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(channelName);
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<DraftRecord>) => {
      if (data.lab === lab && data.id !== this.#id) onElsewhere(data);
    });
  }

  get #id(): string {
    return `${this.#starter}:${this.#tab}`;
  }

  /** This tab's draft of this starter, else the newest; or, with `outdated`, the newest of an older starter. */
  async restore(): Promise<KeptDraft | null> {
    const ofLab = (await this.#storage.all("drafts")).filter(({ lab }) => lab === this.#lab);
    const newestFirst = ofLab.toSorted((a, b) => b.date.localeCompare(a.date));
    const current = newestFirst.filter(({ id }) => id === this.#starter || id.startsWith(`${this.#starter}:`));
    const own = current.find(({ id }) => id === this.#id) ?? current[0];
    if (own !== undefined) {
      const others = current.filter(({ id, code }) => id !== own.id && code !== own.code);
      for (const old of current.filter(({ id }) => id !== own.id).slice(keptOthers))
        await this.#storage.delete("drafts", old.id);
      return { draft: own, outdated: false, others: others.slice(0, keptOthers) };
    }
    const [old] = newestFirst;
    return old === undefined ? null : { draft: old, outdated: true, others: [] };
  }

  /** Keeps the code half a second after the first change that is not kept yet, or when the page is left. */
  save(code: string): void {
    this.#pending = code;
    this.#timer ??= setTimeout(this.#flush, pause * 1000);
  }

  /** Keeps a text beside this tab's own, to be offered with those of other tabs. */
  async setAside(code: string): Promise<void> {
    const date = new Date().toISOString();
    await this.#storage.put("drafts", {
      id: `${this.#starter}:aside-${date}-${crypto.randomUUID().slice(0, 8)}`,
      lab: this.#lab,
      code,
      date,
    });
  }

  dispose(): void {
    this.#flush();
    this.#channel?.close();
    removeEventListener("pagehide", this.#flush);
    document.removeEventListener("visibilitychange", this.#flush);
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending === null) return;
    const record = { id: this.#id, lab: this.#lab, code: this.#pending, date: new Date().toISOString() };
    this.#pending = null;
    void this.#storage.put("drafts", record);
    this.#channel?.postMessage(record);
  };
}

/** The same after a reload of the tab, another in every other tab. */
function tabName(): string {
  const fresh = crypto.randomUUID().slice(0, 8);
  try {
    const known = sessionStorage.getItem("perflab-tab");
    if (known !== null) return known;
    sessionStorage.setItem("perflab-tab", fresh);
  } catch {
    // Without storage, a reload counts as another tab.
  }
  return fresh;
}
