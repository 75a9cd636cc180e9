/** The Workload noun: who arrives when, with how many tokens, sharing what. Plain data, JSON in and out. */

export type Lengths =
  | { readonly kind: "fixed"; readonly value: number }
  | { readonly kind: "uniform"; readonly min: number; readonly max: number }
  | { readonly kind: "exponential"; readonly mean: number }
  | { readonly kind: "lognormal"; readonly median: number; readonly sigma: number }
  | { readonly kind: "empirical"; readonly values: readonly number[] }
  | { readonly kind: "clamp"; readonly of: Lengths; readonly min: number; readonly max: number };

/** Rates are requests per second. */
export type Arrivals =
  | { readonly kind: "poisson"; readonly rate: number }
  | { readonly kind: "gamma"; readonly rate: number; readonly burstiness: number }
  | { readonly kind: "constant"; readonly rate: number }
  | { readonly kind: "ramp"; readonly from: number; readonly to: number; readonly seconds: number }
  | { readonly kind: "burst" }
  | { readonly kind: "closed"; readonly users: number; readonly thinkTime?: Lengths }
  | { readonly kind: "script"; readonly requests: readonly RequestSpec[] }
  | { readonly kind: "trace"; readonly name: string };

/**
 * Requests fall into `groups` that share a leading prefix, which stands in front of their own prompt: a request has prefix + prompt
 * tokens, and only the prefix can be found in a cache. `tokens` is drawn once a group; zipf > 0 makes low-numbered groups more popular.
 */
export interface PrefixGroups {
  groups: number;
  tokens: Lengths;
  zipf?: number;
}

export interface Workload {
  arrivals: Arrivals;
  prompt: Lengths;
  output: Lengths;
  prefix?: PrefixGroups;
  sessions?: { turns: Lengths; think?: Lengths };
  /** requests or duration is required; with both, whichever ends first. */
  requests?: number;
  duration?: number;
  maxConcurrency?: number;
  seed?: number;
}

/** Equal leading segments share KV blocks. */
export interface Segment {
  id: string | number;
  tokens: number;
}

export interface RequestSpec {
  /** Seconds from the start of the run. */
  at: number;
  prompt: number | readonly Segment[];
  output: number;
  priority?: number;
  /** Seconds after arrival at which the client gives up. */
  cancelAfter?: number;
}
