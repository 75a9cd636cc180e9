/**
 * Settings of InferenceMAX's servers that its rows leave out and its launch scripts state (SemiAnalysisAI/InferenceX,
 * `benchmarks/` and `benchmarks/single_node/` as of 2025-10 to 2026-04, read on 2026-11-27). Facts about how a measurement was
 * made, like a row's own columns; none is fitted, and what a row says itself comes first.
 */
import type { Dtype } from "../../src/engine/catalog/types.ts";

export interface Launched {
  readonly kv?: Dtype;
  readonly maxNumSeqs?: number;
  readonly maxNumBatchedTokens?: number;
  /** vLLM's gpu_memory_utilization, SGLang's mem_fraction_static. */
  readonly utilisation?: number;
  /** TensorRT-LLM's free_gpu_memory_fraction. */
  readonly freeFraction?: number;
  /** Decode steps between looks at the queue: SGLang's scheduler_recv_interval, TensorRT-LLM's batch_wait_timeout_iters. */
  readonly interval?: number;
  /** vLLM's async_scheduling, before it was the default. */
  readonly ahead?: boolean;
}

interface Configuration {
  readonly engine: string;
  readonly model: string;
  readonly gpu: string;
  readonly weights: Dtype;
  readonly tensorParallel: number;
  /** Nominal lengths of the benchmark, tokens. */
  readonly prompt: number;
  readonly output: number;
  readonly concurrency: number;
}

/** What the script of a configuration says; empty where none was read. */
export function launched(c: Configuration): Launched {
  const blackwell = c.gpu.startsWith("b");
  if (c.engine === "sglang") return sglang(c, blackwell);
  if (c.engine === "trtllm") return trtllm(c, blackwell);
  if (c.engine !== "vllm") return {};
  if (c.model === "llama-3.1-70b")
    return {
      kv: "fp8",
      maxNumSeqs: blackwell ? 512 : c.concurrency,
      maxNumBatchedTokens: 8192,
      utilisation: 0.9,
      ahead: true,
    };
  if (c.model === "gpt-oss-120b")
    return blackwell
      ? { kv: "fp8", maxNumSeqs: 512, maxNumBatchedTokens: 8192, utilisation: 0.9 }
      : { maxNumBatchedTokens: 8192, utilisation: 0.9 };
  if (c.model === "minimax-m2.5") return { utilisation: c.weights === "nvfp4" ? 0.9 : 0.95 };
  if (c.model === "kimi-k2.5") return { utilisation: blackwell && c.weights === "nvfp4" ? 0.9 : 0.95 };
  return {};
}

function sglang(c: Configuration, blackwell: boolean): Launched {
  const interval = c.concurrency >= 16 ? 30 : 10;
  if (!blackwell)
    return c.model === "deepseek-v3"
      ? { maxNumSeqs: c.output > 2000 || c.prompt > 2000 ? 256 : 512, maxNumBatchedTokens: 32768, utilisation: 0.82 }
      : { utilisation: 0.85 };
  if (c.model === "glm-5") return { kv: "fp8", maxNumBatchedTokens: 32768, utilisation: 0.85 };
  if (c.model === "deepseek-v3" && c.weights === "nvfp4")
    return { kv: "fp8", maxNumSeqs: 256, maxNumBatchedTokens: 16384, utilisation: 0.85, interval };
  if (c.model === "deepseek-v3")
    return c.tensorParallel === 4
      ? { kv: "fp8", maxNumSeqs: 32, maxNumBatchedTokens: 8192, utilisation: 0.95, interval: 10 }
      : { kv: "fp8", maxNumSeqs: 128, maxNumBatchedTokens: 32768, utilisation: 0.82, interval };
  if (c.model === "qwen3.5-397b-a17b" && c.weights === "nvfp4")
    return { kv: "fp8", maxNumBatchedTokens: 32768, utilisation: 0.85, interval: 30 };
  return {
    ...(c.weights === "fp8" && { kv: "fp8" as const }),
    maxNumSeqs: 128,
    maxNumBatchedTokens: 32768,
    utilisation: 0.82,
    interval,
  };
}

function trtllm(c: Configuration, blackwell: boolean): Launched {
  const short = c.prompt < 2000 && c.output < 2000;
  if (c.model === "llama-3.1-70b")
    return {
      kv: "fp8",
      maxNumBatchedTokens: 16384,
      ...(short && c.tensorParallel < 8 && { interval: 20 }),
    };
  if (c.model === "gpt-oss-120b")
    return {
      ...(blackwell && { kv: "fp8" as const, maxNumSeqs: 512 }),
      maxNumBatchedTokens: 20000,
      freeFraction: 0.85,
    };
  const tokens = Math.max(8192, c.concurrency + c.prompt + 128);
  return {
    kv: "fp8",
    maxNumBatchedTokens: tokens,
    freeFraction: blackwell ? 0.8 : 0.75,
    ...(blackwell && c.weights === "fp8" && short && c.concurrency >= 64 && { interval: 40 }),
  };
}
