/** Refuses options that nobody knows: a misspelt one would otherwise be ignored in silence. */
import { InputError } from "./errors.ts";
import { nearest, sameName } from "./nearest.ts";

/** What an option takes, as far as one word says: the rules of its own follow where it is used. */
export type Takes = "a number" | "anything";
/** A plain object's options. */
export type Known = ReadonlyMap<string, Takes>;

/** The options of a type, in full: the compiler refuses a list that lacks one or has one too many. */
export function optionsOf<T>(names: Readonly<Record<keyof T & string, Takes>>): Known {
  return new Map(Object.entries<Takes>(names));
}

/** As `optionsOf`, by name. */
export function optionsNamed({ numbers = [], others = [] }: { numbers?: string[]; others?: string[] }): Known {
  return new Map([
    ...numbers.map((name) => [name, "a number"] as const),
    ...others.map((name) => [name, "anything"] as const),
  ]);
}

/**
 * Throws InputError for a text where a number belongs, and for a name of `given` that is not in `known`: "server.tensorparallel is not an option; did you mean tensorParallel?".
 * `elsewhere` names options of other places: "server.maxNumSeqs is not an option here; it belongs in server.scheduler". An option that is
 * undefined counts as left out.
 */
export function checkNames(
  field: string,
  given: object,
  known: Known,
  elsewhere?: Readonly<Record<string, Known>>,
): void {
  for (const name in given) {
    const value = (given as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const takes = known.get(name);
    if (takes === undefined) throw unknownOption(field, value, name, known, elsewhere);
    if (takes === "a number" && typeof value !== "number") throw new InputError(pathOf(field, name), value, takes);
  }
}

function pathOf(field: string, name: string): string {
  return field === "" ? name : `${field}${field.includes(" ") ? ": " : "."}${name}`;
}

/** As `checkNames`, for an argument that has to be a plain object. Throws InputError for anything else. */
export function checkOptions(
  field: string,
  given: unknown,
  known: Known,
  elsewhere?: Readonly<Record<string, Known>>,
): void {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new InputError(field, given, `an object with ${[...known.keys()].join(", ")}`);
  checkNames(field, given, known, elsewhere);
}

/** Names that other tools, or older habits, have for our options; what an option is called here is on the right. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  caption: ["says"],
  description: ["says"],
  subtitle: ["says"],
  finding: ["says"],
  name: ["label", "title"],
  data: ["values", "points", "series"],
  points: ["values"],
  log: ["scale"],
  type: ["kind", "scale"],
  dtype: ["weights"],
  quantization: ["weights"],
  precision: ["weights"],
  kvCacheDtype: ["kv"],
  tp: ["tensorParallel"],
  pp: ["pipelineParallel"],
  dp: ["dataParallel"],
  ep: ["expertParallel"],
  gpus: ["tensorParallel"],
  batchSize: ["maxNumSeqs", "batch"],
  rate: ["arrivals"],
  users: ["arrivals"],
  concurrency: ["maxConcurrency"],
  n: ["requests"],
  numPrompts: ["requests"],
  input: ["prompt"],
  promptTokens: ["prompt"],
  outputTokens: ["output"],
  maxTokens: ["output"],
  mode: ["record"],
  scheduler: ["policy"],
  latency: ["e2e"],
  itl: ["tpot"],
  std: ["sigma"],
  k: ["count"],
};

function unknownOption(
  field: string,
  value: unknown,
  name: string,
  known: Known,
  elsewhere: Readonly<Record<string, Known>> = {},
): InputError {
  const path = pathOf(field, name);
  const home = Object.keys(elsewhere).find((place) =>
    [...elsewhere[place]!.keys()].some((other) => sameName(other, name)),
  );
  const near = [
    ...(Object.hasOwn(otherNames, name) ? otherNames[name]! : []).filter((other) => known.has(other)),
    ...nearest(name, [...known.keys()], 1),
  ];
  const hint =
    home !== undefined
      ? `it belongs in ${home}`
      : near.length > 0
        ? `did you mean ${near[0]}?`
        : `there ${known.size === 1 ? "is" : "are"} ${[...known.keys()].join(", ")}`;
  return new InputError(path, value, hint, `${path} is not an option; ${hint}`);
}
