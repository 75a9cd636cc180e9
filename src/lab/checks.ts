/** "perflab/checks": how a lab's checks.ts says what is right, and how a failure explains itself. */
import type { ChartDescription } from "../engine/chart/types.ts";
import { createRandom } from "../engine/random.ts";
import type { Run } from "../engine/run.ts";
import { digitsThatTellApart, inDigits, inWords, withoutNoise } from "./check-numbers.ts";
import type { TimedBytes } from "./context.ts";
import { composeStream, type StreamShape, type StreamTruth } from "./simulated-stream.ts";

export interface LabUnderTest {
  /** What the learner's main.ts exports. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Every Run that the learner's code made, in order. On a measured target: those of the last run. */
  readonly runs: readonly Run[];
  readonly charts: readonly ChartDescription[];
  readonly seed: number;
  readonly params: Readonly<Record<string, number | string>>;
  readonly measured: boolean;
  /** Says how good an answer is, beyond passing: shown with the check, and the best that passed is kept with the progress. */
  award(points: number): void;
}

export interface Check {
  readonly name: string;
  readonly test: (lab: LabUnderTest) => void | Promise<void>;
  /** "simulated": grades a constant of the simulated server, so a measured run is not held to it. */
  readonly only?: "simulated";
}

/** One thing that must hold. checks.ts exports a list of them as its default. */
export function check(
  name: string,
  test: (lab: LabUnderTest) => void | Promise<void>,
  options: { only?: "simulated" } = {},
): Check {
  return { name, test, ...options };
}

/** What a failed check tells the learner. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
  constructor(seen: string, expected: string, why: string, hint?: string) {
    super(`Seen: ${seen}. Expected: ${expected}. ${why}${hint === undefined ? "" : ` Hint: ${hint}`}`);
  }
}

/** A check that can't judge: its author's mistake, never the learner's. */
export class CheckFault extends Error {
  override readonly name = "CheckFault";
}

/**
 * Passes when `actual` is a number within the tolerance of `expected`.
 * @throws CheckFault when `expected` or the tolerance is no number that anything could be held to.
 */
export function close(
  actual: unknown,
  expected: number,
  options: ({ relative: number } | { absolute: number }) & { what?: string; why: string; hint?: string },
): void {
  const room = roomOf(expected, options);
  if (typeof actual === "number" && (actual === expected || Math.abs(actual - expected) <= room)) return;
  const digits = typeof actual === "number" ? digitsThatTellApart(actual, expected, room) : undefined;
  const what = options.what === undefined ? "" : `${withoutNoise(options.what)} `;
  throw new CheckFailure(
    `${what}${inWords(actual, digits)}`,
    `${inWords(expected, digits)} (${toleranceOf(room, options)})`,
    withoutNoise(options.why),
    options.hint === undefined ? undefined : withoutNoise(options.hint),
  );
}

function roomOf(expected: unknown, options: { relative: number } | { absolute: number }): number {
  if (typeof expected !== "number" || Number.isNaN(expected)) {
    throw new CheckFault(`close() was given ${inWords(expected)} as the expected value; it must be a number`);
  }
  const tolerance: unknown = "relative" in options ? options.relative : options.absolute;
  if (typeof tolerance !== "number" || !(tolerance >= 0)) {
    const name = "relative" in options ? "relative" : "absolute";
    throw new CheckFault(`close() was given ${name}: ${inWords(tolerance)}; it must be a number from 0`);
  }
  if (!("relative" in options)) return tolerance;
  if (expected === 0 && tolerance > 0) {
    throw new CheckFault("close() was given a relative tolerance of an expected 0, which is none; give absolute");
  }
  return Math.abs(expected) * tolerance;
}

function toleranceOf(room: number, options: { relative: number } | { absolute: number }): string {
  if (room === 0) return "exactly";
  return "relative" in options ? `± ${inDigits(options.relative * 100, 3)} %` : `± ${inDigits(room, 3)}`;
}

/** Passes when `condition` is true. */
export function that(
  condition: boolean,
  options: { seen: string; expected: string; why: string; hint?: string },
): asserts condition {
  if (condition) return;
  const [seen, expected] = [withoutNoise(options.seen), withoutNoise(options.expected)];
  const alike = seen === expected;
  throw new CheckFailure(
    alike ? options.seen : seen,
    alike ? options.expected : expected,
    withoutNoise(options.why),
    options.hint === undefined ? undefined : withoutNoise(options.hint),
  );
}

/**
 * The learner's function by its name, given with its parameters as the learner should write it: "gap(ttft, tpot, n)".
 * @throws CheckFailure when main.ts exports no such function.
 */
export function exportedFunction<Call>(lab: Pick<LabUnderTest, "exports">, signature: string): Call {
  const name = signature.replace(/\(.*$/s, "");
  const value = lab.exports[name];
  if (typeof value !== "function")
    throw new CheckFailure(
      value === undefined ? `main.ts exports nothing named ${name}` : `${name} is ${inWords(value)}`,
      `export function ${signature}`,
      "The checks call your functions with cases of their own.",
    );
  return value as Call;
}

/** A streamed answer whose timing is known, for labs whose learners write the reader. Timing is drawn from the seed. */
export function stream(
  shape: StreamShape,
  seed: number,
): { readonly chunks: AsyncIterable<TimedBytes>; readonly truth: StreamTruth } {
  const random = createRandom(seed, "timing");
  const timing = {
    ttft: 0.1 + 0.4 * random.uniform(),
    tpot: 0.005 + 0.03 * random.uniform(),
    tokens: 20 + random.integer(60),
    promptTokens: 50 + random.integer(500),
  };
  const { chunks, truth } = composeStream(shape, timing, seed);
  return { chunks: replay(chunks), truth };
}

async function* replay(chunks: readonly TimedBytes[]): AsyncGenerator<TimedBytes> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
