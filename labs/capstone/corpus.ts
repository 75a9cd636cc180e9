/** The company's handbook as vectors: how many comparisons a search makes, and how much of the truth it finds. */
import { buildIndex, recall, vectors, type VectorIndex } from "perflab";
import type { Retrieval } from "./brief.ts";

export const passages = 300;
const dim = 16;
const questions = 12;

const all = vectors({ kind: "gaussian", count: passages + questions, dim, seed: 2026 });
const handbook = { dim, values: all.values.subarray(0, passages * dim) };
const truth = buildIndex("flat", handbook);
let hnsw: VectorIndex | null = null;

/** Mean comparisons of a search, and the mean share of the nearest passages that it finds, over questions that nobody tunes on. */
export function search({ index, ef, candidates }: Retrieval): { comparisons: number; recall: number } {
  const searched = index === "flat" ? truth : (hnsw ??= buildIndex("hnsw", handbook, { m: 8, efConstruction: 30 }));
  let comparisons = 0;
  let found = 0;
  for (let q = passages; q < passages + questions; q++) {
    const query = all.values.subarray(q * dim, (q + 1) * dim);
    const answer = searched.search(query, candidates, index === "flat" ? {} : { ef });
    comparisons += answer.evaluations;
    found += recall(answer.ids, truth.search(query, candidates).ids);
  }
  return { comparisons: comparisons / questions, recall: found / questions };
}
