/** Traps in a lab's text, found without running it: a solution that changes nothing, hints that give the answer away, tolerances that let anything pass. */
import type { LabDefinition } from "./definition.ts";
import type { Fault } from "./fault.ts";
import { placeOf, withoutComments, withoutWords } from "./plain-code.ts";

/** Where a check judges: a call of close or that. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly kind: "close" | "that";
}

/** Every judgement in checks.ts and in the files that it may import, in order. */
export function sitesOf(texts: Readonly<Record<string, string>>): readonly Site[] {
  return Object.entries(texts).flatMap(([file, text]) => {
    if (!text.includes('"perflab/checks"')) return [];
    return [...withoutWords(text).matchAll(/(?<![\w.$])(close|that)\s*\(/g)].map((match): Site => ({
      file,
      line: placeOf(text, match.index).line,
      kind: match[1] === "close" ? "close" : "that",
    }));
  });
}

/** What is left of code for a machine: two texts that are the same here do the same. */
export function bareCode(code: string): string {
  return withoutComments(code).replaceAll(/\s+/g, "");
}

type Said = Pick<Fault, "line" | "says" | "fix">;

/** `relative: 1` and more: an answer of 0, or of twice what is right, passes. */
export function idleTolerances(checks: string): readonly Said[] {
  return [...withoutWords(checks).matchAll(/\brelative:\s*(\d+(?:\.\d+)?)\s*[,}\n]/g)]
    .filter((match) => Number(match[1]) >= 1)
    .map((match) => ({
      line: placeOf(checks, match.index).line,
      says: `relative: ${match[1]} is a tolerance of ${Math.round(Number(match[1]) * 100)} %: an answer of 0 passes.`,
      fix: "Make it narrower than what the mistakes change, such as 0.01.",
    }));
}

/** Shorter expressions are in many sentences by chance. */
const fewestLetters = 12;
/** A hint may name a call or a column; it may not hold this share of what the learner is to write. */
const mostShare = 0.12;

/** What the solution has and the starter has not: the expressions that the learner is to find, without blanks. */
export function decisive(starter: string, solution: string): readonly string[] {
  const known = new Set(lines(starter).map(plain));
  const expressions = lines(solution)
    .filter((line) => !known.has(plain(line)))
    .flatMap((line) => {
      const whole = line.replace(/[;{]$/, "").trim();
      const right = /(?:\breturn\b|=>|(?<![=<>!])=(?![=>]))\s*(.+)$/.exec(whole)?.[1];
      return right === undefined ? [whole] : [whole, right];
    })
    .map(plain)
    .filter((expression) => expression.length >= fewestLetters && /[-+*/<>(?]/.test(expression))
    .filter((expression) => /[A-Za-z]/.test(expression) && !bareCode(starter).includes(expression));
  return [...new Set(expressions)];
}

/** The texts that a learner reads before the answer is right, with the line of each. */
export interface Told {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly text: string;
}

/** Hints and steps of lab.yaml, and the hints of checks. */
export function toldBefore(
  { steps, hints, question, prediction }: Pick<LabDefinition, "steps" | "hints" | "question" | "prediction">,
  lineOf: (path: readonly PropertyKey[]) => number,
  checks: string,
): readonly Told[] {
  const yaml = (what: string, path: readonly PropertyKey[], text: string): Told => ({
    file: "lab.yaml",
    line: lineOf(path),
    what,
    text,
  });
  return [
    yaml("The question", ["question"], question),
    ...(prediction === undefined
      ? []
      : [yaml("The prediction's question", ["prediction", "question"], prediction.question)]),
    ...steps.map((text, i) => yaml(`Step ${i + 1}`, ["steps", i], text)),
    ...hints.map((text, i) => yaml(`Hint ${i + 1}`, ["hints", i], text)),
    ...[...checks.matchAll(/\bhint:\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/g)].map((match) => ({
      file: "checks.ts",
      line: placeOf(checks, match.index).line,
      what: "This hint",
      text: match[2] ?? "",
    })),
  ];
}

/** A text in which an expression of the solution stands as it is, with ÷ · × for / and *, blanks and `code` marks aside. */
export function giveAways(told: readonly Told[], starter: string, solution: string): readonly (Told & Said)[] {
  const known = new Set(lines(starter).map(plain));
  const toWrite = lines(solution)
    .map(plain)
    .filter((line) => !known.has(line))
    .join("").length;
  const wanted = [...decisive(starter, solution)].sort((a, b) => b.length - a.length);
  return told.flatMap((each) => {
    const text = plain(each.text);
    const found = wanted.find((expression) => text.includes(expression));
    if (found === undefined || found.length < mostShare * toWrite) return [];
    return [
      {
        ...each,
        says: `${each.what} gives the answer away: it holds "${found}" as the solution has it.`,
        fix: "Say what to look at, or how the parts hang together, and leave the writing to the learner.",
      },
    ];
  });
}

/** Numbers of fewer digits are in many sentences by chance. */
const fewestDigits = 3;
const near = 0.001;

/** A text that says the prediction's answer before the learner has guessed it. */
export function toldAnswers(told: readonly Told[], answer: number, unit: string): readonly (Told & Said)[] {
  return told
    .filter(({ file }) => file === "lab.yaml")
    .flatMap((each) => {
      const numbers = [...each.text.matchAll(/(?<![\w.,])\d[\d,]*(?:\.\d+)?(?!\w)/g)].map(([number]) => number);
      const found = numbers.find((number) => {
        const digits = number.replaceAll(/[,.]/g, "").replace(/^0+/, "").length;
        const value = Number(number.replaceAll(",", ""));
        return digits >= fewestDigits && Math.abs(value - answer) <= near * Math.abs(answer);
      });
      if (found === undefined) return [];
      return [
        {
          ...each,
          says: `${each.what} says ${found}${unit === "" ? "" : ` ${unit}`}, which is the prediction's answer.`,
          fix: "Keep the number for the debrief: here it can be read before it is guessed.",
        },
      ];
    });
}

function lines(code: string): readonly string[] {
  return withoutComments(code)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** As sentence and code would both be written: no blanks, no backticks, / and * for ÷ · ×, - for −. */
function plain(text: string): string {
  return text
    .replaceAll(/[\s`;]/g, "")
    .replaceAll("÷", "/")
    .replaceAll(/[·×]/g, "*")
    .replaceAll("−", "-");
}
