/** A collection of 600 vectors in 20 clusters under a graph, questions for it, and filters. */
import { buildIndex, sample, uniform, vectors, type VectorIndex } from "perflab";

export const count = 600;
const dim = 48;

export interface Library {
  readonly hnsw: VectorIndex;
  /** Compares a question with every vector. */
  readonly exact: VectorIndex;
  readonly queries: readonly Float32Array[];
}

export function library(seed: number): Library {
  const asked = 20;
  const { values } = vectors({ kind: "clustered", count: count + asked, dim, clusters: 20, seed });
  const data = { dim, values: values.slice(0, count * dim) };
  return {
    hnsw: buildIndex("hnsw", data, { m: 6, efConstruction: 24, seed }),
    exact: buildIndex("flat", data),
    queries: Array.from({ length: asked }, (_, i) => values.slice((count + i) * dim, (count + i + 1) * dim)),
  };
}

/** Lets through a share of the vectors, whichever they are: a language, a customer, a year. */
export function filterOf(selectivity: number, seed: number): Uint8Array {
  return Uint8Array.from(sample(uniform(1, 10_000), count, seed), (u) => (u <= 10_000 * selectivity ? 1 : 0));
}
