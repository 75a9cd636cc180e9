/**
 * labs/<id>/wrong.yaml: answers that people really give, each a change to the solution and the message it must get; and answers.yaml,
 * for a lab with more than one good answer: each a change to the solution that passes as well.
 */
import { z } from "zod";
import type { Fault } from "./fault.ts";
import { readYaml } from "./read-yaml.ts";

const text = z.string().trim().min(1);
const change = {
  replace: z.string().min(1).describe("A part of solution.ts that is there exactly once. Indentation does not count."),
  with: z.string().describe("What stands there instead. Empty removes it."),
};

export const wrongSchema = z
  .array(
    z.union([
      z.strictObject({
        name: text.describe("What is wrong about it, in a few words; no two share one."),
        ...change,
        mustGet: text.describe("Part of the message that a check must give it."),
      }),
      z.strictObject({
        name: text.describe("What is wrong about it, in a few words; no two share one."),
        changes: z.array(z.strictObject(change)).min(1).describe("Several changes to solution.ts, made in order."),
        mustGet: text.describe("Part of the message that a check must give it."),
      }),
    ]),
  )
  .min(1);

const goodName = text.describe("What it does otherwise than the solution, in a few words; no two share one.");
export const answersSchema = z.array(
  z.union([
    z.strictObject({ name: goodName, ...change }),
    z.strictObject({
      name: goodName,
      changes: z.array(z.strictObject(change)).min(1).describe("Several changes to solution.ts, made in order."),
    }),
  ]),
);

export interface ChangedSolution {
  readonly name: string;
  readonly code: string;
  readonly file: string;
  /** Where its entry begins, 1-based. */
  readonly line: number;
}
export interface WrongAnswer extends ChangedSolution {
  readonly mustGet: string;
}

interface Read<Answer> {
  readonly answers: readonly Answer[];
  readonly faults: readonly Fault[];
}

/** Every entry applied to the solution; a change that does not apply exactly once is a fault of its line. */
export function wrongAnswers(yaml: string, file: string, solution: string): Read<WrongAnswer> {
  return changed(yaml, file, solution, wrongSchema, ({ mustGet }) => ({ mustGet }));
}

/** The same of answers that are good as well. */
export function goodAnswers(yaml: string, file: string, solution: string): Read<ChangedSolution> {
  return changed(yaml, file, solution, answersSchema, () => ({}));
}

type Entry = z.infer<typeof answersSchema>[number];

function changesOf(entry: Entry): readonly { replace: string; with: string }[] {
  return "changes" in entry ? entry.changes : [entry];
}

function changed<Given extends Entry, More extends object>(
  yaml: string,
  file: string,
  solution: string,
  schema: z.ZodType<Given[]>,
  more: (entry: Given) => More,
): Read<ChangedSolution & More> {
  const read = readYaml(yaml, file, schema);
  if ("faults" in read) return { answers: [], faults: read.faults };
  const faults: Fault[] = [];
  const names = new Set<string>();
  const answers = read.value.flatMap((entry, i): readonly (ChangedSolution & More)[] => {
    const { name } = entry;
    if (names.has(name))
      faults.push({ file, line: read.lineOf([i, "name"]), says: `Two answers are called "${name}".` });
    names.add(name);
    const changes = changesOf(entry);
    let code = solution;
    for (const [k, { replace, with: instead }] of changes.entries()) {
      const path = "changes" in entry ? [i, "changes", k, "replace"] : [i, "replace"];
      const changed = applied(code, replace, instead);
      if (typeof changed !== "string") {
        faults.push({ file, line: read.lineOf(path), ...changed });
        return [];
      }
      code = changed;
    }
    if (code === solution) {
      faults.push({ file, line: read.lineOf([i]), says: `"${name}" changes nothing: it is the solution.` });
      return [];
    }
    return [{ name, code, file, line: read.lineOf([i, "name"]), ...more(entry) }];
  });
  return { answers, faults };
}

function applied(code: string, replace: string, instead: string): string | { says: string; fix: string } {
  const wanted = replace
    .trim()
    .split("\n")
    .map((line) => line.trim());
  const pattern = new RegExp(
    wanted.map((line) => line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(String.raw`[ \t]*\n\s*`),
    "g",
  );
  const found = [...code.matchAll(pattern)];
  const [first] = found;
  const shown = `"${wanted.join(" ")}"`;
  if (first === undefined) {
    return { says: `${shown} is not in solution.ts.`, fix: "Has the solution changed? Copy the part from it again." };
  }
  if (found.length > 1) {
    const at = found.map(({ index }) => code.slice(0, index).split("\n").length);
    return {
      says: `${shown} is in solution.ts ${found.length} times, on lines ${at.join(", ")}.`,
      fix: "Take in more of what stands around it.",
    };
  }
  return code.slice(0, first.index) + instead.trim() + code.slice(first.index + first[0].length);
}
