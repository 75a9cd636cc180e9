/** How many bytes a number takes in each format, scales included. */
import type { Dtype, Model } from "./types.ts";

interface Format {
  /** Bytes per quantised weight, scales and zero points included. */
  readonly weight: number;
  /** Bytes per weight of embedding and output layer. */
  readonly edge: number;
  /** Bytes per cached number. */
  readonly cache: number;
  readonly source: string;
}

/** Checkpoints quantised after training keep embedding and output layer in 16 bits; GGUF files quantise them as well. */
export const formats: Readonly<Record<Dtype, Format>> = {
  bf16: { weight: 2, edge: 2, cache: 2, source: "16 bits" },
  fp16: { weight: 2, edge: 2, cache: 2, source: "16 bits" },
  f16: { weight: 2, edge: 2, cache: 2, source: "16 bits" },
  fp8: {
    weight: 1,
    edge: 2,
    cache: 1,
    source: "8 bits; one scale per tensor or channel (compressed-tensors checkpoints)",
  },
  int8: { weight: 1, edge: 2, cache: 1, source: "8 bits; one scale per channel (SmoothQuant, W8A8 checkpoints)" },
  w8a16: { weight: 1, edge: 2, cache: 2, source: "8 bits; one scale per channel" },
  w4a16: {
    weight: 0.53,
    edge: 2,
    cache: 2,
    source: "4 bits, 16-bit scale and 4-bit zero point per 128 weights (AWQ, GPTQ)",
  },
  mxfp4: {
    weight: 0.53125,
    edge: 2,
    cache: 2,
    source: "OCP Microscaling 1.0: 4 bits and an 8-bit scale per 32 weights",
  },
  nvfp4: { weight: 0.5625, edge: 2, cache: 0.5625, source: "NVFP4: 4 bits and an 8-bit scale per 16 weights" },
  q4_k_m: {
    weight: 0.6075,
    edge: 0.6075,
    cache: 2,
    source: "llama.cpp: 4.58 GiB for 8.03 B parameters, 4.90 bits (llama-bench of Llama-3-8B)",
  },
  q8_0: { weight: 1.0625, edge: 1.0625, cache: 2, source: "llama.cpp: 8 bits and a 16-bit scale per 32 weights" },
};

/** Bytes per parameter of each part of a model whose weights are stored as `dtype`. */
export interface WeightBytes {
  readonly embedding: number;
  readonly head: number;
  /** Attention, dense FFN, shared experts. */
  readonly dense: number;
  readonly experts: number;
}

/** mxfp4 checkpoints of mixture models (gpt-oss) keep everything but the experts in 16 bits. */
export function weightBytes(model: Model, dtype: Dtype): WeightBytes {
  const { weight, edge } = formats[dtype];
  const dense = dtype === "mxfp4" && model.experts ? 2 : weight;
  return { embedding: edge, head: edge, dense, experts: weight };
}
