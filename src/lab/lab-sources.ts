/** A lab's folder as text: every file read, checked and put together, with all that is wrong with it at once. */
import { labSchema, type LabDefinition } from "./definition.ts";
import type { Fault } from "./fault.ts";
import { normaliseLines } from "./hash.ts";
import { readYaml } from "./read-yaml.ts";
import { bareCode, giveAways, idleTolerances, toldBefore } from "./traps.ts";
import { goodAnswers, wrongAnswers, type ChangedSolution, type WrongAnswer } from "./wrong-answers.ts";

export interface LabSources {
  readonly id: string;
  /** Its folder, from the root of the repository: "labs/kv-ledger". */
  readonly at: string;
  readonly definition: LabDefinition;
  readonly starter: string;
  readonly solution: string;
  readonly checks: string;
  /** The read-only files by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Good answers beside the solution. */
  readonly answers: readonly ChangedSolution[];
  readonly wrong: readonly WrongAnswer[];
  /** 1-based line of a field of lab.yaml. */
  lineOf(path: readonly PropertyKey[]): number;
}

const parts: Readonly<Record<string, string>> = {
  "lab.yaml": "It holds what the lab says about itself.",
  "starter.ts": "It is what the learner begins with: it runs as it is, and fails at least one check.",
  "solution.ts": "It is one good answer: it passes every check on any seed.",
  "checks.ts": "It says what is right, as a list of checks.",
  "wrong.yaml": "It lists answers that people really give, each with the message it must get.",
};

/** Whoever is still lost after two needs a third. */
const fewestHints = 3;

/** Bytes that are no UTF-8, or a text in UTF-16: what was written is lost. */
function notText(text: string): readonly Pick<Fault, "line" | "says" | "fix">[] {
  const at = text.search(/[\0\uFFFD]/);
  if (at < 0) return [];
  const line = normaliseLines(text.slice(0, at)).split("\n").length;
  return [{ line, says: "holds bytes that are no text in UTF-8.", fix: "Save the file as UTF-8." }];
}

/** `read` gives a file of the folder, or undefined where there is none. The sources are there if nothing vital is missing. */
export function readLab(
  id: string,
  read: (file: string) => string | undefined,
  at = `labs/${id}`,
): { readonly sources?: LabSources; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const path = (file: string) => `${at}/${file}`;
  const texts = Object.fromEntries(
    Object.entries(parts).map(([file, what]) => {
      const text = read(file);
      if (text === undefined) faults.push({ file: path(file), says: "is missing.", fix: what });
      else if (file.endsWith(".ts") && text.trim() === "")
        faults.push({ file: path(file), says: "is empty.", fix: what });
      else faults.push(...notText(text).map((fault) => ({ file: path(file), ...fault })));
      return [file, normaliseLines(text ?? "")];
    }),
  );
  const [starter = "", solution = "", checks = ""] = ["starter.ts", "solution.ts", "checks.ts"].map(
    (file) => texts[file],
  );
  const yaml = read("lab.yaml") === undefined ? null : readYaml(texts["lab.yaml"] ?? "", path("lab.yaml"), labSchema);
  if (yaml !== null && "faults" in yaml) faults.push(...yaml.faults);
  const wrong = wrongAnswers(texts["wrong.yaml"] ?? "", path("wrong.yaml"), solution);
  if (read("wrong.yaml") !== undefined && solution !== "") faults.push(...wrong.faults);
  const further = read("answers.yaml");
  const good = goodAnswers(normaliseLines(further ?? "[]"), path("answers.yaml"), solution);
  if (solution !== "") faults.push(...good.faults);
  if (solution !== "" && bareCode(solution) === bareCode(starter)) {
    const but = solution.trim() === starter.trim() ? "" : " but for comments and blanks";
    faults.push({
      file: path("solution.ts"),
      says: `is the same as starter.ts${but}, so there is nothing to do in this lab.`,
      fix: "Take out of starter.ts what the learner is to write.",
    });
  }
  faults.push(...idleTolerances(checks).map((trap) => ({ file: path("checks.ts"), ...trap })));
  if (yaml === null || "faults" in yaml) return { faults };

  const definition = yaml.value;
  if (definition.hints.length < fewestHints)
    faults.push({
      file: path("lab.yaml"),
      line: yaml.lineOf(["hints"]),
      says: `has ${definition.hints.length} hints; it needs ${fewestHints}.`,
      fix: "Say where to look, then how it hangs together, then which parts to use.",
    });
  const files: Record<string, string> = {};
  for (const [i, file] of definition.files.entries()) {
    const text = read(file);
    if (text === undefined) {
      const line = yaml.lineOf(["files", i]);
      faults.push({ file: path("lab.yaml"), line, says: `\`files\` names ${file}, which is not in the folder.` });
    } else files[file] = normaliseLines(text);
  }
  for (const { file, line, says, fix } of giveAways(toldBefore(definition, yaml.lineOf, checks), starter, solution))
    faults.push({ file: path(file), says, ...(line !== undefined && { line }), ...(fix !== undefined && { fix }) });
  faults.push(...importFaults(path, { ...files, "starter.ts": starter, "solution.ts": solution }, definition.files));
  if (starter === "" || solution === "" || checks === "") return { faults };
  const sources = {
    id,
    at,
    definition,
    starter,
    solution,
    checks,
    files,
    answers: good.answers,
    wrong: wrong.answers,
    lineOf: yaml.lineOf,
  };
  return { sources, faults };
}

/** Imports of files that are not there, files that nobody imports, and imports that go round in a circle. */
function importFaults(
  path: (file: string) => string,
  texts: Readonly<Record<string, string>>,
  listed: readonly string[],
): readonly Fault[] {
  const faults: Fault[] = [];
  const imports = new Map<string, string[]>();
  for (const [file, text] of Object.entries(texts)) {
    const names: string[] = [];
    for (const match of text.matchAll(
      /^\s*(?:import|export)\b[^;'"]*?from\s*["']\.\/([^"']+)["']|^\s*import\s*["']\.\/([^"']+)["']/gm,
    )) {
      const named = (match[1] ?? match[2] ?? "").replace(/(\.ts)?$/, ".ts");
      names.push(named);
      if (listed.includes(named)) continue;
      const line = text.slice(0, match.index).split("\n").length;
      faults.push({ file: path(file), line, says: `imports ./${named}.`, fix: "Name it under `files` in lab.yaml." });
    }
    imports.set(file, names);
  }
  const used = new Set([...imports.values()].flat());
  for (const file of listed.filter((name) => name in texts)) {
    if (!used.has(file)) faults.push({ file: path(file), says: "is among the lab's files, and nothing imports it." });
  }
  const circle = circleIn(imports);
  if (circle !== null) {
    faults.push({
      file: path(circle[0]!),
      says: `Imports go round in a circle: ${circle.join(" → ")}.`,
      fix: "Move what they share to a file of its own.",
    });
  }
  return faults;
}

function circleIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const walk = (file: string, above: readonly string[]): readonly string[] | null => {
    if (above.includes(file)) return [...above.slice(above.indexOf(file)), file];
    for (const next of imports.get(file) ?? []) {
      const found = walk(next, [...above, file]);
      if (found !== null) return found;
    }
    return null;
  };
  for (const file of imports.keys()) {
    const found = walk(file, []);
    if (found !== null) return found;
  }
  return null;
}
