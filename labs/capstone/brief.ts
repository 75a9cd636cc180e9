/** The brief: who asks how much, what they were promised, what may be spent, and what there is to choose from. */
import { clamp, fixed, gamma, gpuPrice, lognormal, type Dtype, type Server, type Workload } from "perflab";

/** How passages are found, sorted and handed to the model. */
export interface Retrieval {
  readonly index: "flat" | "hnsw";
  /** Candidate list of an HNSW search. A flat index compares with every passage and has none. */
  readonly ef?: number;
  /** Passages that the index hands to the reranker. */
  readonly candidates: number;
  readonly reranker: keyof typeof rerankers;
  /** Passages that go into the prompt, and tokens of each. */
  readonly chunks: number;
  readonly chunkTokens: number;
}

export interface Plan {
  readonly server: Server;
  readonly retrieval: Retrieval;
}

/** Seconds from asking to the first token, and for each token after it; and the share of requests that must keep both. */
export const promise = { ttft: 1, tpot: 0.03, kept: 0.95 };
/** USD a month. The GPUs are rented day and night. */
export const budget = 6000;
export const hoursPerMonth = 730;

/** The product team compared the answers of these, blind, in these formats of the weights, and accepts any of them. */
export const models: Readonly<Record<string, readonly Dtype[]>> = {
  "qwen3-14b": ["bf16", "fp8"],
  "mistral-small-24b": ["bf16", "fp8"],
  "qwen3-30b-a3b": ["bf16", "fp8"],
  "gemma-4-26b-a4b": ["bf16", "fp8"],
  "gpt-oss-20b": ["mxfp4"],
};
export const kvFormats: readonly Dtype[] = ["bf16", "fp8"];
/** What the provider rents, eight to a machine. */
export const gpus = ["l40s", "a100-sxm-80", "h100-sxm-80", "h200-sxm-141"];
export const mostGpus = 8;

/** Pairs a second on a V100, and NDCG@10 on TREC Deep Learning 2019, from the model card of the MS MARCO cross-encoders. */
export const rerankers = {
  "TinyBERT-L2": { perSecond: 9000, ndcg: 69.8 },
  "MiniLM-L2": { perSecond: 4100, ndcg: 71 },
  "MiniLM-L4": { perSecond: 2500, ndcg: 73 },
  "MiniLM-L6": { perSecond: 1800, ndcg: 74.3 },
  "MiniLM-L12": { perSecond: 960, ndcg: 74.31 },
};

/** What an answer must stand on. */
export const grounding = {
  /** NDCG@10 of the reranker, at least. */
  ndcg: 73,
  /** Share of the nearest passages that the index finds, at least. */
  recall: 0.98,
  /** Tokens of passages in the prompt, at least. */
  tokens: 1800,
  /** Candidates for each passage that is kept, at least. */
  candidates: 5,
  /** Tokens that the embedding reads of a passage, so none is longer. */
  chunkTokens: 512,
};
/** Tokens that name a passage's source in the prompt. */
export const tokensOfSource = 24;
/** The embedding service's answer, and one comparison of a question with a passage, word by word, seconds. */
export const embedSeconds = 0.008;
export const secondsPerComparison = 0.0004;

/** A sample of the busiest hour: twelve customers with instructions of their own, whose users come in bursts. */
export function traffic(seed: number, requests = 240): Workload {
  return {
    arrivals: gamma(14, 0.5),
    prefix: { groups: 12, tokens: fixed(1500), zipf: 1 },
    prompt: clamp(lognormal({ median: 160, sigma: 0.8 }), 20, 2000),
    output: clamp(lognormal({ median: 200, sigma: 0.6 }), 16, 900),
    requests,
    seed,
  };
}

/** USD, at the newest price in the catalogue. */
export function usdPerGpuHour(gpu: string): number {
  return gpuPrice(gpu).usdPerHour;
}
