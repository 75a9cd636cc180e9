/** The Server noun: what is being served, on what, and with which of vLLM's options. Plain data, JSON in and out. */
import type { Dtype, Gpu, Model } from "./catalog/types.ts";
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
  policy: "fcfs" | "priority";
  /** Requests that may wait; further ones are refused. */
  maxWaiting?: number;
  /** Seconds after arrival at which a request is given up. */
  timeout?: number;
}

export interface Server {
  model: Model | string;
  gpu: Gpu | string;
  tensorParallel?: number;
  pipelineParallel?: number;
  dataParallel?: number;
  expertParallel?: number;
  replicas?: number;
  routing?: "round-robin" | "least-loaded" | { affinity: "prefix"; loadBound: number };
  weights?: Dtype;
  kv?: Dtype;
  scheduler?: Partial<SchedulerOptions>;
  batching?: "continuous" | "prefillFirst" | "static";
  kvAllocator?: "paged" | "powerOfTwo" | { reserve: number };
  speculation?: { acceptance: number; draftTokens: number; draftCost: number };
  disaggregated?: { prefillGpus: number; decodeGpus: number; linkBytesPerSecond: number };
  network?: { rtt: number };
  pauses?: { every: number; length: number };
  /** Generation of the serving engine, which sets host overheads; default the newest vLLM fitted. */
  engine?: string;
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
  readonly speculation?: Server["speculation"];
  readonly disaggregated?: Server["disaggregated"];
  readonly rtt: number;
  readonly pauses?: Server["pauses"];
  readonly engine: string;
  readonly parameters: StepParameters;
}
