/** Many learners' files as one class: merged, counted lab by lab, as CSV, and as a picture of where it gets stuck. */
import { bars } from "../../engine/chart/bars.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { ClassFile, ClassLab } from "./class-file.ts";

export interface LabName {
  readonly id: string;
  readonly title: string;
}

/** A lab that somebody has begun. Counts of learners unless it says otherwise. */
export interface ClassRow extends LabName {
  readonly begun: number;
  readonly passed: number;
  /** Presses of Check, of all learners together. */
  readonly attempts: number;
  readonly predicted: number;
  readonly close: number;
  /** The check that failed most often, and in how many presses; null where none failed. */
  readonly worst: { readonly check: string; readonly times: number } | null;
}

/** Bars in one picture: more can't be read. */
const mostBars = 12;

/** One file a learner, the newest, whatever the order in which they came; by name. */
export function mergeClass(files: readonly ClassFile[]): readonly ClassFile[] {
  const newest = new Map<string, ClassFile>();
  for (const file of files) {
    const other = newest.get(file.code);
    if (other === undefined || isNewer(file, other)) newest.set(file.code, file);
  }
  return [...newest.values()].sort((a, b) => compare(a.learner, b.learner) || compare(a.code, b.code));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of two of the same instant the text decides, so that the order of files never does. */
function isNewer(a: ClassFile, b: ClassFile): boolean {
  return (compare(a.date, b.date) || compare(JSON.stringify(a), JSON.stringify(b))) > 0;
}

/** `labs`: of the course, in its order; labs that it does not know follow by name. */
export function classTable(learners: readonly ClassFile[], labs: readonly LabName[]): readonly ClassRow[] {
  const tried = new Map<string, ClassLab[]>();
  for (const { labs: own } of learners) for (const lab of own) tried.set(lab.id, [...(tried.get(lab.id) ?? []), lab]);
  const known = new Set(labs.map(({ id }) => id));
  const others = [...tried.keys()].filter((id) => !known.has(id)).sort(compare);
  return [...labs, ...others.map((id) => ({ id, title: id }))].flatMap(({ id, title }) => {
    const each = tried.get(id);
    return each === undefined ? [] : [rowOf({ id, title }, each)];
  });
}

function rowOf(name: LabName, each: readonly ClassLab[]): ClassRow {
  const times = new Map<string, number>();
  for (const { failed } of each)
    for (const [check, n] of Object.entries(failed)) times.set(check, (times.get(check) ?? 0) + n);
  const [worst] = [...times].filter(([, n]) => n > 0).sort(([a, n], [b, m]) => m - n || compare(a, b));
  const predictions = each.flatMap(({ prediction }) => prediction ?? []);
  return {
    ...name,
    begun: each.length,
    passed: each.filter(({ passed }) => passed !== null).length,
    attempts: each.reduce((sum, { attempts }) => sum + attempts, 0),
    predicted: predictions.length,
    close: predictions.filter(({ close }) => close).length,
    worst: worst === undefined ? null : { check: worst[0], times: worst[1] },
  };
}

/** The labs where most have begun and not passed, most first; null for an empty class. */
export function stuckChart(rows: readonly ClassRow[]): ChartDescription | null {
  const open = ({ begun, passed }: ClassRow) => begun - passed;
  const most = [...rows].sort((a, b) => open(b) - open(a) || b.attempts - a.attempts).slice(0, mostBars);
  const [first] = most;
  if (first === undefined) return null;
  return bars({
    title: "Where the class gets stuck",
    says:
      open(first) === 0
        ? "Every lab that was begun was passed."
        : `Most are stuck in “${first.title}”: ${open(first)} of ${first.begun} who began it ${open(first) === 1 ? "has" : "have"} not passed it.${rows.length > mostBars ? ` The ${mostBars} labs with most open are drawn of ${rows.length}.` : ""}`,
    y: { label: "learners" },
    categories: most.map(({ title }) => title),
    series: [
      { name: "passed", values: most.map(({ passed }) => passed) },
      { name: "begun, not passed", values: most.map(open) },
    ],
    stacked: true,
  });
}

export function classCsv(rows: readonly ClassRow[]): string {
  const lines = rows.map(({ id, title, begun, passed, attempts, predicted, close, worst }) =>
    [
      cell(id),
      cell(title),
      begun,
      passed,
      attempts,
      predicted,
      close,
      cell(worst?.check ?? ""),
      worst?.times ?? 0,
    ].join(","),
  );
  return `${["lab,title,begun,passed,attempts,predicted,close,most failed check,times", ...lines].join("\n")}\n`;
}

/** Quoted; a text from a stranger's file must not become a formula of a spreadsheet. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}
