/** What a load is sent to, in what shape, and within which limits. */
import type { Budget } from "./budget.ts";
import type { OwnPrompt } from "./own-prompts.ts";
import type { PromptCalibration } from "./prompt.ts";
import type { BodyShape } from "./request-body.ts";
import type { Timeouts } from "./timeouts.ts";
import type { FailureKind } from "./transport.ts";

export interface LoadOptions {
  /** The user's label of the target; never its address. */
  readonly target: string;
  readonly model: string;
  readonly shape: BodyShape;
  /** Merged into every request's body. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly calibration?: PromptCalibration;
  /** Makes this run's prompts differ from every other run's. */
  readonly salt: number;
  /** What the requests say, instead of words made to a length. */
  readonly prompts?: readonly OwnPrompt[];
  readonly warmup?: number;
  /** False: without X-Request-ID, which this server refuses. */
  readonly requestIds?: boolean;
  readonly timeouts?: Partial<Timeouts>;
  readonly budget?: Budget;
  readonly record?: "chunks" | "requests";
  /** The run's time 0 on the clock, seconds; not before now. Absent: now. */
  readonly zero?: number;
  readonly versions?: Readonly<Record<string, string>>;
  /** Ends the run after this many failures in a row without any success. Default 50. */
  readonly maxFailures?: number;
  onProgress?(done: number, of: number): void;
  /** Each request as it ends, for a live view; the Run has the last word. */
  onRequest?(ended: EndedRequest): void;
}

/** Seconds; NaN where it never happened, or where an answer in one piece does not tell. */
export interface EndedRequest {
  /** Row in the schedule. */
  readonly request: number;
  readonly ttft: number;
  readonly tpot: number;
  readonly e2e: number;
  readonly outputTokens: number;
  /** Absent: it succeeded. */
  readonly failure?: FailureKind;
}
