/** Everything that the course remembers as one JSON file: written, read and checked, merged into what is here. */
import { InputError } from "../../engine/errors.ts";
import { storeNames, type ProgressRecord, type Records, type StoreName } from "../storage-records.ts";
import type { Storage } from "../storage.ts";
import { fromTypedJson, toTypedJson } from "./typed-json.ts";
import { isRecord } from "./valid-record.ts";

const format = "ai-performance-engineering";
const version = 1;

export type Kept = { readonly [Name in StoreName]?: readonly Records[Name][] };

export interface ReadFile {
  readonly kept: Kept;
  /** What the file holds and could not be read, in words. */
  readonly left: readonly string[];
}

/** `date`: ISO date and time of writing. */
export function writeKeepFile(kept: Kept, date: string): string {
  return toTypedJson({ format, version, date, stores: kept });
}

export async function everythingKept(storage: Storage): Promise<Kept> {
  const stores = await Promise.all(storeNames.map(async (name) => [name, await storage.all(name)] as const));
  return Object.fromEntries(stores);
}

export function isKeepFile(text: string): boolean {
  return (
    text.slice(0, 200).includes(`"format":"${format}"`) ||
    /^\s*\{\s*"format"\s*:\s*"ai-performance-engineering"/.test(text)
  );
}

/** Throws InputError for another file, a damaged one, or one of a newer version. */
export function readKeepFile(text: string): ReadFile {
  const what = "a file that this course has exported (JSON)";
  let file: unknown;
  try {
    file = fromTypedJson(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new InputError("the file", text.trim() === "" ? "empty" : `damaged: ${text.trim().slice(0, 40)}…`, what);
  }
  const { format: named, version: made, stores } = (file ?? {}) as Record<string, unknown>;
  if (named !== format || typeof stores !== "object" || stores === null)
    throw new InputError("the file", "another JSON file", what);
  if (typeof made !== "number" || made > version)
    throw new InputError(
      "the version of the file",
      made,
      `${version} or older: reload the page to get the newer course`,
    );
  const kept: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [name, records] of Object.entries(stores)) {
    const store = storeNames.find((each) => each === name);
    if (store === undefined || !Array.isArray(records)) {
      left.push(`"${name}", which this version does not know`);
      continue;
    }
    const good = records.filter((record) => isRecord(store, record));
    if (good.length < records.length)
      left.push(`${records.length - good.length} of ${records.length} in ${storeWords[store]}, which can't be read`);
    kept[store] = good;
  }
  return { kept, left };
}

export const storeWords: Readonly<Record<StoreName, string>> = {
  progress: "progress",
  predictions: "predictions",
  drafts: "drafts",
  runs: "kept runs",
  runData: "raw data of runs",
  settings: "settings",
};

export interface Merged {
  /** Records that are new or replace an older one here, by store. */
  readonly added: Readonly<Record<StoreName, number>>;
  /** Where both had something and one had to give way, in words. */
  readonly said: readonly string[];
}

const isDone = ({ state }: ProgressRecord): boolean => state === "passed" || state === "read";

/** Nothing that is here is overwritten by something older, and no text of the learner's is lost. */
export async function mergeKept(storage: Storage, kept: Kept): Promise<Merged> {
  const added = Object.fromEntries(storeNames.map((name) => [name, 0])) as Record<StoreName, number>;
  const said: string[] = [];
  const merge = async <Name extends StoreName>(
    store: Name,
    decide: (theirs: Records[Name], ours: Records[Name] | undefined) => Records[Name] | null,
  ) => {
    for (const theirs of kept[store] ?? []) {
      const record = decide(theirs, await storage.get(store, theirs.id));
      if (record === null) continue;
      await storage.put(store, record);
      added[store]++;
    }
  };
  await merge("progress", (theirs, ours) => {
    if (ours === undefined) return theirs;
    if (isDone(ours) !== isDone(theirs)) return isDone(theirs) ? theirs : null;
    return theirs.date > ours.date ? theirs : null;
  });
  await merge("predictions", (theirs, ours) => {
    if (ours === undefined) return theirs;
    if (theirs.value === ours.value) return ours.actual === undefined && theirs.actual !== undefined ? theirs : null;
    const earlier = theirs.date < ours.date;
    said.push(
      `${theirs.id}: predicted ${ours.value} here and ${theirs.value} in the file; the earlier one, ${(earlier ? theirs : ours).value}, counts.`,
    );
    return earlier ? theirs : null;
  });
  await merge("drafts", (theirs, ours) => {
    if (ours === undefined) return theirs;
    if (ours.code === theirs.code) return null;
    said.push(`${theirs.lab}: two drafts; the lab offers the other one when you open it.`);
    return { ...theirs, id: `${theirs.id}:from-file-${theirs.date}` };
  });
  await merge("runs", (theirs, ours) => {
    if (ours === undefined) return theirs;
    if (ours.name !== theirs.name) said.push(`A kept run is "${ours.name}" here and "${theirs.name}" in the file.`);
    return theirs.pinned && !ours.pinned ? { ...ours, pinned: true } : null;
  });
  await merge("runData", (theirs, ours) => (ours === undefined ? theirs : null));
  await merge("settings", (theirs, ours) => (ours === undefined ? theirs : null));
  return { added, said };
}
