/** One learner's file for a class: what was passed, tried and predicted; no code, no reasons, no account. Written, and read with suspicion. */
import { InputError } from "../../engine/errors.ts";
import type { Kept } from "../keep/keep-file.ts";
import { attemptsOf, type Attempts } from "./attempts.ts";
import { calibration } from "./calibration.ts";
import { byId, recordId } from "./tally.ts";

const format = "ai-performance-engineering-class";
const version = 1;
/** Characters of a file, and things in one of its lists. */
const mostText = 2_000_000;
const mostItems = 2_000;

export interface ClassPrediction {
  readonly guess: number;
  readonly answer: number;
  readonly unit: string;
  readonly close: boolean;
  /** Chances out of 100 that the learner gave it; null where none was said. */
  readonly sure: number | null;
}

/** A lab that was begun. */
export interface ClassLab extends Attempts {
  readonly id: string;
  /** ISO date and time; null while it is open. */
  readonly passed: string | null;
  /** Kept presses of Run. */
  readonly runs: number;
  /** Made before the first run, and judged. */
  readonly prediction: ClassPrediction | null;
}

export interface ClassFile {
  /** As typed; may be empty. */
  readonly learner: string;
  /** Drawn once in the learner's browser, so that a newer file replaces the older. */
  readonly code: string;
  /** ISO date and time of writing. */
  readonly date: string;
  readonly labs: readonly ClassLab[];
  readonly lessonsRead: readonly string[];
  /** `question`: "<lesson>/<question>"; `answer`: the option's number, from 0, or what was typed. */
  readonly quizzes: readonly { readonly question: string; readonly answer: string | number }[];
}

/** `labs`: ids of the course's labs; others are nobody's business. */
export function classFileOf(
  kept: Kept,
  labs: readonly string[],
  who: Pick<ClassFile, "learner" | "code" | "date">,
): ClassFile {
  const records = byId(kept.progress ?? []);
  const judged = new Map(calibration(kept.predictions ?? [], {}).judged.map((each) => [each.id, each]));
  const begun = new Set([
    ...(kept.predictions ?? []).map(({ id }) => id),
    ...(kept.drafts ?? []).map(({ lab }) => lab),
    ...(kept.runs ?? []).map(({ lab }) => lab),
  ]);
  const { learner, code, date } = who;
  return {
    learner: learner.trim(),
    code,
    date,
    labs: labs.flatMap((id): ClassLab[] => {
      const record = records.get(recordId.lab(id));
      const passed = record?.state === "passed" ? record.date : null;
      const tried = attemptsOf(id, records);
      const guess = judged.get(id);
      if (passed === null && tried.attempts === 0 && !begun.has(id)) return [];
      return [
        {
          id,
          passed,
          ...tried,
          runs: (kept.runs ?? []).filter(({ lab }) => lab === id).length,
          prediction:
            guess === undefined
              ? null
              : {
                  guess: guess.guess,
                  answer: guess.answer,
                  unit: guess.unit,
                  close: guess.close,
                  sure: guess.confidence?.chance ?? null,
                },
        },
      ];
    }),
    lessonsRead: [...records.values()]
      .filter(({ id, state }) => id.startsWith("lesson:") && state === "read")
      .map(({ id }) => id.slice("lesson:".length)),
    quizzes: [...records.values()].flatMap(({ id, detail }) =>
      id.startsWith("quiz:") && detail !== undefined ? [{ question: id.slice("quiz:".length), answer: detail }] : [],
    ),
  };
}

export function writeClassFile(file: ClassFile): string {
  return `${JSON.stringify({ format, version, ...file }, null, 2)}\n`;
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown, most = 200): value is string => typeof value === "string" && value.length <= most;
const isDate = (value: unknown): value is string => isText(value, 40) && !Number.isNaN(Date.parse(value));
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Throws InputError for another file, a damaged one, or one of a newer version. */
export function readClassFile(text: string): ClassFile {
  const what = 'a file that "For a class" on the page of progress has saved (JSON)';
  let file: unknown;
  try {
    if (text.length > mostText) throw new SyntaxError("too long");
    file = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new InputError("the file", text.trim() === "" ? "empty" : `no JSON: ${text.trim().slice(0, 40)}…`, what);
  }
  if (!isPlain(file) || file["format"] !== format) {
    const whole = isPlain(file) && file["format"] === "ai-performance-engineering";
    throw new InputError("the file", whole ? "all that the course keeps, code too" : "another JSON file", what);
  }
  const made = file["version"];
  if (made !== version)
    throw new InputError("the version of the file", made, `${version}: reload the page to get the newer course`);
  const { learner, code, date, labs, lessonsRead, quizzes } = file;
  if (!isText(learner)) throw new InputError("learner", learner, "a text of at most 200 characters");
  if (!isText(code, 40) || code === "") throw new InputError("code", code, "a text of 1 to 40 characters");
  if (!isDate(date)) throw new InputError("date", date, "an ISO date");
  return {
    learner: learner.trim(),
    code,
    date: new Date(date).toISOString(),
    labs: list(labs, "labs").map((lab, i) => readLab(lab, `labs[${i}]`)),
    lessonsRead: list(lessonsRead, "lessonsRead").map((id, i) => {
      if (!isText(id)) throw new InputError(`lessonsRead[${i}]`, id, "the name of a lesson");
      return id;
    }),
    quizzes: list(quizzes, "quizzes").map((each, i) => {
      const { question, answer } = isPlain(each) ? each : {};
      if (!isText(question) || !(isText(answer, 1_000) || isNumber(answer)))
        throw new InputError(`quizzes[${i}]`, each, "a question with its answer");
      return { question, answer };
    }),
  };
}

function list(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > mostItems)
    throw new InputError(field, value, `a list of at most ${mostItems}`);
  return value;
}

function readLab(lab: unknown, field: string): ClassLab {
  const { id, passed, attempts, failed, runs, prediction } = isPlain(lab) ? lab : {};
  if (!isText(id)) throw new InputError(`${field}.id`, id, "the name of a lab");
  if (passed !== null && !isDate(passed)) throw new InputError(`${field}.passed`, passed, "an ISO date or null");
  if (!isCount(attempts)) throw new InputError(`${field}.attempts`, attempts, "a count");
  if (!isCount(runs)) throw new InputError(`${field}.runs`, runs, "a count");
  const counts = isPlain(failed) ? Object.entries(failed) : null;
  if (counts === null || counts.length > mostItems)
    throw new InputError(`${field}.failed`, failed, "a count by name of check");
  const checked = counts.map(([name, times]): [string, number] => {
    if (!isText(name, 500) || !isCount(times)) throw new InputError(`${field}.failed`, times, "a count by check");
    return [name, times];
  });
  return {
    id,
    passed,
    attempts,
    failed: Object.fromEntries(checked),
    runs,
    prediction: prediction === null ? null : readPrediction(prediction, `${field}.prediction`),
  };
}

function readPrediction(value: unknown, field: string): ClassPrediction {
  const { guess, answer, unit, close, sure } = isPlain(value) ? value : {};
  if (!isNumber(guess) || !isNumber(answer) || !isText(unit) || typeof close !== "boolean")
    throw new InputError(field, value, "null, or a guess and its answer, with unit and whether it was close");
  if (sure !== null && !isNumber(sure)) throw new InputError(`${field}.sure`, sure, "a number or null");
  return { guess, answer, unit, close, sure };
}
