/** What was measured: one decode step of Llama-3.1-8B on an H100 as the cache grows, with either number format of the cache. */
export type Format = "bf16" | "fp8";

/** Seconds of a step that reads so many tokens of cache: `fixed` and `perToken` for each. */
export interface Line {
  readonly fixed: number;
  readonly perToken: number;
}

/** Fits of the vLLM team to one user’s steps at 2k to 100k tokens (vLLM blog, 22 April 2026). FP8 halves the bytes, and not the time for each token. */
export const lines: Readonly<Record<Format, Line>> = {
  bf16: { fixed: 6.44e-3, perToken: 4.37e-8 },
  fp8: { fixed: 6.58e-3, perToken: 2.37e-8 },
};

/** The same fit before its kernels were mended in that month. */
export const before: Line = { fixed: 6.93778e-3, perToken: 2.37e-8 };

/** Bytes of cache a token, for this model: two vectors in each of 32 layers, 8 heads of 128 numbers. */
export const tokenBytes: Readonly<Record<Format, number>> = { bf16: 131_072, fp8: 65_536 };
