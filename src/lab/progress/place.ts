/** Where the reader was last: kept as one record of the progress store, so that home can lead back to it. */
import type { ProgressRecord } from "../storage-records.ts";
import type { Storage } from "../storage.ts";

export interface Place {
  /** Under the site's base, such as "lessons/01-introduction/#in-short". */
  readonly address: string;
  readonly title: string;
}

/** A path of this site and no more: the record may come from a file that someone else wrote. */
const OURS = /^(?:[a-z0-9-]+\/)+(?:#[\w.-]+)?$/;

export async function keepPlace(storage: Storage, { address, title }: Place): Promise<void> {
  await storage.put("progress", {
    id: "place",
    state: "started",
    date: new Date().toISOString(),
    detail: address,
    title,
  });
}

/** null where there is none, or none that can be led to. */
export function placeOf(records: ReadonlyMap<string, ProgressRecord>): Place | null {
  const { detail, title } = records.get("place") ?? {};
  return typeof detail === "string" && OURS.test(detail) && title !== undefined ? { address: detail, title } : null;
}
