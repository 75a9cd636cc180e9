/** The endpoint that a learner or a command measures, and the ways to reach it from a page. */
import type { Budget } from "../engine/benchmark/budget.ts";
import type { EndedRequest } from "../engine/benchmark/load-options.ts";
import type { OwnPrompt } from "../engine/benchmark/own-prompts.ts";
import type { ShardFacts } from "../engine/run.ts";

/** Prices in USD: of the hardware behind the endpoint, or per million tokens. */
export type TargetPrice =
  { readonly gpuHour: number; readonly gpus: number } | { readonly input: number; readonly output: number };

export interface EndpointTarget {
  /** What charts and exports call it. Never the URL. */
  readonly label: string;
  /** Usually ends in /v1; may have a path prefix. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as a Bearer token, to the URL's origin only. Kept in memory; never logged, stored or exported. */
  readonly key?: string;
  /** As secret as the key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly api?: "chat" | "completions";
  /** Accept a self-signed certificate. The Run says so. */
  readonly insecureTls?: boolean;
  readonly price?: TargetPrice;
}

export interface MeasureOptions {
  /** Requests before the run that open connections and calibrate prompt lengths; default 4. 0: none, and prompts are uncalibrated. */
  readonly warmup?: number;
  readonly signal?: AbortSignal;
  readonly budget?: Budget;
  /** Ask for one JSON document instead of a stream. */
  readonly whole?: boolean;
  /** What the requests say, instead of words made to a length. */
  readonly prompts?: readonly OwnPrompt[];
  /** Prompts of the same salt are the same; by default every run has its own, so that no cache is warm for it. */
  readonly salt?: number;
  /** Merged into every request's body. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly timeouts?: {
    readonly headers?: number;
    readonly stall?: number;
    readonly total?: number;
    readonly grace?: number;
  };
  readonly record?: "chunks" | "requests";
  /** Sends only a part of the schedule; needs a `salt` that all its clients have. */
  readonly shard?: Omit<ShardFacts, "requests">;
  /** When the run begins, seconds since 1970 on this machine's clock. MeasureError where the warm-up isn't done by then. Default: at once. */
  readonly startAt?: number;
  onProgress?(done: number, of: number): void;
  /** Each request of the run as it ends. */
  onRequest?(ended: EndedRequest): void;
  /** A sentence, when the runner measures something else first. */
  onWaiting?(message: string): void;
}

/** How a page reaches an endpoint: through the runner that serves it (or a paired one), or straight from the browser. */
export type Via =
  | {
      readonly kind: "runner";
      /** Default: the page's own origin. */
      readonly url?: string;
      /** Of a paired page: what /api/pair gave for the one-time token. */
      readonly session?: string;
    }
  | { readonly kind: "browser" };

/** A runner on another origin than the page's, with what pairing gave. The endpoint worker speaks to it, since the page may not. */
export interface PairedRunner {
  readonly kind: "runner";
  readonly url: string;
  readonly session: string;
}

export function isPaired(via: Via): via is PairedRunner {
  return via.kind === "runner" && via.url !== undefined && via.session !== undefined;
}

/** A measurement that could not begin, in a sentence with what to try. */
export class MeasureError extends Error {
  override readonly name = "MeasureError";
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}
