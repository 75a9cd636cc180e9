/** Vectors to search in, and questions from the same source. */
import { buildIndex, vectors, type VectorIndex } from "perflab";

export interface Collection {
  readonly count: number;
  /** Walks a graph. */
  readonly hnsw: VectorIndex;
  readonly queries: readonly Float32Array[];
  /** The true nearest ten of each question, found by comparing it with every vector. */
  readonly truth: readonly Int32Array[];
}

const dim = 64;

const known = new Map<string, Collection>();

/** `clustered`: points around twenty centres, as texts on twenty subjects. `gaussian`: every number by itself. */
export function collection(kind: "clustered" | "gaussian", count: number, m: number, seed: number): Collection {
  const key = `${kind} ${count} ${m} ${seed}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const asked = 24;
  const { values } = vectors({ kind, count: count + asked, dim, clusters: 20, seed });
  const data = { dim, values: values.slice(0, count * dim) };
  const row = (i: number) => values.slice(i * dim, (i + 1) * dim);
  const exact = buildIndex("flat", data);
  const queries = Array.from({ length: asked }, (_, i) => row(count + i));
  const made: Collection = {
    count,
    hnsw: buildIndex("hnsw", data, { m, efConstruction: 4 * m, seed }),
    queries,
    truth: queries.map((query) => exact.search(query, 10).ids),
  };
  known.set(key, made);
  return made;
}
