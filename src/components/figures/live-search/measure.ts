/** Builds and searches two collections with each kind of index: recall and distances, and seconds by the clock it is given. */
import { buildIndex, recall, vectors } from "../../../engine/index.ts";
import type { VectorIndex } from "../../../engine/retrieval/types.ts";

export interface SearchPoint {
  readonly recall: number;
  /** Distances computed for a question. */
  readonly distances: number;
  /** Seconds for a question. */
  readonly seconds: number;
}

export interface SearchSeries {
  readonly kind: "clustered" | "independent";
  readonly index: "graph" | "lists";
  /** Seconds to build it. */
  readonly build: number;
  /** From few distances to many. */
  readonly points: readonly SearchPoint[];
  /** Seconds for a question when every vector is looked at. */
  readonly exact: number;
}

const dim = 64;
const asked = 50;
const k = 10;
const efs = [10, 20, 40, 80, 160, 320];
const probes = [1, 2, 4, 8, 16, 32];

/**
 * Four series: graph and lists over vectors in clusters and over independent ones. `clock` gives seconds; `onProgress` is told
 * the share that is done.
 */
export function measureSearches(
  count: number,
  clock: () => number,
  onProgress: (share: number) => void,
): readonly SearchSeries[] {
  const kinds = [
    { kind: "clustered", data: "clustered" },
    { kind: "independent", data: "gaussian" },
  ] as const;
  return kinds.flatMap(({ kind, data }, which) => {
    const { values } = vectors({ kind: data, count: count + asked, dim, seed: 1 });
    const held = { dim, values: values.slice(0, count * dim) };
    const queries = Array.from({ length: asked }, (_, i) => values.slice((count + i) * dim, (count + i + 1) * dim));
    const flat = buildIndex("flat", held);
    const began = clock();
    const truth = queries.map((query) => flat.search(query, k).ids);
    const exact = (clock() - began) / asked;

    const sweep = (index: VectorIndex, option: "ef" | "probes", settings: readonly number[]) =>
      settings.map((setting): SearchPoint => {
        const start = clock();
        const answers = queries.map((query) => index.search(query, k, { [option]: setting }));
        const seconds = (clock() - start) / asked;
        const mean = (of: (i: number) => number) => answers.reduce((sum, _, i) => sum + of(i), 0) / asked;
        return {
          recall: mean((i) => recall(answers[i]!.ids, truth[i]!)),
          distances: mean((i) => answers[i]!.evaluations),
          seconds,
        };
      });
    const timed = (make: () => VectorIndex) => {
      const start = clock();
      const index = make();
      return { index, build: clock() - start };
    };
    const done = (share: number) => onProgress((which + share) / kinds.length);
    const graph = timed(() => buildIndex("hnsw", held, { onProgress: (share) => done(0.9 * share) }));
    const lists = timed(() => buildIndex("ivf", held));
    const series: readonly SearchSeries[] = [
      { kind, index: "graph", build: graph.build, points: sweep(graph.index, "ef", efs), exact },
      { kind, index: "lists", build: lists.build, points: sweep(lists.index, "probes", probes), exact },
    ];
    done(1);
    return series;
  });
}
