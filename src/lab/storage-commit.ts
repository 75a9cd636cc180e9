/** IndexedDB whose writes are committed with their request, so that one made just before the page is left is kept. */
import type { IDBPDatabase, IDBPObjectStore, StoreNames } from "idb";
import type { Schema } from "./storage-migrations.ts";

/** What IndexedDB does for us; rejects where it refuses. */
export type Backend = Pick<IDBPDatabase<Schema>, "get" | "getAll" | "getAllKeys" | "put" | "delete" | "clear">;

type WriteStore = IDBPObjectStore<Schema, StoreNames<Schema>[], StoreNames<Schema>, "readwrite">;

/**
 * Left to itself a transaction is committed only once its requests have been answered, and a page that is reloaded or closed before
 * then takes its last write with it.
 */
export function committing(db: IDBPDatabase<Schema>): Backend {
  const write = async <T>(name: StoreNames<Schema>, use: (store: WriteStore) => Promise<T>): Promise<T> => {
    const transaction = db.transaction(name, "readwrite");
    const asked = use(transaction.store as unknown as WriteStore);
    transaction.commit();
    // Where the whole transaction is given up, its request hears only that: why, the transaction says.
    const [answer, done] = await Promise.allSettled([asked, transaction.done]);
    if (done.status === "rejected") throw done.reason;
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  };
  return {
    get: db.get.bind(db),
    getAll: db.getAll.bind(db),
    getAllKeys: db.getAllKeys.bind(db),
    put: (name, record) => write(name, (store) => store.put(record as never)) as never,
    delete: (name, id) => write(name, (store) => store.delete(id as never)),
    clear: (name) => write(name, (store) => store.clear()),
  };
}
