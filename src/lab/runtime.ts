/** One lab in whatever realm runs it, worker or Node: binds "perflab", loads compiled modules, grades. */
import { CheckFailure, type Check, type LabUnderTest } from "./checks.ts";
import * as checksModule from "./checks.ts";
import { reseed } from "./bound.ts";
import { enterLab, type LabContext } from "./context.ts";
import * as perflab from "./perflab.ts";
import type { CheckResult, Exported } from "./protocol.ts";

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

/** A check that has not settled after this many seconds has failed. */
const patience = 8;

/** Runs every check against what the learner's code left behind. */
export async function grade(
  checks: readonly Check[],
  lab: LabContext,
  exports: Readonly<Record<string, unknown>>,
  report: (result: CheckResult) => void,
): Promise<void> {
  const underTest: LabUnderTest = {
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
    try {
      await settled(test(underTest));
      report({ ...result, outcome: "passed" });
    } catch (error) {
      report({ ...result, outcome: "failed", message: messageOf(error) });
    }
  }
}

async function settled(test: void | Promise<void>): Promise<void> {
  if (test === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
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
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof CheckFailure) return error.message;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Your code threw while it was checked. ${said}`;
}

/** Numbers, texts and truth values among a module's exports: what a prediction can be compared with. */
export function plainExports(module: Readonly<Record<string, unknown>>): Exported {
  const plain: Record<string, number | string | boolean> = {};
  for (const [name, value] of Object.entries(module).slice(0, 100)) {
    if (typeof value === "number" || typeof value === "boolean") plain[name] = value;
    else if (typeof value === "string") plain[name] = value.slice(0, 1000);
  }
  return plain;
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
