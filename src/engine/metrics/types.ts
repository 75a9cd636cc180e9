/** What is read out of a Run. */
export type Definition = "perflab" | "vllm" | "sglang" | "aiperf" | "guidellm" | "inference-perf" | "mlperf";
export type PercentileMethod = "linear" | "nearest-rank" | "hazen" | "weibull" | "median-unbiased";

export interface SummaryOptions {
  definition?: Definition;
  /** Clock zero of a request: when it left (vLLM) or when it should have left (MLPerf). Default "started". */
  from?: "started" | "scheduled";
  window?: "steady" | "all";
}

export interface Ranged {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Samples of one metric. q is in percent, 0–100. */
export interface Distribution {
  readonly n: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly values?: Float64Array;
  p(q: number): number;
  /** 95 % order-statistic interval; null where the sample is too small to have one. */
  interval(q: number): [number, number] | null;
}

export interface Summary {
  readonly ttft: Distribution;
  readonly tpot: Distribution;
  readonly itl: Distribution;
  readonly icl: Distribution;
  readonly e2e: Distribution;
  /** Seconds. */
  readonly duration: number;
  readonly outputTokensPerSecond: number;
  readonly totalTokensPerSecond: number;
  readonly requestsPerSecond: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly unsent: number;
  readonly cacheHitRate: number;
  readonly preemptions: number;
  /** Mean tokens of a chunk. Above 1, most gaps between tokens (`itl`) are 0, and `icl` has the gaps between chunks. Absent: not known. */
  readonly tokensPerChunk?: number;
  readonly clientLimited: boolean;
  /** Metrics that this definition can only approximate here, and why. */
  readonly approximate: readonly string[];
}

/** Goodput counts a request that meets every bound given. Seconds. */
export interface Slo {
  ttft?: number;
  tpot?: number;
  e2e?: number;
}

export type Parts = Record<
  "client" | "network" | "queue" | "prefill" | "interference" | "preemption" | "transfer" | "decode",
  number
>;

export interface ComparedRow {
  readonly metric: string;
  readonly a: number;
  readonly b: number;
  /** b − a. */
  readonly delta: Ranged;
  /** Seconds, something per second, or a share of the scheduled requests, 0–1. */
  readonly unit: "s" | "/s" | "share";
  readonly better: "low" | "high";
}

/** What became of the requests of a run. */
export interface Outcome {
  readonly scheduled: number;
  readonly succeeded: number;
  /** Timed-out and refused ones too. */
  readonly failed: number;
  readonly cancelled: number;
  readonly unsent: number;
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  readonly changed: readonly string[];
  readonly outcomes: readonly [a: Outcome, b: Outcome];
  /** "ttft p99: a 100 ms of 80, b 90 ms of 80, an interval needs 368 …": rows that are not there, and why. */
  readonly leftOut: readonly string[];
  /** How the loads of the runs differ, in words. */
  readonly loads: readonly string[];
}
