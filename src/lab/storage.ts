/** The course's storage on this device: one small, versioned wrapper over IndexedDB, and memory where that is refused or full. */
import { openDB, type IDBPDatabase } from "idb";
import { committing, type Backend } from "./storage-commit.ts";
import { migrateFrom, migrations, type Schema } from "./storage-migrations.ts";
import { isReadable, type Records, type StoreName } from "./storage-records.ts";

export { storeNames } from "./storage-records.ts";
export type * from "./storage-records.ts";

export const databaseName = "ai-performance-engineering";

export interface Storage {
  /** Why something is not kept beyond this page, in words for the learner; null while all is kept. */
  readonly problem: string | null;
  /** Tells of every change of `problem`; answers with what stops it. */
  watch(tell: (problem: string | null) => void): () => void;
  /** Tells after every change of a store that was made through this object; answers with what stops it. */
  changed(store: StoreName, tell: () => void): () => void;
  get<Name extends StoreName>(store: Name, id: string): Promise<Records[Name] | undefined>;
  all<Name extends StoreName>(store: Name): Promise<readonly Records[Name][]>;
  keys(store: StoreName): Promise<readonly string[]>;
  put<Name extends StoreName>(store: Name, record: Records[Name]): Promise<void>;
  delete(store: StoreName, id: string): Promise<void>;
  clear(store: StoreName): Promise<void>;
}

let opened: Promise<Storage> | null = null;

/** The page's storage; opened once, never rejects. */
export function openStorage(): Promise<Storage> {
  return (opened ??= open());
}

/** Keeps until the page is left, and says nothing of it: for a lab that is only looked at, whose runs are nobody's progress. */
export function passingStorage(): Storage {
  return new KeptStorage(null);
}

async function open(): Promise<Storage> {
  try {
    if (typeof indexedDB === "undefined") throw new Error("no IndexedDB");
    let heldElsewhere = (): void => {};
    const blocked = new Promise<never>((_, reject) => {
      heldElsewhere = () => reject(new BlockedError());
    });
    const opening = openDB<Schema>(databaseName, migrations.length, {
      upgrade(target, from, _to, transaction) {
        // A migration that fails leaves its transaction unfinished, so that opening fails too.
        transaction.done.catch(() => undefined);
        void migrateFrom(from, target, transaction).catch(() => transaction.abort());
      },
      // A newer version of the course in another tab wants to migrate: let it.
      blocking: () => {
        db.close();
        storage.outdated();
      },
      // A tab with an older version holds on to it, and may do so for days.
      blocked: () => heldElsewhere(),
    });
    const db: IDBPDatabase<Schema> = await Promise.race([opening, blocked]).catch((error: unknown) => {
      // It may open yet, but this page has begun without it.
      void opening.then((late) => late.close()).catch(() => undefined);
      throw error;
    });
    const storage = new KeptStorage(committing(db));
    return storage;
  } catch (error) {
    const newer = error instanceof DOMException && error.name === "VersionError";
    const { blocked, refused } = problems;
    return new KeptStorage(null, newer ? problems.newer : error instanceof BlockedError ? blocked : refused);
  }
}

class BlockedError extends Error {}

const problems = {
  refused: "This browser refuses storage here, so your work is kept only until you leave the page.",
  blocked:
    "An older version of the course is open in another tab and holds what is kept here, so this page keeps your work only until you leave it. Close the other tab, then reload this page.",
  newer:
    "A newer version of the course has been used in this browser, so this page keeps your work only until you leave it. Reload to get the newer version.",
  outdated: "A newer version of the course is open in another tab. Reload this page; until then it keeps nothing new.",
  full: "The browser's storage is full, so new work is kept only until you leave the page. Delete kept runs, or free space on the device.",
  unreadable:
    "Some of what this browser kept can't be read any more and is left out. It stays where it is: export your progress to have it in a file.",
  failed: "The browser's storage failed, so new work is kept only until you leave the page.",
} as const;

/** What the browser refuses to keep stays in memory, in front of what it has kept before; nothing that was kept goes out of sight. */
export class KeptStorage implements Storage {
  readonly #db: Backend | null;
  #problem: string | null;
  readonly #listeners = new Set<(problem: string | null) => void>();
  readonly #changed = new Map<StoreName, Set<() => void>>();
  /** By store and id: records that are not kept, and null for what was deleted but could not be. */
  readonly #unkept = new Map<StoreName, Map<string, { readonly id: string } | null>>();
  #late = false;

  constructor(db: Backend | null, problem: string | null = null) {
    this.#db = db;
    this.#problem = problem;
  }

  get problem(): string | null {
    return this.#problem;
  }
  watch(tell: (problem: string | null) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }
  changed(store: StoreName, tell: () => void): () => void {
    const listeners = this.#changed.get(store) ?? new Set();
    this.#changed.set(store, listeners.add(tell));
    return () => listeners.delete(tell);
  }
  outdated(): void {
    this.#say(problems.outdated);
  }

  async get<Name extends StoreName>(store: Name, id: string): Promise<Records[Name] | undefined> {
    const here = this.#of(store).get(id);
    if (here !== undefined) return (here ?? undefined) as Records[Name] | undefined;
    const kept = await this.#read((db) => db.get(store, id) as Promise<Records[Name] | undefined>, undefined);
    return kept === undefined ? undefined : this.#readable(store, [kept])[0];
  }
  async all<Name extends StoreName>(store: Name): Promise<readonly Records[Name][]> {
    const found = await this.#read((db) => db.getAll(store) as unknown as Promise<Records[Name][]>, []);
    const kept = this.#readable(store, found);
    const here = this.#of(store);
    if (here.size === 0) return kept;
    const unkept = [...here.values()].filter((record) => record !== null) as unknown as Records[Name][];
    return [...kept.filter(({ id }) => !here.has(id)), ...unkept];
  }
  async keys(store: StoreName): Promise<readonly string[]> {
    const kept = await this.#read((db) => db.getAllKeys(store) as Promise<string[]>, []);
    const here = this.#of(store);
    return [...kept.filter((id) => !here.has(id)), ...[...here].flatMap(([id, record]) => (record ? [id] : []))];
  }
  async put<Name extends StoreName>(store: Name, record: Records[Name]): Promise<void> {
    const kept = await this.#write((db) => db.put(store, record as never));
    if (kept) this.#of(store).delete(record.id);
    else this.#of(store).set(record.id, record);
    this.#tellOf(store);
    if (kept && this.#of(store).size > 0) await this.#keepLate();
  }
  async delete(store: StoreName, id: string): Promise<void> {
    const kept = await this.#write((db) => db.delete(store, id));
    if (kept) this.#of(store).delete(id);
    else this.#of(store).set(id, null);
    this.#tellOf(store);
    if (kept) await this.#keepLate();
  }
  async clear(store: StoreName): Promise<void> {
    const ids = await this.keys(store);
    const kept = await this.#write((db) => db.clear(store));
    this.#unkept.delete(store);
    if (!kept) for (const id of ids) this.#of(store).set(id, null);
    this.#tellOf(store);
    if (kept) await this.#keepLate();
  }

  /** There is room, or was just made: what there was none for is tried again, the oldest first, until there is none again. */
  async #keepLate(): Promise<void> {
    if (this.#late || [...this.#unkept.values()].every(({ size }) => size === 0)) return;
    this.#late = true;
    try {
      for (const [store, records] of this.#unkept)
        for (const [id, record] of records) {
          const use = (db: Backend) => (record === null ? db.delete(store, id) : db.put(store, record as never));
          if (!(await this.#write(use))) return;
          // It may have been changed meanwhile, and could not be kept.
          if (records.get(id) === record) records.delete(id);
        }
    } finally {
      this.#late = false;
    }
    if (this.#problem === problems.full || this.#problem === problems.failed) this.#say(null);
  }

  /** Without what no version of the course has written: a fault of the device, or a hand in the browser's tools. */
  #readable<Name extends StoreName>(store: Name, records: readonly Records[Name][]): readonly Records[Name][] {
    const good = records.filter((record) => isReadable(store, record));
    if (good.length < records.length && this.#problem === null) this.#say(problems.unreadable);
    return good;
  }

  #tellOf(store: StoreName): void {
    for (const tell of this.#changed.get(store) ?? []) tell();
  }

  async #read<T>(use: (db: Backend) => Promise<T>, otherwise: T): Promise<T> {
    if (this.#db === null) return otherwise;
    try {
      return await use(this.#db);
    } catch {
      if (this.#problem === null) this.#say(problems.failed);
      return otherwise;
    }
  }

  /** Whether the browser has kept it. It is asked every time: space may have been made. */
  async #write(use: (db: Backend) => Promise<unknown>): Promise<boolean> {
    if (this.#db === null) return false;
    try {
      await use(this.#db);
      return true;
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      if (full || this.#problem === null) this.#say(full ? problems.full : problems.failed);
      return false;
    }
  }

  #say(problem: string | null): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    for (const tell of this.#listeners) tell(problem);
  }

  #of(store: StoreName): Map<string, { readonly id: string } | null> {
    const records = this.#unkept.get(store) ?? new Map<string, { readonly id: string } | null>();
    this.#unkept.set(store, records);
    return records;
  }
}
