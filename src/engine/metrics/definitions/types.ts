/** What a benchmark tool's definition consists of. */
import type { RawRecord } from "../record.ts";
import type { Rank } from "../rank.ts";

/** One request's metrics, seconds; undefined where the tool has no value for it. */
export interface RequestMetrics {
  readonly ttft?: number;
  readonly tpot?: number;
  readonly e2e?: number;
  /** What the tool calls inter-token latency: one value a gap, or one a request. */
  readonly itl: readonly number[];
  /** How often each value of `itl` counts; 1 when absent. */
  readonly itlWeight?: number;
  /** Gaps between chunks. */
  readonly icl: readonly number[];
  readonly outputTokens: number;
}

/** What a definition may have to guess at in a run, for its `approximate` list. */
export interface RunFacts {
  readonly measured: boolean;
  readonly chunks: boolean;
  /** Requests whose output tokens did not come from a tokenizer of ours. */
  readonly notTokenized: boolean;
  /** Requests whose output tokens are a count of chunks. */
  readonly countedChunks: boolean;
  /** Successful requests of at most one output token. */
  readonly single: number;
  readonly failed: number;
}

export interface DefinitionRules {
  /** Clock zero of a request. */
  readonly from: "started" | "scheduled";
  readonly rank: Rank;
  /** Seconds for a metric that the tool fills in where it is missing; undefined: left out. */
  readonly filler?: number;
  /** What an SLO bound sees when the metric is missing: a value, or "fails". */
  readonly missing: number | "fails";
  /** The tool's TPOT begins with the request, so that it needs no first token. */
  readonly tpotFromStart?: true;
  /** The tool divides by the tokens that the server counted, those of hidden reasoning too. */
  readonly countsHidden?: true;
  /** Where the clock of the rates starts and stops. */
  readonly span: { readonly from: "zero" | "scheduled" | "started"; readonly to: "closed" | "last" };
  measure(record: RawRecord, zero: number): RequestMetrics;
  /** "metric: why it is only approximate here". */
  approximate(facts: RunFacts): string[];
}

/** `value`, or undefined where it is not a number. */
export function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** (end − begin) ÷ (tokens − 1), undefined for fewer than two tokens. */
export function perGap(begin: number, end: number, tokens: number): number | undefined {
  return tokens > 1 ? known((end - begin) / (tokens - 1)) : undefined;
}
