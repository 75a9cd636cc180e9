/**
 * What vLLM's documentation says it measured: Qwen3-4B on one L4 with 24 GB, vLLM 0.25.1, one request at a time, prefix caching
 * off, output tokens per second with a cache in bf16 and in fp8. https://docs.vllm.ai/en/latest/features/quantization/quantized_kvcache/,
 * read November 2026. Nothing to change here.
 */
export interface Measurement {
  /** Tokens. */
  readonly context: number;
  readonly tokensPerSecond: number;
}

export const withBf16Cache: readonly Measurement[] = [
  { context: 2048, tokensPerSecond: 29.1 },
  { context: 8192, tokensPerSecond: 26.4 },
  { context: 16384, tokensPerSecond: 23.6 },
  { context: 32768, tokensPerSecond: 19.4 },
];

export const withFp8Cache: readonly Measurement[] = [
  { context: 2048, tokensPerSecond: 29.4 },
  { context: 8192, tokensPerSecond: 27.9 },
  { context: 16384, tokensPerSecond: 26.2 },
  { context: 32768, tokensPerSecond: 23.4 },
];
