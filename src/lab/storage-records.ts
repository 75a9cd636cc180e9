/** What the course remembers on this device, store by store. */
import type { ChartDescription, ChartOrigin } from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";

/**
 * One row a lesson, section, lab or quiz question, and one for where the reader was last: `id` such as "lesson:01-introduction",
 * "section:01-introduction/in-short", "lab:anatomy-of-one-request", "quiz:01-introduction/e2e-by-hand" or "place"; and one for what a
 * lab's checks said so far, "checks:anatomy-of-one-request".
 */
export interface ProgressRecord {
  readonly id: string;
  readonly state: ProgressState;
  /** ISO date and time. */
  readonly date: string;
  /** What belongs to the state: the chosen option of a quiz, the address of the place under the site's base. */
  readonly detail?: string | number;
  /** What the place is called. */
  readonly title?: string;
  /** Presses of Check that came to a verdict. */
  readonly attempts?: number;
  /** By a check's name: in how many of them it failed. */
  readonly failed?: Readonly<Record<string, number>>;
}
export const progressStates = ["started", "answered", "read", "passed"] as const;
export type ProgressState = (typeof progressStates)[number];

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

/** One press of Run, small enough to keep them all. */
export interface RunRecord {
  /** `<lab>:<date>`. */
  readonly id: string;
  readonly lab: string;
  readonly name: string;
  readonly date: string;
  readonly origin: ChartOrigin["kind"];
  readonly target: string;
  readonly pinned: boolean;
  /** Seconds, tokens per second, counts: by metric. What the code exported, then what its last Run says. */
  readonly summary: Readonly<Record<string, number>>;
  /** null: kept by a version of the course that did not keep it, or from another tool's file. */
  readonly code: string | null;
  readonly seed: number | null;
  readonly params: Readonly<Record<string, number | string>>;
  /** How many Runs this press made. */
  readonly runs: number;
  /** It ran the lab's solution. */
  readonly ofSolution?: boolean;
  /** The file that it came from. */
  readonly from?: string;
}

/** The columns and pictures of a kept run; only of pinned runs and the last 50. `id` is the run's. */
export interface RunDataRecord {
  readonly id: string;
  readonly date: string;
  readonly runs: readonly Run[];
  readonly charts: readonly { readonly description: ChartDescription; readonly origin: ChartOrigin }[];
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

export const storeNames: readonly StoreName[] = ["progress", "predictions", "drafts", "runs", "runData", "settings"];

/** What the pages rely on, by store: a record without it would end the script that reads it. Files are looked at closely (keep/valid-record.ts). */
const texts: Readonly<Record<StoreName, readonly string[]>> = {
  progress: ["id", "date", "state"],
  predictions: ["id", "date"],
  drafts: ["id", "date", "lab", "code"],
  runs: ["id", "date", "lab", "name"],
  runData: ["id", "date"],
  settings: ["id"],
};
const objects: Readonly<Partial<Record<StoreName, readonly string[]>>> = {
  runs: ["summary", "params"],
  runData: ["runs", "charts"],
};

export function isReadable(store: StoreName, record: unknown): boolean {
  if (typeof record !== "object" || record === null) return false;
  const fields = record as Readonly<Record<string, unknown>>;
  return (
    texts[store].every((name) => typeof fields[name] === "string") &&
    (objects[store] ?? []).every((name) => typeof fields[name] === "object" && fields[name] !== null)
  );
}
