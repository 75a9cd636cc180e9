/** The kept runs of a lab: listed, named, pinned, deleted and chosen to be compared. */
import { batch, computed, signal } from "@preact/signals-core";
import { numbersOf } from "../keep/run-numbers.ts";
import type { RunDataRecord, RunRecord, Storage } from "../storage.ts";
import type { FinishedRun } from "./finished-run.ts";

/** Of the runs that are not pinned, this many, over all labs, keep their raw data. */
export const keptData = 50;
/** Rows that are shown at first, and that "more" adds. */
const page = 20;

export interface DeletedRuns {
  readonly records: readonly RunRecord[];
  readonly data: readonly RunDataRecord[];
}

export class KeptRuns {
  readonly lab: string;
  /** Newest first; pinned ones before the others. */
  readonly list = signal<readonly RunRecord[]>([]);
  readonly chosen = signal<readonly string[]>([]);
  readonly shown = signal(page);
  /** What was deleted last, until something else happens. */
  readonly deleted = signal<DeletedRuns | null>(null);
  /** What was read or could not be, in words. */
  readonly said = signal<string | null>(null);
  readonly visible = computed(() => this.list.value.slice(0, this.shown.value));
  #storage: Storage | null = null;

  constructor(lab: string) {
    this.lab = lab;
  }

  /** Brings the list back; also after another page or a file has changed it. */
  async restore(storage: Storage): Promise<void> {
    this.#storage = storage;
    this.#show((await storage.all("runs")).filter(({ lab }) => lab === this.lab));
  }

  more(): void {
    this.shown.value += page * 5;
  }

  choose(id: string, on: boolean): void {
    const others = this.chosen.peek().filter((each) => each !== id);
    this.chosen.value = on ? [...others, id] : others;
  }

  async keep({ outcome, date, code, ofSolution, params, seed, target, charts }: FinishedRun): Promise<void> {
    const storage = this.#storage;
    if (storage === null) return;
    const last = outcome.runs.at(-1);
    const kinds = [...outcome.runs.map(({ origin }) => origin.kind), ...charts.map(({ origin }) => origin.kind)];
    const record: RunRecord = {
      id: this.#freeId(date),
      lab: this.lab,
      name: this.#nextName(),
      date,
      origin: kinds.includes("measured") ? "measured" : kinds.includes("simulated") ? "simulated" : "calculated",
      target,
      pinned: false,
      summary: numbersOf(outcome.exported, last),
      code,
      seed,
      params,
      runs: outcome.runs.length,
      ...(ofSolution ? { ofSolution } : {}),
    };
    batch(() => {
      this.deleted.value = null;
      this.#show([record, ...this.list.peek()]);
    });
    await storage.put("runs", record);
    const pictures = charts.map(({ description, origin }) => ({ description, origin }));
    await storage.put("runData", { id: record.id, date, runs: outcome.runs, charts: pictures });
    await this.#forgetOldData(record.id);
  }

  async rename(id: string, typed: string): Promise<void> {
    const name = typed.trim().slice(0, 80);
    if (name !== "") await this.#change(id, { name });
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    await this.#change(id, { pinned });
    if (!pinned) await this.#forgetOldData();
  }

  async remove(ids: readonly string[]): Promise<void> {
    const storage = this.#storage;
    if (storage === null) return;
    const records = this.list.peek().filter(({ id }) => ids.includes(id));
    const data = (await Promise.all(ids.map((id) => storage.get("runData", id)))).filter((each) => each !== undefined);
    batch(() => {
      this.deleted.value = { records, data };
      this.chosen.value = this.chosen.peek().filter((id) => !ids.includes(id));
      this.#show(this.list.peek().filter(({ id }) => !ids.includes(id)));
    });
    for (const id of ids) {
      await storage.delete("runs", id);
      await storage.delete("runData", id);
    }
  }

  async undoRemove(): Promise<void> {
    const gone = this.deleted.peek();
    this.deleted.value = null;
    if (gone !== null) await this.add(gone.records, gone.data);
  }

  /** Puts records in the list and keeps them; those that are there already stay as they are. */
  async add(records: readonly RunRecord[], data: readonly RunDataRecord[]): Promise<void> {
    const storage = this.#storage;
    if (storage === null) return;
    const known = new Set(this.list.peek().map(({ id }) => id));
    const fresh = records.filter(({ id }) => !known.has(id));
    this.#show([...fresh, ...this.list.peek()]);
    for (const record of fresh) await storage.put("runs", record);
    for (const each of data) if (!known.has(each.id)) await storage.put("runData", each);
    await this.#forgetOldData();
  }

  data(id: string): Promise<RunDataRecord | undefined> {
    return this.#storage?.get("runData", id) ?? Promise.resolve(undefined);
  }

  async #change(id: string, change: Partial<RunRecord>): Promise<void> {
    const changed = this.list.peek().map((record) => (record.id === id ? { ...record, ...change } : record));
    this.#show(changed);
    const record = changed.find((each) => each.id === id);
    if (record !== undefined) await this.#storage?.put("runs", record);
  }

  #show(records: readonly RunRecord[]): void {
    this.list.value = records.toSorted((a, b) => Number(b.pinned) - Number(a.pinned) || b.date.localeCompare(a.date));
  }

  #nextName(): string {
    const numbers = this.list.peek().flatMap(({ name }) => /^Run (\d+)$/.exec(name)?.[1] ?? []);
    return `Run ${Math.max(0, ...numbers.map(Number)) + 1}`;
  }

  #freeId(date: string): string {
    const taken = new Set(this.list.peek().map(({ id }) => id));
    let id = `${this.lab}:${date}`;
    for (let n = 2; taken.has(id); n++) id = `${this.lab}:${date}#${n}`;
    return id;
  }

  /** A device whose clock was set back dates what it has just kept before all else: that stays. Raw data are kept of pinned runs and of the last ones, whichever lab they are of. */
  async #forgetOldData(justKept?: string): Promise<void> {
    const storage = this.#storage;
    if (storage === null) return;
    const withData = await storage.keys("runData");
    if (withData.length <= keptData) return;
    const pinned = new Set((await storage.all("runs")).flatMap(({ id, pinned }) => (pinned ? [id] : [])));
    const spare = withData.filter((id) => !pinned.has(id) && id !== justKept);
    const unpinned = spare.toSorted((a, b) => dateOf(b).localeCompare(dateOf(a)));
    for (const id of unpinned.slice(justKept === undefined ? keptData : keptData - 1))
      await storage.delete("runData", id);
  }
}

function dateOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}
