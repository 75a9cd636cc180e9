/** What the page and a lab may say to each other: two unions, one version, checked where they arrive. */
import * as z from "zod/mini";
import type { ChartDescription, ChartOrigin } from "../engine/chart/types.ts";
import type { Run } from "../engine/run.ts";
import type { Server } from "../engine/server.ts";
import type { PackedTrace } from "../engine/workload/traces/decode.ts";
import type { Workload } from "../engine/workload/types.ts";
import { chartProblem } from "./chart-message.ts";
import type { TimedBytes } from "./context.ts";
import { isRun } from "../engine/valid-run.ts";
import { protocolVersion } from "./protocol-version.ts";

export { protocolVersion };

/** What one run of a lab may send. What is more is left out and said; what can't be said is a flood, which ends the run. */
export const limits = {
  /** Messages at once, and how many a second come back: a run may be long, but not noisy. */
  messages: 10_000,
  messagesPerSecond: 1_000,
  totalBytes: 128e6,
  bytesPerSecond: 8e6,
  consoleLines: 1_000,
  consoleLineCharacters: 4_000,
  /** Over all lines: a page lays out every letter, every value and every row. */
  consoleCharacters: 400_000,
  consoleValues: 6_000,
  consoleRows: 4_000,
  charts: 24,
  runs: 40,
  errors: 20,
  notes: 20,
  checks: 200,
  exports: 100,
} as const;

// A page's Content Security Policy refuses `new Function`, which zod would otherwise try.
z.config({ jitless: true });

const text = (most: number) => z.string().check(z.maxLength(most));
const count = z.number().check(z.nonnegative());
/** NaN and the infinities are numbers that a lab may well come to. */
const anyNumber = z.custom<number>((value) => typeof value === "number");

/** A console argument as text, with the shape that tells the view how to colour it. */
export interface ConsoleValue {
  readonly kind: "string" | "number" | "boolean" | "nothing" | "object" | "error";
  readonly text: string;
}
export type ConsoleLevel = "log" | "info" | "warn" | "error" | "debug";
export interface ConsoleLine {
  readonly level: ConsoleLevel;
  readonly values: readonly ConsoleValue[];
  /** How many groups it stands in. */
  readonly indent?: number;
  /** Of console.table; `values` hold the same as text. */
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/** An error as it left the worker; positions are in compiled code until the page maps them. */
export interface LabError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export interface CheckResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "notGraded";
  readonly seed: number;
  /** What was seen, what was expected, why, and the next hint; absent where the check passed. */
  readonly message?: string;
  /** How good the answer is, where the check says so. */
  readonly points?: number;
  /** Where the check judged, as a frame of the compiled checks: for its author. */
  readonly at?: string;
  /** What was thrown while it ran, if anything but a judgement was. */
  readonly error?: LabError;
  /** The check itself is wrong, whatever the learner wrote. */
  readonly atFault?: boolean;
}

/** A number or text that the learner's code exports: what a prediction is compared with. */
export type Exported = Readonly<Record<string, number | string | boolean>>;

export interface LabJob {
  readonly lab: string;
  readonly mode: "run" | "check";
  /** Compiled JavaScript of the learner. */
  readonly code: string;
  /** Compiled checks.ts, in mode "check". */
  readonly checks?: string;
  readonly seed: number;
  readonly params: Readonly<Record<string, number | string>>;
  readonly server?: Server;
  readonly parameters: string;
  readonly measured: boolean;
  /** Seconds that timers may go on after the code itself has ended. */
  readonly limit: number;
  /** Shipped traces that the code names. */
  readonly traces?: readonly PackedTrace[];
  /** Runs of the learner's last measured run, which `benchmark` hands out again while checks run. */
  readonly replay?: readonly Run[];
  /** What its streams brought, which `openStream` hands out again. */
  readonly replayStreams?: readonly (readonly TimedBytes[])[];
}

export interface MeasureOptions {
  readonly warmup?: number;
}

type Tagged<T> = T & { readonly v: typeof protocolVersion; readonly run: number };

export type PageToLab = Tagged<
  | { readonly type: "start"; readonly job: LabJob }
  | { readonly type: "ping"; readonly n: number }
  | { readonly type: "measuring"; readonly call: number; readonly done: number; readonly of: number }
  | { readonly type: "measured"; readonly call: number; readonly result: Run }
  | { readonly type: "refused"; readonly call: number; readonly message: string }
  | { readonly type: "bytes"; readonly call: number; readonly t: number; readonly bytes: Uint8Array }
  | { readonly type: "streamEnd"; readonly call: number }
>;

export type LabToPage = Tagged<
  | { readonly type: "pong"; readonly n: number }
  | { readonly type: "console"; readonly lines: readonly ConsoleLine[]; readonly dropped: number }
  | { readonly type: "chart"; readonly description: ChartDescription; readonly origin: ChartOrigin }
  | { readonly type: "kept"; readonly result: Run }
  /** A sign of life too: it comes from the middle of a long call. `what`: of what; requests where it is not said. */
  | { readonly type: "progress"; readonly done: number; readonly of: number; readonly what?: string }
  /** A remark that stands under the results. */
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "measure"; readonly call: number; readonly workload: Workload; readonly options: MeasureOptions }
  | {
      readonly type: "openStream";
      readonly call: number;
      readonly request: { readonly prompt: string; readonly maxTokens: number };
    }
  | { readonly type: "check"; readonly result: CheckResult }
  | { readonly type: "error"; readonly error: LabError }
  | { readonly type: "done"; readonly exported: Exported }
>;

const object = z.custom<object>((value) => typeof value === "object" && value !== null);
const envelope = { v: z.literal(protocolVersion), run: count };
const runShape = z.custom<Run>((value) => isRun(value));

const labError = z.object({ name: text(200), message: text(10_000), stack: text(20_000) });

const consoleLine = z.object({
  level: z.enum(["log", "info", "warn", "error", "debug"]),
  values: z
    .array(
      z.object({
        kind: z.enum(["string", "number", "boolean", "nothing", "object", "error"]),
        text: text(limits.consoleLineCharacters),
      }),
    )
    .check(z.maxLength(50)),
  indent: z.optional(count.check(z.maximum(100))),
  table: z.optional(
    z.object({
      columns: z.array(text(1_000)).check(z.maxLength(50)),
      rows: z.array(z.array(text(1_000)).check(z.maxLength(50))).check(z.maxLength(1_000)),
    }),
  ),
});

const labToPage = z.discriminatedUnion("type", [
  z.object({ ...envelope, type: z.literal("pong"), n: count }),
  z.object({
    ...envelope,
    type: z.literal("console"),
    lines: z.array(consoleLine).check(z.maxLength(limits.consoleLines)),
    dropped: count,
  }),
  z.object({
    ...envelope,
    type: z.literal("chart"),
    description: z.custom<ChartDescription>((value) => chartProblem(value) === null),
    origin: z.object({
      kind: z.enum(["simulated", "measured", "calculated"]),
      seed: z.optional(z.number()),
      target: z.optional(text(200)),
    }),
  }),
  z.object({ ...envelope, type: z.literal("kept"), result: runShape }),
  z.object({ ...envelope, type: z.literal("progress"), done: count, of: count, what: z.optional(text(200)) }),
  z.object({ ...envelope, type: z.literal("note"), text: text(1_000) }),
  z.object({
    ...envelope,
    type: z.literal("measure"),
    call: count,
    workload: z.custom<Workload>((value) => object.safeParse(value).success),
    options: z.object({ warmup: z.optional(count) }),
  }),
  z.object({
    ...envelope,
    type: z.literal("openStream"),
    call: count,
    request: z.object({ prompt: text(200_000), maxTokens: count }),
  }),
  z.object({
    ...envelope,
    type: z.literal("check"),
    result: z.object({
      name: text(300),
      outcome: z.enum(["passed", "failed", "notGraded"]),
      seed: z.number(),
      message: z.optional(text(4_000)),
      points: z.optional(z.number()),
      at: z.optional(text(500)),
      error: z.optional(labError),
      atFault: z.optional(z.boolean()),
    }),
  }),
  z.object({ ...envelope, type: z.literal("error"), error: labError }),
  z.object({
    ...envelope,
    type: z.literal("done"),
    exported: z.record(text(200), z.union([anyNumber, text(1_000), z.boolean()])),
  }),
]);

const pageToLab = z.discriminatedUnion("type", [
  z.object({
    ...envelope,
    type: z.literal("start"),
    job: z.custom<LabJob>((value) => object.safeParse(value).success),
  }),
  z.object({ ...envelope, type: z.literal("ping"), n: count }),
  z.object({ ...envelope, type: z.literal("measuring"), call: count, done: count, of: count }),
  z.object({ ...envelope, type: z.literal("measured"), call: count, result: runShape }),
  z.object({ ...envelope, type: z.literal("refused"), call: count, message: text(4_000) }),
  z.object({ ...envelope, type: z.literal("bytes"), call: count, t: z.number(), bytes: z.instanceof(Uint8Array) }),
  z.object({ ...envelope, type: z.literal("streamEnd"), call: count }),
]);

/** The message if it is one that a lab may send for this run, else why not. */
export function readFromLab(data: unknown, run: number): LabToPage | { readonly problem: string } {
  const parsed = labToPage.safeParse(data);
  if (!parsed.success) return { problem: parsed.error.issues[0]?.message ?? "not a message" };
  if (parsed.data.run !== run) return { problem: "a message of another run" };
  return parsed.data as LabToPage;
}

/** The message if it is one that the page may send, else null. */
export function readFromPage(data: unknown): PageToLab | null {
  const parsed = pageToLab.safeParse(data);
  return parsed.success ? (parsed.data as PageToLab) : null;
}
