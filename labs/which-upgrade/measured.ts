/**
 * Llama-3-8B in F16 under llama.cpp, one request at a time, on GPUs rented in May 2024: tokens per second while reading a prompt
 * of 1,024 tokens and while writing 1,024. Xiongjie Dai, github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference, read November
 * 2026. Nothing to change here.
 */
export interface Measured {
  /** Of the catalogue. */
  readonly gpu: string;
  /** Tokens per second. */
  readonly reading: number;
  readonly writing: number;
}

export const measured: readonly Measured[] = [
  { gpu: "rtx-4080", reading: 6758.9, writing: 40.29 },
  { gpu: "rtx-3090", reading: 4239.64, writing: 46.51 },
  { gpu: "rtx-4090", reading: 9056.26, writing: 54.34 },
  { gpu: "rtx-a6000", reading: 4315.18, writing: 40.25 },
  { gpu: "rtx-6000-ada", reading: 6205.44, writing: 51.97 },
  { gpu: "a40", reading: 4043.05, writing: 33.95 },
  { gpu: "a100-pcie-80", reading: 7504.24, writing: 54.56 },
  { gpu: "h100-pcie-80", reading: 10342.63, writing: 67.79 },
];
