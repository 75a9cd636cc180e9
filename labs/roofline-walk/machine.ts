/** A GPU and a model as the few numbers that a roofline needs. Nothing to change here. */
import { gpu, kvBytesPerToken, memoryBudget, model } from "perflab";

export interface Machine {
  /** bf16 FLOP per second, dense, as the datasheet has it. */
  readonly flops: number;
  /** Bytes per second from HBM. */
  readonly bandwidth: number;
  /** Parameters of the model, all of which multiply something in every step. */
  readonly parameters: number;
  readonly bytesPerWeight: number;
  /** Bytes of KV cache for each token of context. */
  readonly kvPerToken: number;
}

/** Llama-3.1-8B on a GPU of the catalogue. */
export function machineOf(gpuId: string, weights: "bf16" | "w8a16"): Machine {
  const { peakFlops, hbmBandwidth } = gpu(gpuId);
  const llama = model("llama-3.1-8b");
  return {
    flops: peakFlops.bf16!,
    bandwidth: hbmBandwidth,
    parameters: llama.parameters,
    bytesPerWeight: weights === "bf16" ? 2 : 1,
    kvPerToken: kvBytesPerToken(llama),
  };
}

/** Bytes that are left for KV caches beside Llama-3.1-8B. */
export function cacheRoomOf(gpuId: string, weights: "bf16" | "w8a16"): number {
  return memoryBudget({ model: "llama-3.1-8b", gpu: gpuId, weights }).kv;
}
