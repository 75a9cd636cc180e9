/** What "find it for me" is asked, and what it answers. Seconds, tokens, USD. */
import type { Dtype } from "../catalog/types.ts";
import type { Server } from "../server.ts";
import type { Slo } from "../metrics/types.ts";
import type { Lengths, PrefixGroups } from "../workload/types.ts";

export type LatencyMetric = "ttft" | "tpot" | "e2e";
export type PlanPercentile = 50 | 90 | 95 | 99;

/** "The p95 of TTFT stays within 0.5 s." */
export interface Bound {
  readonly metric: LatencyMetric;
  readonly percentile: PlanPercentile;
  readonly seconds: number;
}

/** "This share of the requests keeps all of these at once." */
export interface GoodputGoal extends Slo {
  /** 0–1. */
  readonly share: number;
}

/** The traffic that has to be carried: requests a second over all replicas, at the busiest time. */
export interface PlanWorkload {
  readonly rate: number;
  /** Gamma shape of the gaps, as in `gamma()`; default 1, independent arrivals. */
  readonly burstiness?: number;
  readonly prompt: Lengths;
  readonly output: Lengths;
  readonly prefix?: PrefixGroups;
}

/** What is tried. Every list replaces its default. */
export interface PlanSpace {
  /** Catalogue ids. Default: every GPU that is a product of its own. */
  readonly gpus: readonly string[];
  /** Default: what the checkpoint is, and the common formats that are smaller. */
  readonly weights: readonly Dtype[];
  readonly kv: readonly Dtype[];
  readonly tensorParallel: readonly number[];
  readonly pipelineParallel: readonly number[];
  /** Ranks that share a mixture's experts, each with attention of its own; 1 is none. Tried with experts spread over all GPUs. */
  readonly dataParallel: readonly number[];
  /** GPUs that one replica may have. */
  readonly gpusPerReplica: number;
  readonly replicas: number;
}

export interface PlanQuestion {
  readonly model: Server["model"];
  readonly workload: PlanWorkload;
  readonly slo: { readonly bounds?: readonly Bound[]; readonly goodput?: GoodputGoal };
  /** Default: any. */
  readonly usdPerMonth?: number;
  /** ISO date on which prices are looked up, and from which their age counts. */
  readonly asOf: string;
  /** Prices of your own, USD per GPU and hour, by GPU. */
  readonly usdPerGpuHour?: Readonly<Record<string, number>>;
  readonly space?: Partial<PlanSpace>;
  /** Whose p99 the second ranking and the front go by. Default "e2e". */
  readonly rankBy?: LatencyMetric;
  /** Cheapest rows that are wanted in full; Infinity searches everything. Default 12. */
  readonly rows?: number;
  /** Largest share of what a server can carry that it is given to carry. Default 0.9. */
  readonly mostLoad?: number;
  /** Options that all servers have in common. */
  readonly server?: Pick<Server, "engine" | "version" | "network" | "scheduler" | "parameters">;
  readonly seed?: number;
}

/** What a GPU costs in this search, and how far that can be trusted. */
export interface PlanPrice {
  readonly usdPerHour: number;
  /** The asker's own price has neither day nor source. */
  readonly on?: string;
  readonly source?: string;
  readonly flag?: string;
  /** Days between the price's day and the question's. */
  readonly age?: number;
  readonly stale: boolean;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What a simulation of one replica under its share of the traffic gave. */
export interface Confirmed {
  /** Requests that counted. */
  readonly requests: number;
  readonly ttft: Percentiles;
  /** NaN where every answer is one token. */
  readonly tpot: Percentiles;
  readonly e2e: Percentiles;
  /** Requests per second of this replica. */
  readonly rate: number;
  readonly preemptions: number;
  readonly cacheHitRate: number;
  /** Of each goal, what was reached over what was promised, at the upper end of the percentile's 95 % interval: at most 1 in a row. */
  readonly goals: readonly { readonly words: string; readonly of: number }[];
}

export interface PlanRow {
  /** Stable name: GPU, formats, parallelism and replicas. */
  readonly id: string;
  readonly server: Server;
  readonly gpus: number;
  readonly replicas: number;
  readonly usdPerMonth: number;
  readonly price: PlanPrice;
  readonly confirmed: Confirmed;
  /** Requests per second that all replicas together can carry at saturation. */
  readonly capacity: number;
  /** Share of it that the traffic asks for. */
  readonly load: number;
  /** Share of a GPU's usable memory that the weights take, and tokens that a replica's KV cache holds. */
  readonly weightsShare: number;
  readonly cacheTokens: number;
  /** What makes it cost what it costs, in words. */
  readonly limit: string;
  /** No other row is both as cheap and as fast. */
  readonly onFront: boolean;
}

export const refusals = [
  "unpriced",
  "impossible",
  "doesNotFit",
  "tooLong",
  "tooSlow",
  "overBudget",
  "tooManyReplicas",
  "missesSlo",
  "noBetter",
] as const;
/** Why configurations are no rows. A configuration is everything but the number of replicas. */
export type Refusal = (typeof refusals)[number];

export interface Refused {
  readonly reason: Refusal;
  readonly configurations: number;
  /** One sentence that a reader can check, with an example. */
  readonly words: string;
}

/** What would have to give for there to be a row. */
export interface NearestMiss {
  readonly row: PlanRow;
  readonly words: string;
}

export interface PlanAnswer {
  /** By USD a month, then p99. */
  readonly rows: readonly PlanRow[];
  readonly refused: readonly Refused[];
  readonly configurations: number;
  /** Plans that were simulated. */
  readonly simulated: number;
  /** It was cut short, and says nothing about the rest. */
  readonly ended: boolean;
  /** Where there are no rows. */
  readonly nearest: readonly NearestMiss[];
  readonly rankBy: LatencyMetric;
  /** The model's name, and what a config.json left open. */
  readonly model: string;
  readonly assumed: readonly string[];
}
