/** The Run noun: what happened, request by request and chunk by chunk. Simulated and measured runs are the same type. */
import type { Server } from "./server.ts";
import type { Workload } from "./workload/types.ts";

export const statuses = ["succeeded", "failed", "cancelled", "timedOut", "refused", "unsent"] as const;
/**
 * Where a count of tokens comes from: the simulator, the server's usage, a tokenizer; or a guess: "chunks", one token a chunk,
 * because the server counted none; "asked", the length that was asked for.
 */
export const tokenSources = ["simulated", "usage", "tokenizer", "chunks", "asked"] as const;

/** Kind bits of a chunk; one chunk may carry several. */
export const chunkKinds = {
  role: 1,
  empty: 2,
  content: 4,
  reasoning: 8,
  tool: 16,
  finish: 32,
  usage: 64,
  done: 128,
} as const;

/** One row a request. Seconds from the run's start; NaN where it never happened. */
export interface RequestColumns {
  readonly count: number;
  /** When it should have left. */
  readonly scheduled: Float64Array;
  /** When it left, after any cap on concurrency. */
  readonly started: Float64Array;
  readonly headers: Float64Array;
  readonly firstEvent: Float64Array;
  /** First token-bearing event; NaN too where an answer came in one piece, which doesn't tell when its first token was there. */
  readonly first: Float64Array;
  /** Last token-bearing event. */
  readonly last: Float64Array;
  /** End of the stream. */
  readonly closed: Float64Array;
  readonly promptTokens: Uint32Array;
  readonly cachedTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  /** Index into `tokenSources`: of `outputTokens`. */
  readonly tokenSource: Uint8Array;
  /** Index into `tokenSources`: of `promptTokens`. Absent: the same as `tokenSource`. */
  readonly promptSource?: Uint8Array;
  /**
   * Output tokens that the stream showed: what the times between tokens are divided by. Fewer than `outputTokens` where reasoning is
   * counted and hidden; 0 where some were hidden and nobody says how many, so that there is no TPOT. Absent: all were shown.
   */
  readonly visibleTokens?: Uint32Array;
  /** Index into `statuses`. */
  readonly status: Uint8Array;
  readonly preemptions: Uint16Array;
  readonly replica: Uint16Array;
}

/** One row a chunk, in order of time within a request. */
export interface ChunkColumns {
  readonly t: Float64Array;
  readonly request: Uint32Array;
  readonly tokens: Uint16Array;
  readonly kind: Uint16Array;
}

/** The server over time: from the scheduler, or scraped. Decimated for display. */
export interface Timeline {
  readonly t: Float64Array;
  readonly batch: Uint32Array;
  readonly tokens: Uint32Array;
  readonly blocks: Uint32Array;
  readonly waiting: Uint32Array;
  /** Index into `bounds` of the step model. */
  readonly bound: Uint8Array;
  /** Share of the run during which a step ran, 0–1. */
  readonly busy: number;
}

/** Gaps between tokens of one request, pooled over the run, as a histogram with 1 % wide bins. */
export interface ItlHistogram {
  /** Upper edge of each bin, seconds. */
  readonly upper: Float64Array;
  readonly count: Float64Array;
  readonly sum: number;
  readonly max: number;
}

/** Where the time of each request went, seconds; filled by the simulator for `explain`. */
export interface ExplainColumns {
  /** Before the first token: queue, own prefill, steps shared with other prefills, time lost to preemption. */
  readonly queue: Float64Array;
  readonly prefill: Float64Array;
  readonly interference: Float64Array;
  readonly preemption: Float64Array;
  /**
   * Where prefill and decode have engines of their own: until the KV had crossed to the decode engine, before the first token
   * (`fetch`, with vLLM) or after it.
   */
  readonly fetch?: Float64Array;
  readonly transfer?: Float64Array;
  readonly decode: Float64Array;
  readonly decodeInterference: Float64Array;
  readonly decodePreemption: Float64Array;
}

/** What went wrong with one request of a measured run. */
export interface RequestFailure {
  readonly request: number;
  /** A `FailureKind` of src/engine/benchmark/transport.ts. */
  readonly kind: string;
  readonly phase: "connect" | "headers" | "stream";
  readonly message: string;
}

/** What a server keeps histograms of, by its own clock: arrival to first token, between tokens, arrival to end, in its queue. */
export type ServerMean = "ttft" | "itl" | "e2e" | "queue";

/** What the server's own counters say about the run: differences between a scrape before and one after it. */
export interface ServerCounters {
  readonly engine: string;
  /** Tokens the server says it generated; equal to the sum of usage unless answers were lost or others used it too. */
  readonly generatedTokens?: number;
  readonly promptTokens?: number;
  readonly preemptions?: number;
  readonly prefixQueries?: number;
  readonly prefixHits?: number;
  readonly kvBlocks?: number;
  /** Means over the run, seconds: to be set beside the client's. The network and the client are not in them. */
  readonly means?: Readonly<Partial<Record<ServerMean, number>>>;
  /** The server is our own simulated endpoint. */
  readonly simulated?: true;
}

/** How far a clock differs from a time source: source − own, seconds, within ± `error`. */
export interface ClockOffset {
  readonly source: string;
  readonly offset: number;
  readonly error: number;
  readonly probes: number;
}

/** Which part of one schedule a client sent, and what the others must have in common with it. */
export interface ShardFacts {
  /** From 0. */
  readonly index: number;
  readonly of: number;
  /** Requests of the whole schedule. */
  readonly requests: number;
  /** The agreed instant at which all begin: the run's time 0, seconds since 1970. */
  readonly startAt: number;
  /** What was asked for beside the workload, in words or as a digest. */
  readonly settings: Readonly<Record<string, string>>;
  readonly clock?: ClockOffset;
}

/** One client of a merged run. Lags in seconds. */
export interface MergedShard {
  readonly index: number;
  /** Rows that it brought. */
  readonly requests: number;
  readonly clientLag: number;
  readonly clock?: ClockOffset;
}

/** Whose records were pooled. */
export interface MergedFacts {
  readonly of: number;
  readonly startAt: number;
  readonly shards: readonly MergedShard[];
  /** Indices of those that were not there. */
  readonly missing: readonly number[];
}

/** How a measured run was taken. */
export interface Measurement {
  readonly askedPromptTokens: Uint32Array;
  readonly askedOutputTokens: Uint32Array;
  /** The run's time 0 on the client's own monotonic clock, seconds: for joining with a server's log on the same machine. */
  readonly zero: number;
  readonly streamed: boolean;
  readonly salt: number;
  /** Requests sent before the run, not recorded; with those that failed. */
  readonly warmup: number;
  /** Of them, how many failed and were sent again or done without. Absent: none. */
  readonly warmupFailed?: number;
  /** Tokens that they used, prompts and answers, as the server counted them; else as asked. */
  readonly warmupTokens?: number;
  /** Requests that were sent twice, because the server closed the kept-open connection just then. Absent: none. */
  readonly resent?: number;
  /** Answers of two or more tokens that came in one read, or as one document though a stream was asked for. Absent: none. */
  readonly onePiece?: number;
  /** Without X-Request-ID, because the server refuses a request that has it. */
  readonly withoutRequestId?: boolean;
  /** The environment variable that names a proxy for this target; `ignored`: why the run went straight to the server all the same. */
  readonly proxy?: { readonly variable: string; readonly ignored?: string };
  /** p99 of how late requests left, and of how late the client's own timer ticked, seconds. */
  readonly dispatchLag: number;
  readonly heartbeatLag: number;
  /** The latest tick of that timer, seconds: a frozen client ticks late once, which no p99 of a long run shows. */
  readonly longestStall?: number;
  /** p99 of how long the browser held requests back before it sent them, seconds; where the server lets it be read. */
  readonly sendWait?: number;
  readonly bytes: number;
  readonly peakInFlight: number;
  readonly server?: ServerCounters;
  /** TLS certificates were not verified. */
  readonly insecureTls?: boolean;
  /** Where this client sent a part of a schedule: which rows of the whole these are, ascending. */
  readonly rows?: Uint32Array;
  readonly shard?: ShardFacts;
  /** Where the run is the pooled records of several clients. Lags are then those of the worst of them. */
  readonly merged?: MergedFacts;
}

export type Origin =
  | { readonly kind: "simulated"; readonly server: Server; readonly seed: number }
  | {
      readonly kind: "measured";
      /** The learner's label; never the URL or the key. */
      readonly target: string;
      readonly model: string;
      readonly transport: string;
      /** p99 of the client's own lateness, seconds. */
      readonly clientLag: number;
    };

export interface Run {
  readonly origin: Origin;
  readonly workload: Workload;
  readonly versions: Readonly<Record<string, string>>;
  readonly date?: string;
  /** Why the run ended before its workload did, in words. */
  readonly ended?: { readonly reason: string; readonly message: string };
  /**
   * When requests left is not known, as in some tools' files: each begins at 0, and rates are taken over `duration` seconds,
   * or are NaN where that is not known either.
   */
  readonly untimed?: { readonly duration?: number };
  readonly requests: RequestColumns;
  readonly chunks?: ChunkColumns;
  readonly itl?: ItlHistogram;
  readonly explain?: ExplainColumns;
  readonly timeline?: Timeline;
  readonly failures?: readonly RequestFailure[];
  readonly measurement?: Measurement;
}
