/** What is asked of the estimator, read and checked: seconds, tokens, USD. */
import type { ApiPrice, Model, Provenance } from "../../engine/catalog/types.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { ResolvedServer, Server } from "../../engine/server.ts";
import type { Lengths } from "../../engine/workload/types.ts";
import type { ApiTerms } from "./api-terms.ts";
import type { FieldName } from "./fields.ts";

export interface Load {
  readonly prompt: Lengths;
  readonly promptMean: number;
  /** Visible tokens. */
  readonly output: Lengths;
  readonly outputMean: number;
  /** Tokens that are generated and billed before the first one that is seen. */
  readonly reasoning: number;
  /** Share of the mean prompt that begins it and is the same in other requests, 0 to 1. */
  readonly prefixShare: number;
  /** How many such beginnings there are. */
  readonly groups: number;
  readonly callsPerDay: number;
  /** Share of the day's calls by hour, adding up to 1. */
  readonly hours: readonly number[];
  /** Hours that the curve's clock is ahead of UTC. */
  readonly zone: number;
  readonly burstiness: number;
}

export interface Objective {
  readonly slo: Slo;
  /** Share of requests that must meet it, 0 to 1. */
  readonly attainment: number;
  /** TPOT is the time after the first token, over the gaps between tokens or over all tokens. */
  readonly per: "gaps" | "tokens";
}

export interface ApiPlan {
  readonly price: ApiPrice & Provenance;
  /** ISO date for which the price was looked up. */
  readonly on: string;
  /** When this price gave way to another, where the catalogue knows. */
  readonly until?: string;
  readonly terms?: ApiTerms;
  readonly discounted: boolean;
  /** Mean tokens of the prompt; undefined: from the shared prefix. */
  readonly cached?: number;
  readonly written: number;
  /** Tokens of this model for one of yours. */
  readonly drift: number;
  /** Measured by whoever asks: seconds to the first token, and tokens per second after it. */
  readonly ttft?: number;
  readonly speed?: number;
  readonly rtt: number;
}

export interface OwnPlan {
  readonly server: Server;
  readonly resolved: ResolvedServer;
  readonly model: Model;
  /** USD per GPU and hour, and where it comes from. */
  readonly usdPerHour: number;
  readonly priceSource: string;
  /** Paid in all for each dollar of GPU: people, network, monitoring. */
  readonly operations: number;
  /** Replicas follow the load hour by hour, instead of all being paid for around the clock. */
  readonly hourly: boolean;
  readonly gpus: number;
}

export interface Plan {
  readonly load: Load;
  readonly objective: Objective;
  readonly api: ApiPlan | null;
  readonly own: OwnPlan | null;
}

/** By field, what is wrong with what was typed, in words. */
export type Problems = Readonly<Partial<Record<FieldName, string>>>;

/** Requests per second in the mean hour and in the busiest one. */
export function ratesOf({ callsPerDay, hours }: Load): { readonly mean: number; readonly peak: number } {
  const mean = callsPerDay / 86_400;
  return { mean, peak: mean * Math.max(...hours) * hours.length };
}

/** Tokens generated, whether or not they are seen. The engine makes one at least. */
export function generated({ outputMean, reasoning }: Load): number {
  return outputMean + reasoning;
}
