/** Whether something read from a file is a record of a store; files are foreign until they are looked at. */
import { progressStates, type Records, type StoreName } from "../storage-records.ts";
import { chartProblem } from "../chart-message.ts";
import { isRun } from "../../engine/valid-run.ts";

type Plain = Readonly<Record<string, unknown>>;

const isText = (value: unknown, most = 1_000): value is string => typeof value === "string" && value.length <= most;
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isDate = (value: unknown): boolean => isText(value, 40) && !Number.isNaN(Date.parse(value));
const maybe = (value: unknown, holds: (value: unknown) => boolean): boolean => value === undefined || holds(value);
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
const isMap = (value: unknown, holds: (value: unknown) => boolean): boolean =>
  isPlain(value) && Object.keys(value).length <= 1_000 && Object.values(value).every(holds);

/** Bytes of code that a draft or a run may hold. */
const mostCode = 1_000_000;

const holds: { readonly [Name in StoreName]: (record: Plain) => boolean } = {
  progress: ({ state, date, detail, title, attempts, failed }) =>
    progressStates.some((each) => each === state) &&
    isDate(date) &&
    maybe(detail, (value) => isText(value) || isNumber(value)) &&
    maybe(title, (value) => isText(value)) &&
    maybe(attempts, isNumber) &&
    maybe(failed, (value) => isMap(value, isNumber)),
  predictions: ({ value, date, actual, unit, tolerance, reason, confidence, afterRun }) =>
    isNumber(value) &&
    isDate(date) &&
    maybe(actual, isNumber) &&
    maybe(unit, (each) => isText(each)) &&
    maybe(tolerance, isNumber) &&
    maybe(reason, (each) => isText(each, 10_000)) &&
    maybe(confidence, (each) => isNumber(each) && each >= 0 && each <= 100) &&
    maybe(afterRun, (each) => typeof each === "boolean"),
  drafts: ({ lab, code, date }) => isText(lab) && isText(code, mostCode) && isDate(date),
  runs: ({ lab, name, date, origin, target, pinned, summary, code, seed, params, runs }) =>
    isText(lab) &&
    isText(name) &&
    isDate(date) &&
    ["simulated", "measured", "calculated"].includes(String(origin)) &&
    isText(target) &&
    typeof pinned === "boolean" &&
    isMap(summary, isNumber) &&
    (code === null || isText(code, mostCode)) &&
    (seed === null || isNumber(seed)) &&
    isMap(params, (each) => isText(each) || isNumber(each)) &&
    isNumber(runs),
  runData: ({ date, runs, charts }) =>
    isDate(date) &&
    Array.isArray(runs) &&
    runs.every(isRun) &&
    Array.isArray(charts) &&
    charts.every(
      (each: unknown) =>
        isPlain(each) &&
        chartProblem(each["description"]) === null &&
        isPlain(each["origin"]) &&
        ["simulated", "measured", "calculated"].includes(String(each["origin"]["kind"])),
    ),
  settings: ({ value }) => isText(value) || isNumber(value) || typeof value === "boolean",
};

export function isRecord<Name extends StoreName>(store: Name, value: unknown): value is Records[Name] {
  return isPlain(value) && isText(value["id"]) && holds[store](value);
}
