/** Nine models as their config.json describes them. Nothing to change here. */

/** What the size of a model's KV cache follows from. */
export interface Config {
  readonly name: string;
  readonly layers: number;
  /** Attention heads, which ask. */
  readonly heads: number;
  /** Key-value heads, which are asked and cached. */
  readonly kvHeads: number;
  readonly headDim: number;
  /** Latent attention: K and V of all heads are rebuilt from so many numbers, and `rope` more for positions. */
  readonly mla?: { readonly latent: number; readonly rope: number };
  /** So many of the layers look back over so many tokens only, and cache no more than those. */
  readonly window?: { readonly layers: number; readonly tokens: number };
}

export const configs: readonly Config[] = [
  { name: "OPT-13B", layers: 40, heads: 40, kvHeads: 40, headDim: 128 },
  { name: "Llama-2-7B", layers: 32, heads: 32, kvHeads: 32, headDim: 128 },
  { name: "Llama-3.1-405B", layers: 126, heads: 128, kvHeads: 8, headDim: 128 },
  { name: "Llama-3.1-70B", layers: 80, heads: 64, kvHeads: 8, headDim: 128 },
  { name: "Qwen3-4B", layers: 36, heads: 32, kvHeads: 8, headDim: 128 },
  { name: "Llama-3.1-8B", layers: 32, heads: 32, kvHeads: 8, headDim: 128 },
  { name: "DeepSeek-V3", layers: 61, heads: 128, kvHeads: 128, headDim: 128, mla: { latent: 512, rope: 64 } },
  { name: "Qwen2.5-7B", layers: 28, heads: 28, kvHeads: 4, headDim: 128 },
  { name: "gpt-oss-120b", layers: 36, heads: 64, kvHeads: 8, headDim: 64, window: { layers: 18, tokens: 128 } },
];
