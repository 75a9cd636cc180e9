/** What differs between two kept runs: where they ran, with which values, by which code, and what came out. */
import { diffLines } from "diff";
import { compare } from "../../engine/metrics/compare.ts";
import type { ComparedRow } from "../../engine/metrics/types.ts";
import type { LabSetup } from "../setup.ts";
import type { RunDataRecord, RunRecord } from "../storage.ts";
import { valueWords } from "../store/param-state.ts";

export interface Change {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** All but the code. */
export function changesOf(a: RunRecord, b: RunRecord, params: LabSetup["params"]): readonly Change[] {
  const names = new Set([...Object.keys(a.params), ...Object.keys(b.params)]);
  const value = (run: RunRecord, name: string) => {
    const kept = run.params[name];
    const known = params[name];
    return kept === undefined ? "not kept" : known === undefined ? String(kept) : valueWords(kept, known);
  };
  const seed = ({ seed }: RunRecord) => (seed === null ? "not kept" : String(seed));
  return [
    { what: "Ran on", from: a.target, to: b.target },
    { what: "Figures are", from: a.origin, to: b.origin },
    { what: "Seed", from: seed(a), to: seed(b) },
    ...[...names].map((name) => ({ what: params[name]?.label ?? name, from: value(a, name), to: value(b, name) })),
  ].filter(({ from, to }) => from !== to);
}

export interface CodeLine {
  readonly sign: "+" | "−" | " ";
  readonly text: string;
}

/** Lines around a change that are shown with it. */
const around = 2;

/** Changed lines and what stands around them; null between two places. Empty where the code is the same. */
export function codeChanges(a: string, b: string): readonly (CodeLine | null)[] {
  const all: CodeLine[] = diffLines(a, b).flatMap(({ added, removed, value }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) => ({ sign: added ? "+" : removed ? "−" : " ", text }) as const),
  );
  const changed = all.flatMap(({ sign }, i) => (sign === " " ? [] : [i]));
  const near = (i: number) => changed.some((at) => Math.abs(at - i) <= around);
  const out: (CodeLine | null)[] = [];
  let left = false;
  all.forEach((each, i) => {
    if (!near(i)) left = true;
    else {
      if (left && out.length > 0) out.push(null);
      left = false;
      out.push(each);
    }
  });
  return out;
}

export interface MeasuredDifference {
  readonly rows: readonly ComparedRow[];
  readonly changed: readonly string[];
  /** What is not in the rows, and how the loads differ. */
  readonly notes: readonly string[];
}

/** The last Runs of two presses against each other, with intervals; null where one of them has no raw data. */
export function measuredDifference(
  a: RunDataRecord | undefined,
  b: RunDataRecord | undefined,
): MeasuredDifference | null {
  const [before, after] = [a?.runs.at(-1), b?.runs.at(-1)];
  if (before === undefined || after === undefined) return null;
  const { rows, changed, leftOut, loads } = compare(before, after);
  return { rows, changed, notes: [...loads, ...leftOut] };
}
