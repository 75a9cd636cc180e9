/** How what an older version of the course kept becomes what this one keeps. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import { storeNames, type Records, type StoreName } from "./storage-records.ts";

export type Schema = DBSchema & { [Name in StoreName]: { key: string; value: Records[Name] } };
type Transaction = IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">;
type Migration = (db: IDBPDatabase<Schema>, transaction: Transaction) => void | Promise<void>;

/** Migration n turns version n into version n + 1. Append; never change one that has shipped. */
export const migrations: readonly Migration[] = [
  (db) => {
    for (const name of storeNames) db.createObjectStore(name, { keyPath: "id" });
  },
  // Runs are kept with their code, seed and parameters, and with every Run of the press.
  async (_db, transaction) => {
    await rewrite(transaction, "runs", withSource);
    await rewrite(transaction, "runData", withCharts);
  },
];

/** Brings a database of version `from` up to this one. */
export async function migrateFrom(from: number, ...at: Parameters<Migration>): Promise<void> {
  for (const migrate of migrations.slice(from)) await migrate(...at);
}

async function rewrite<Name extends StoreName>(
  transaction: Transaction,
  name: Name,
  change: (old: Records[Name]) => Records[Name],
): Promise<void> {
  for (let cursor = await transaction.objectStore(name).openCursor(); cursor; cursor = await cursor.continue())
    await cursor.update(change(cursor.value as Records[Name]) as never);
}

/** What version 1 did not keep is said to be unknown. */
export function withSource(old: Omit<Records["runs"], "code" | "seed" | "params" | "runs">): Records["runs"] {
  return { code: null, seed: null, params: {}, runs: 1, ...old };
}

/** Version 1 kept one Run, by itself. */
export function withCharts(old: object): Records["runData"] {
  const { run, ...rest } = old as { run?: Records["runData"]["runs"][number] } & Records["runData"];
  return { ...rest, charts: [], runs: run === undefined ? [] : [run] };
}
