/** The Server noun: what is being served, on what, and with which of vLLM's options. Plain data, JSON in and out. */
import type { Dtype, Gpu, HuggingFaceConfig, Model } from "./catalog/types.ts";
import type { SchedulerRules } from "./simulate/rules.ts";
import type { StepParameters } from "./step/types.ts";

/** vLLM's scheduler and cache options, by vLLM's names in camelCase (vllm/config/{scheduler,cache}.py). */
export interface SchedulerOptions {
  maxNumSeqs: number;
  maxNumBatchedTokens: number;
  blockSize: number;
  gpuMemoryUtilization: number;
  /** KV blocks, as the server's log prints them. Worked out from the memory budget when absent. */
  numGpuBlocks?: number;
  maxModelLen?: number;
  enablePrefixCaching: boolean;
  enableChunkedPrefill: boolean;
  /** 0: no threshold. */
  longPrefillTokenThreshold: number;
  /** The threshold is at least the budget's share of each request, running or waiting. */
  longPrefillTokenThresholdAdaptive: boolean;
  policy: "fcfs" | "priority";
  /** Plan a step while the one before it runs. On from vLLM 0.14; off with n-gram drafts and in the course's frozen sets. */
  asyncScheduling: boolean;
  /** Admit a request only if its whole text fits, not just its first chunk. */
  schedulerReserveFullIsl: boolean;
  /** Share of the KV blocks that admission leaves free, 0 to 1. */
  watermark: number;
  /** Requests that may run at once, where fewer than `maxNumSeqs`. */
  maxNumActiveSeqs?: number;
  /** Tokens that may be computed in a step, where fewer than `maxNumBatchedTokens`. */
  maxNumScheduledTokens?: number;
  /** While someone decodes, prompts are computed only in every n-th step. */
  prefillScheduleInterval: number;
  /** Requests that may wait; further ones are refused. */
  maxWaiting?: number;
  /** Seconds after arrival at which a request is given up. */
  timeout?: number;
}

/** Where drafts come from, by vLLM's method names in camelCase. It decides which blocks and budget drafting takes. */
export type SpeculationMethod = "draftModel" | "eagle" | "mtp" | "ngram";

export interface SpeculationOptions {
  /** Chance that a draft is right, given that those before it were, 0 to 1. */
  acceptance: number;
  draftTokens: number;
  /** A draft token's cost as a share of the target's decode step. */
  draftCost: number;
  /** Default "draftModel". */
  method?: SpeculationMethod;
}

export interface Server {
  /** A catalogue id, a checkpoint's name, a Model, or a Hugging Face config.json as parsed. */
  model: Model | string | HuggingFaceConfig;
  /** A catalogue id or a Gpu. */
  gpu: Gpu | string;
  tensorParallel?: number;
  pipelineParallel?: number;
  dataParallel?: number;
  expertParallel?: number;
  replicas?: number;
  routing?: "round-robin" | "least-loaded" | { affinity: "prefix"; loadBound: number };
  /** Default: what the checkpoint's config declares, else bf16. */
  weights?: Dtype;
  kv?: Dtype;
  scheduler?: Partial<SchedulerOptions>;
  batching?: "continuous" | "prefillFirst" | "static";
  kvAllocator?: "paged" | "powerOfTwo" | { reserve: number };
  speculation?: SpeculationOptions;
  disaggregated?: { prefillGpus: number; decodeGpus: number; linkBytesPerSecond: number };
  network?: { rtt: number };
  pauses?: { every: number; length: number };
  /** Generation of the serving engine, which sets host overheads; default the newest vLLM fitted. */
  engine?: string;
  /** Version of vLLM, such as "0.11": sets the scheduler's rules and defaults, and the generation. Default the newest. */
  version?: string;
  parameters?: string | StepParameters;
}

/** A Server with every default filled in and every field checked. */
export interface ResolvedServer {
  readonly model: Model;
  readonly gpu: Gpu;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly dataParallel: number;
  readonly expertParallel: number;
  readonly replicas: number;
  readonly routing: NonNullable<Server["routing"]>;
  readonly weights: Dtype;
  readonly kv: Dtype;
  readonly scheduler: Readonly<SchedulerOptions>;
  readonly batching: NonNullable<Server["batching"]>;
  readonly kvAllocator: NonNullable<Server["kvAllocator"]>;
  readonly speculation?: Readonly<Required<SpeculationOptions>>;
  readonly disaggregated?: Server["disaggregated"];
  readonly rtt: number;
  /** Seconds from request to scheduler and back that the engine's front end takes, where the parameter set knows them. */
  readonly ingress: number;
  readonly pauses?: Server["pauses"];
  readonly engine: string;
  readonly rules: SchedulerRules;
  readonly parameters: StepParameters;
}
