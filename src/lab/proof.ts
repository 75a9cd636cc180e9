/** What a proof of a lab is made of: the runs it asks for, how each answer fared, and the report that comes of it. */
import type { Compiled } from "./compile/compiler.ts";
import type { Fault } from "./fault.ts";
import type { CheckResult, Exported, LabError, LabJob } from "./protocol.ts";
import type { Ending } from "./sandbox/sandbox.ts";

export interface DrawnChart {
  readonly title: string;
  /** Those on which a value can be marked. */
  readonly axes: readonly ("x" | "y")[];
}

/** What one run in the sandbox left behind. */
export interface Trial {
  readonly ending: Ending;
  readonly errors: readonly LabError[];
  readonly results: readonly CheckResult[];
  readonly exported: Exported;
  readonly charts: readonly DrawnChart[];
  /** Bytes of all that was sent to the page. */
  readonly bytes: number;
  readonly seconds: number;
}

export interface Mutant {
  readonly code: string;
  /** Line of solution.ts, 1-based. */
  readonly line: number;
  /** The change: "- becomes +". */
  readonly what: string;
}

export interface Prover {
  /** Compiles as the browser does; `file` is the name that problems are told under. */
  compile(file: string, code: string): Promise<{ compiled: Compiled } | { faults: readonly Fault[] }>;
  /** Runs a job in the sandbox, under its limit. */
  run(job: LabJob): Promise<Trial>;
}

export interface ProofOptions {
  /** Seeds on which the solution must pass. */
  readonly seeds: readonly number[];
  /** null: none is tried, and whether each check is needed is not judged. */
  readonly mutants: readonly Mutant[] | null;
  /** Solutions whose functions give what nobody expects: tried while a judgement of the checks has failed nothing. */
  readonly strange?: readonly Mutant[];
  /**
   * Tries every mutant and judges how many survive, and whether each judgement fails something, and each wrong answer on every
   * seed; else only as many as it takes until each check has failed something.
   */
  readonly thorough: boolean;
}

/** How an answer fared. */
export interface Attempt {
  readonly name: string;
  /** Names of the checks that failed it. */
  readonly failed: readonly string[];
  /** What the first of them said, or why the code ended before. */
  readonly said: string | null;
}

export interface LabReport {
  readonly id: string;
  readonly title: string;
  /** What must be mended. */
  readonly faults: readonly Fault[];
  /** What is worth a look. */
  readonly notes: readonly Fault[];
  readonly checks: readonly string[];
  readonly starter: Attempt;
  readonly wrong: readonly (Attempt & { readonly mustGet: string })[];
  readonly solution: {
    readonly seeds: number;
    readonly seconds: number;
    readonly bytes: number;
    readonly charts: number;
  };
  /** What the prediction is compared with, at the parameters' defaults. */
  readonly answer: number | null;
  readonly mutants: {
    readonly tried: number;
    readonly survived: readonly { readonly line: number; readonly what: string }[];
  };
}
