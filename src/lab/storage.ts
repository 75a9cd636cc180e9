/** What the course remembers on this device: one small, versioned wrapper over IndexedDB, and memory where that is refused. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type { Run } from "../engine/run.ts";

/** One row a lesson, lab or quiz question; `id` such as "lab:anatomy-of-one-request" or "quiz:01-introduction/3". */
export interface ProgressRecord {
  readonly id: string;
  readonly state: "started" | "passed" | "answered";
  /** ISO date and time. */
  readonly date: string;
  /** What belongs to the state: the chosen option of a quiz, the checks passed of a lab. */
  readonly detail?: string | number;
}

/** A prediction, locked once its lab has run. `id` is the lab's. */
export interface PredictionRecord {
  readonly id: string;
  readonly value: number;
  readonly date: string;
  /** What correct code says, known after the lab's first run. */
  readonly actual?: number;
  readonly unit?: string;
  /** Relative error up to which the lab counts it as close. */
  readonly tolerance?: number;
  /** One line: why the learner thinks so. */
  readonly reason?: string;
  /** Chances out of 100 that the learner gives it of being close. */
  readonly confidence?: number;
  /** It was made after a run had been seen, so it says nothing about foresight. */
  readonly afterRun?: boolean;
}

/** Code as typed. `id` is the lab's, the hash of the starter it grew from, and the tab it was typed in. */
export interface DraftRecord {
  readonly id: string;
  readonly lab: string;
  readonly code: string;
  readonly date: string;
}

/** One run of a lab, small enough to keep them all. */
export interface RunRecord {
  readonly id: string;
  readonly lab: string;
  readonly name: string;
  readonly date: string;
  readonly origin: "simulated" | "measured";
  readonly target: string;
  readonly pinned: boolean;
  /** Seconds, tokens per second, counts: by metric. */
  readonly summary: Readonly<Record<string, number>>;
}

/** The columns of a run; only of pinned runs and the last 50. `id` is the run's. */
export interface RunDataRecord {
  readonly id: string;
  readonly date: string;
  readonly run: Run;
}

export interface SettingRecord {
  readonly id: string;
  readonly value: string | number | boolean;
}

export interface Records {
  progress: ProgressRecord;
  predictions: PredictionRecord;
  drafts: DraftRecord;
  runs: RunRecord;
  runData: RunDataRecord;
  settings: SettingRecord;
}
export type StoreName = keyof Records;

type Schema = DBSchema & { [Name in StoreName]: { key: string; value: Records[Name] } };

type Upgrade = (
  db: IDBPDatabase<Schema>,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
) => void;

/** Migration n turns version n into version n + 1. Append; never change one that has shipped. */
const migrations: readonly Upgrade[] = [
  (db) => {
    for (const name of storeNames) db.createObjectStore(name, { keyPath: "id" });
  },
];

export const storeNames: readonly StoreName[] = ["progress", "predictions", "drafts", "runs", "runData", "settings"];
const database = "ai-performance-engineering";

export interface Storage {
  /** False where nothing outlives the page; the reason is then in `problem`, in words for the learner. */
  readonly kept: boolean;
  readonly problem: string | null;
  get<Name extends StoreName>(store: Name, id: string): Promise<Records[Name] | undefined>;
  all<Name extends StoreName>(store: Name): Promise<readonly Records[Name][]>;
  put<Name extends StoreName>(store: Name, record: Records[Name]): Promise<void>;
  delete(store: StoreName, id: string): Promise<void>;
  clear(store: StoreName): Promise<void>;
}

let opened: Promise<Storage> | null = null;

/** The page's storage; opened once, never rejects. */
export function openStorage(): Promise<Storage> {
  return (opened ??= open());
}

async function open(): Promise<Storage> {
  try {
    if (typeof indexedDB === "undefined") throw new Error("no IndexedDB");
    const db: IDBPDatabase<Schema> = await openDB<Schema>(database, migrations.length, {
      upgrade(target, from, _to, transaction) {
        for (const migrate of migrations.slice(from)) migrate(target, transaction as Parameters<Upgrade>[1]);
      },
      // A newer version of the course in another tab wants to migrate: let it.
      blocking: () => db.close(),
    });
    return new IndexedStorage(db);
  } catch {
    return new MemoryStorage("This browser refuses storage here, so your work is kept only until you leave the page.");
  }
}

class IndexedStorage implements Storage {
  readonly #db: IDBPDatabase<Schema>;
  /** Takes over, with what could still be read, once the database fails. */
  #fallback: MemoryStorage | null = null;

  constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }
  get kept(): boolean {
    return this.#fallback === null;
  }
  get problem(): string | null {
    return this.#fallback?.problem ?? null;
  }
  get<Name extends StoreName>(store: Name, id: string): Promise<Records[Name] | undefined> {
    return this.#try(
      async () => (await this.#db.get(store, id)) as Records[Name] | undefined,
      (memory) => memory.get(store, id),
    );
  }
  all<Name extends StoreName>(store: Name): Promise<readonly Records[Name][]> {
    return this.#try(
      async () => (await this.#db.getAll(store)) as unknown as Records[Name][],
      (memory) => memory.all(store),
    );
  }
  put<Name extends StoreName>(store: Name, record: Records[Name]): Promise<void> {
    return this.#try(
      async () => void (await this.#db.put(store, record as never)),
      (memory) => memory.put(store, record),
    );
  }
  delete(store: StoreName, id: string): Promise<void> {
    return this.#try(
      () => this.#db.delete(store, id),
      (memory) => memory.delete(store, id),
    );
  }
  clear(store: StoreName): Promise<void> {
    return this.#try(
      () => this.#db.clear(store),
      (memory) => memory.clear(store),
    );
  }

  async #try<T>(use: () => Promise<T>, instead: (memory: MemoryStorage) => Promise<T>): Promise<T> {
    if (this.#fallback !== null) return instead(this.#fallback);
    try {
      return await use();
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      this.#fallback = new MemoryStorage(
        full
          ? "The browser's storage is full, so new work is kept only until you leave the page."
          : "The browser's storage failed, so new work is kept only until you leave the page.",
      );
      return instead(this.#fallback);
    }
  }
}

/** Keeps records until the page is left. */
export class MemoryStorage implements Storage {
  readonly kept = false;
  readonly problem: string;
  readonly #records = new Map<StoreName, Map<string, { readonly id: string }>>();

  constructor(problem: string) {
    this.problem = problem;
  }
  get<Name extends StoreName>(store: Name, id: string): Promise<Records[Name] | undefined> {
    return Promise.resolve(this.#of(store).get(id) as Records[Name] | undefined);
  }
  all<Name extends StoreName>(store: Name): Promise<readonly Records[Name][]> {
    return Promise.resolve([...this.#of(store).values()] as unknown as Records[Name][]);
  }
  put<Name extends StoreName>(store: Name, record: Records[Name]): Promise<void> {
    this.#of(store).set(record.id, record);
    return Promise.resolve();
  }
  delete(store: StoreName, id: string): Promise<void> {
    this.#of(store).delete(id);
    return Promise.resolve();
  }
  clear(store: StoreName): Promise<void> {
    this.#of(store).clear();
    return Promise.resolve();
  }
  #of(store: StoreName): Map<string, { readonly id: string }> {
    const records = this.#records.get(store) ?? new Map<string, { readonly id: string }>();
    this.#records.set(store, records);
    return records;
  }
}
