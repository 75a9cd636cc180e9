/** One lab in whatever realm runs it, worker or Node: binds "perflab", loads compiled modules, grades. */
import { CheckFailure, CheckFault, type Check, type LabUnderTest } from "./checks.ts";
import * as checksModule from "./checks.ts";
import { reseed } from "./bound.ts";
import { enterLab, type LabContext } from "./context.ts";
import * as perflab from "./perflab.ts";
import { limits, type CheckResult, type Exported, type LabError } from "./protocol.ts";

/** Where compiled code finds the modules it imports: see `moduleShim`. */
const shelf = Symbol.for("perflab");

/** Makes `import … from "perflab"` mean this lab. */
export function bindLab(lab: LabContext): void {
  reseed(lab.seed);
  enterLab(lab);
  Reflect.set(globalThis, shelf, {
    perflab: deepFreeze({ ...perflab }),
    "perflab/checks": deepFreeze({ ...checksModule }),
  });
}

/** Names that code may import from each module; `import` of anything else is an error on its line. */
export const moduleExports: Readonly<Record<string, readonly string[]>> = {
  perflab: Object.keys(perflab),
  "perflab/checks": Object.keys(checksModule),
};

/** The checks of a compiled checks.ts. @throws Error when its default export is not a list of checks. */
export function checksOf(module: Readonly<Record<string, unknown>>): readonly Check[] {
  const list = module["default"];
  if (!Array.isArray(list) || list.length === 0)
    throw new Error("checks.ts must have a list of checks as its default export");
  return list as readonly Check[];
}

// Kept before learner code can replace it.
const startTimer = setTimeout;
const stopTimer = clearTimeout;

/** A check that has not settled after this many seconds has failed. */
const patience = 8;

/** Runs every check against what the learner's code left behind. `describe` tells whose frames an error passed through. */
export async function grade(
  checks: readonly Check[],
  lab: LabContext,
  exports: Readonly<Record<string, unknown>>,
  report: (result: CheckResult) => void,
  describe: (thrown: unknown) => LabError,
): Promise<void> {
  const underTest: Omit<LabUnderTest, "award"> = {
    exports,
    runs: [...lab.runs],
    charts: [...lab.charts],
    seed: lab.seed,
    params: lab.params,
    measured: lab.measured,
  };
  for (const { name, test, only } of checks) {
    const result = { name, seed: lab.seed };
    if (only === "simulated" && lab.measured) {
      report({
        ...result,
        outcome: "notGraded",
        message: "Not graded on your server: it holds only for the simulated one.",
      });
      continue;
    }
    let awarded: Pick<CheckResult, "points"> = {};
    const award = (points: number) => {
      if (!Number.isFinite(points)) throw new CheckFault(`award() was given ${points}; points are a number`);
      awarded = { points };
    };
    try {
      await settled(test({ ...underTest, award }));
      report({ ...result, outcome: "passed", ...awarded });
    } catch (error) {
      report({ ...result, outcome: "failed", ...verdictOn(error, describe) });
    }
  }
}

async function settled(test: void | Promise<void>): Promise<void> {
  if (test === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = startTimer(
      () =>
        reject(
          new CheckFailure(`no answer after ${patience} s`, "an answer", "A check that does not finish has failed."),
        ),
      patience * 1000,
    );
  });
  try {
    await Promise.race([test, late]);
  } finally {
    stopTimer(timer);
  }
}

/** A judgement speaks for itself; for anything else that was thrown it matters whose code threw. */
function verdictOn(
  thrown: unknown,
  describe: (thrown: unknown) => LabError,
): Pick<CheckResult, "message" | "error" | "atFault" | "at"> {
  const error = describe(thrown);
  if (thrown instanceof CheckFailure) {
    const at = error.stack.split("\n").find((frame) => frame.includes("lab:checks.js:"));
    return { message: short(thrown.message), ...(at !== undefined && { at }) };
  }
  const said = error.name === "Thrown" ? error.message : `${error.name}: ${error.message}`;
  const inCheck = /lab:(main|checks)\.js/.exec(error.stack)?.[1] === "checks";
  if (thrown instanceof CheckFault || (inCheck && error.name === "ReferenceError")) {
    return {
      message: short(`This check is at fault, not your code: ${said}. Please report it to the authors of the course.`),
      error,
      atFault: true,
    };
  }
  const whose = inCheck ? "The check could not use what your code gave it." : "Your code threw while it was checked.";
  return { message: short(`${whose} ${said}`), error };
}

/** As much of a message as a page takes. */
function short(message: string): string {
  return message.length > 4000 ? `${message.slice(0, 3999)}…` : message;
}

/** Numbers (NaN and the infinities too), texts and truth values among a module's exports: what a prediction can be compared with. */
export function plainExports(module: Readonly<Record<string, unknown>>): Exported {
  const plain: Record<string, number | string | boolean> = {};
  let kept = 0;
  for (const name of Object.keys(module)) {
    if (kept >= limits.exports) break;
    // An export declared below an await that never came has no value to read.
    const value = attempt(() => module[name]);
    if (name.length > 200 || !["number", "boolean", "string"].includes(typeof value)) continue;
    kept++;
    if (typeof value === "number" || typeof value === "boolean") plain[name] = value;
    else if (typeof value === "string") plain[name] = value.slice(0, 1000);
  }
  return plain;
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function deepFreeze<T>(value: T): T {
  const frozen = new Set<unknown>();
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const next = stack.pop();
    const freezable = (typeof next === "object" && next !== null) || typeof next === "function";
    // Typed arrays can't be frozen while they have elements.
    if (!freezable || frozen.has(next) || ArrayBuffer.isView(next)) continue;
    frozen.add(next);
    Object.freeze(next);
    for (const key of Reflect.ownKeys(next)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(next, key);
      if (descriptor !== undefined && "value" in descriptor) stack.push(descriptor.value);
    }
  }
  return value;
}
