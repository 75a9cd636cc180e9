/** Cross-encoders for MS MARCO as their model card lists them: one pair of question and passage a score. */

export interface Reranker {
  readonly name: string;
  /** Pairs of question and passage scored a second on one V100, as published. */
  readonly docsPerSecond: number;
  /** NDCG@10 on TREC Deep Learning 2019, as published. */
  readonly ndcg: number;
}

/** Source: cross-encoder/ms-marco-MiniLM-L6-v2, model card, read 2026-11-24. */
export const rerankers: readonly Reranker[] = [
  { name: "TinyBERT-L2", docsPerSecond: 9000, ndcg: 69.84 },
  { name: "MiniLM-L2", docsPerSecond: 4100, ndcg: 71.01 },
  { name: "MiniLM-L4", docsPerSecond: 2500, ndcg: 73.04 },
  { name: "MiniLM-L6", docsPerSecond: 1800, ndcg: 74.3 },
  { name: "MiniLM-L12", docsPerSecond: 960, ndcg: 74.31 },
];
