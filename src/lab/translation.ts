/** labs/<id>/<language>.yaml: the words of a lab in a second language. What it leaves out stands in English, and the page says so. */
import { z } from "zod";
import type { LabDefinition } from "./definition.ts";
import type { Fault } from "./fault.ts";
import type { Phrases } from "./phrases.ts";
import { readYaml } from "./read-yaml.ts";

const text = z.string().trim().min(1);
const phrases = z.record(text, text);

export const translationSchema = z.strictObject({
  title: text.optional().describe("As in lab.yaml."),
  question: text.optional().describe("As in lab.yaml."),
  steps: z.array(text).optional().describe("As many as in lab.yaml, in the same order."),
  prediction: z
    .strictObject({
      question: text,
      unit: text.optional().describe("The unit as it is shown; a learner may type either."),
      explain: text,
    })
    .optional()
    .describe("The words of the prediction; its numbers stay in lab.yaml."),
  params: z.record(z.string(), text).optional().describe("Label of each control, by its name."),
  hints: z.array(text).optional().describe("As many as in lab.yaml, in the same order."),
  debrief: text.optional().describe("As in lab.yaml."),
  stretch: text.optional().describe("As in lab.yaml."),
  checks: phrases
    .optional()
    .describe(
      "Everything checks.ts says, each English text with its translation: names of checks, and seen, expected, what, why and hint of messages. What stands in a ${…} there is {1}, {2} and so on here.",
    ),
  code: phrases
    .optional()
    .describe("Texts that the code draws: titles, labels and names of charts. The code itself stays as it is."),
});

type Translation = z.infer<typeof translationSchema>;

/** A lab's words in another language, as its page takes them. */
interface TranslatedLab {
  readonly definition: LabDefinition;
  /** Of messages, names of checks and charts: translated where they are shown. */
  readonly phrases: Phrases;
  /** What stands in English still, by the names of the fields of lab.yaml and "checks". */
  readonly missing: readonly string[];
}

/** Reads one. `told`: what checks.ts can say, as phrases with holes; undefined where nobody knows. */
export function readTranslation(
  yaml: string,
  file: string,
  definition: LabDefinition,
  told?: readonly string[],
): { readonly translation?: Translation; readonly faults: readonly Fault[] } {
  const read = readYaml(yaml, file, translationSchema);
  if ("faults" in read) return { faults: read.faults };
  const { value: translation, lineOf } = read;
  const faults: Fault[] = [];
  const fault = (path: readonly PropertyKey[], says: string, fix: string) =>
    faults.push({ file, line: lineOf(path), says, fix });
  for (const list of ["steps", "hints"] as const) {
    const [own, there] = [translation[list]?.length, definition[list].length];
    if (own !== undefined && own !== there)
      fault([list], `\`${list}\` has ${own} entries; lab.yaml has ${there}.`, "Translate each, in the same order.");
  }
  for (const name of Object.keys(translation.params ?? {}))
    if (!(name in definition.params))
      fault(["params", name], `\`params\` names ${name}, which lab.yaml has not.`, "Take it out.");
  if (translation.prediction !== undefined && definition.prediction === undefined)
    fault(["prediction"], "lab.yaml has no prediction.", "Take it out.");
  for (const [english, other] of Object.entries(translation.checks ?? {})) {
    if (told !== undefined && !told.includes(english))
      fault(["checks", english], `checks.ts doesn't say "${english}".`, "Copy the text as it stands there now.");
    if (holesOf(english) !== holesOf(other))
      fault(["checks", english], `"${other}" has other holes than "${english}".`, "Use each {1}, {2} … once.");
  }
  return { translation, faults };
}

const holesOf = (phrase: string): string => [...(phrase.match(/\{\d\}/g) ?? [])].sort().join();

/** `translation` undefined: all of it is missing. `told` as above; what of it has no translation is missing too. */
export function translate(
  definition: LabDefinition,
  translation: Translation | undefined,
  told: readonly string[] = [],
): TranslatedLab {
  const given = translation ?? {};
  const params = Object.fromEntries(
    Object.entries(definition.params).map(([name, param]) => [
      name,
      { ...param, label: given.params?.[name] ?? param.label },
    ]),
  );
  const { question, explain, unit } = given.prediction ?? {};
  const missing = [
    ...(["title", "question", "steps", "hints", "debrief", "stretch"] as const).filter(
      (field) => definition[field] !== undefined && definition[field].length > 0 && given[field] === undefined,
    ),
    ...(definition.prediction !== undefined && given.prediction === undefined ? ["prediction"] : []),
    ...(Object.keys(definition.params).some((name) => given.params?.[name] === undefined) ? ["params"] : []),
    ...(translation === undefined || told.some((english) => given.checks?.[english] === undefined) ? ["checks"] : []),
  ];
  return {
    definition: {
      ...definition,
      ...pick(given, "title", "question", "steps", "hints", "debrief", "stretch"),
      params,
      ...(definition.prediction && {
        prediction: { ...definition.prediction, ...(question && { question }), ...(explain && { explain }) },
      }),
    },
    phrases: {
      ...withValues(given.checks ?? {}),
      ...given.code,
      ...(definition.prediction && unit && { [definition.prediction.unit]: unit }),
    },
    missing,
  };
}

/** A `what` that ends in a colon is followed by the value that was seen. */
function withValues(checks: Phrases): Phrases {
  return Object.fromEntries(
    Object.entries(checks).flatMap(([english, other]) => [
      [english, other],
      ...(english.endsWith(":") ? [[`${english} {9}`, `${other} {9}`]] : []),
    ]),
  );
}

function pick<T extends object, Key extends keyof T>(from: T, ...keys: readonly Key[]): Partial<Pick<T, Key>> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Partial<
    Pick<T, Key>
  >;
}
