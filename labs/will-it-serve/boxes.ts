/** What a provider rents out, and the model that has to fit. Nothing to change here. */
import { gpu, gpuPrice } from "perflab";

export type Format = "bf16" | "fp8";

/** Some GPUs of one kind, in formats for the weights and for the KV cache. */
export interface Box {
  readonly gpu: string;
  readonly count: number;
  readonly weights: Format;
  readonly cache: Format;
}

export const bytesOf: Readonly<Record<Format, number>> = { bf16: 2, fp8: 1 };

/** Llama-3.1-70B, from its config.json. */
export const model = { parameters: 70.554e9, layers: 80, heads: 64, kvHeads: 8, headDim: 128 };

/** Of a GPU's memory the server takes this share (vLLM's gpuMemoryUtilization). */
export const takes = 0.92;
/** Bytes that each GPU needs beside weights and caches: CUDA, buffers, activations. */
export const beside = 2e9;

/** Bytes of memory of one GPU of the box. */
export function memoryOf(box: Box): number {
  return gpu(box.gpu).memory;
}

/** What the whole box costs, USD an hour, by the latest price of the catalogue. */
export function dollarsAnHour(box: Box): number {
  return box.count * gpuPrice(box.gpu).usdPerHour;
}

export function nameOf({ gpu: id, count, weights, cache }: Box): string {
  return `${count} × ${gpu(id).name}, ${weights}${cache === weights ? "" : ` and ${cache} cache`}`;
}

const gpus = ["a100-sxm-80", "h100-sxm-80", "h200-sxm-141", "b200-sxm-180"];
const formats = [
  { weights: "bf16", cache: "bf16" },
  { weights: "fp8", cache: "bf16" },
  { weights: "fp8", cache: "fp8" },
] as const;

/** Everything on offer. An A100 has no arithmetic in fp8. */
export const boxes: readonly Box[] = gpus.flatMap((id) =>
  [1, 2, 4, 8].flatMap((count) =>
    formats
      .filter(({ weights }) => weights === "bf16" || gpu(id).peakFlops.fp8 !== undefined)
      .map((format) => ({ gpu: id, count, ...format })),
  ),
);
