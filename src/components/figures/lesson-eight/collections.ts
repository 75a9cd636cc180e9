/** Collections that lesson 8 searches when the site is built, and what each index finds in them. */
import { buildIndex, recall, vectors } from "../../../engine/index.ts";
import type { IndexOptions, SearchOptions, VectorIndex } from "../../../engine/retrieval/types.ts";
import { kept } from "../kept.ts";

export const seed = 1;
export type Kind = "clustered" | "gaussian";

/** What a search finds on average, and what it computes for that. */
export interface Found {
  readonly recall: number;
  readonly distances: number;
  readonly rows: number;
}

/** Numbers of a vector. */
export const dim = 48;
/** Bytes of one, in fp32. */
export const vectorBytes = 4 * dim;
export const size = 3000;
const asked = 60;
const k = 10;

const collections = new Map<Kind, { values: Float32Array; queries: Float32Array[]; flat: VectorIndex }>();

function collection(kind: Kind) {
  const known = collections.get(kind);
  if (known !== undefined) return known;
  const { values } = vectors({ kind, count: size + asked, dim, clusters: 60, seed });
  const data = { dim, values: values.slice(0, size * dim) };
  const made = {
    values: data.values,
    queries: Array.from({ length: asked }, (_, i) => values.slice((size + i) * dim, (size + i + 1) * dim)),
    flat: buildIndex("flat", data),
  };
  collections.set(kind, made);
  return made;
}

const indexes = new Map<string, VectorIndex>();

function index(kind: Kind, how: "hnsw" | "ivf" | "flat", options: IndexOptions = {}): VectorIndex {
  const key = JSON.stringify([kind, how, options]);
  const known = indexes.get(key) ?? buildIndex(how, { dim, values: collection(kind).values }, options);
  indexes.set(key, known);
  return known;
}

function search(searched: VectorIndex, kind: Kind, o: SearchOptions, rowsAsked = k): Found {
  const { queries, flat } = collection(kind);
  const filter = o.filter === undefined ? {} : { filter: o.filter, strategy: "pre" as const };
  const each = queries.map((query) => {
    const { ids, evaluations } = searched.search(query, rowsAsked, o);
    return { recall: recall(ids, flat.search(query, k, filter).ids), distances: evaluations, rows: ids.length };
  });
  const mean = (of: keyof Found) => each.reduce((sum, found) => sum + found[of], 0) / asked;
  return { recall: mean("recall"), distances: mean("distances"), rows: mean("rows") };
}

/** √n lists, `probes` of them looked into. */
export const listsOf = kept((kind: Kind, probes: number) => search(index(kind, "ivf"), kind, { probes }));

/** The graph at ef 40 behind a filter that lets a share of the vectors through. */
export const filtered = kept((strategy: "post" | "pre" | "iterative", selectivity: number) => {
  // Every so many-th vector: clusters are drawn at random, so that this is a filter that knows nothing of them.
  const filter = Uint8Array.from({ length: size }, (_, id) => ((id * 7919) % 1000 < 1000 * selectivity ? 1 : 0));
  return search(index("clustered", "hnsw"), "clustered", { ef: 40, filter, strategy });
});

/** A scan of vectors kept as `pq` codes, of which `candidates` are then compared exactly. */
export const reranked = kept((pq: number, candidates: number) =>
  search(index("clustered", "flat", { quantise: { pq } }), "clustered", {}, candidates),
);

/** A scan of vectors kept in one byte a number. */
export const int8 = kept(() => search(index("clustered", "flat", { quantise: "int8" }), "clustered", {}));
