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
  readonly kind: "clustered" | "words" | "independent";
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
/** words.i8 (see words.md): so many words, and for each a row of so many numbers. */
const words = { count: 4050, dim: 100 };
export const wordBytes = words.count * words.dim;
const k = 10;
const efs = [10, 20, 40, 80, 160, 320];
const probes = [1, 2, 4, 8, 16, 32];

interface Collection {
  readonly kind: SearchSeries["kind"];
  readonly dim: number;
  /** Vectors that are held, then those that are asked for. */
  readonly values: Float32Array;
}

/**
 * Six series: graph and lists over vectors in clusters, over English words, and over independent numbers. `codes`: words.i8.
 * `clock` gives seconds; `onProgress` is told the share that is done. Throws for codes of another length.
 */
export function measureSearches(
  count: number,
  codes: Int8Array,
  clock: () => number,
  onProgress: (share: number) => void,
): readonly SearchSeries[] {
  if (codes.length !== wordBytes) throw new Error(`${codes.length} bytes of words where ${wordBytes} are expected`);
  const drawn = (kind: "clustered" | "gaussian") => vectors({ kind, count: count + asked, dim, seed: 1 }).values;
  const held: readonly Collection[] = [
    { kind: "clustered", dim, values: drawn("clustered") },
    // Lengths are one; a common factor changes no order.
    { kind: "words", dim: words.dim, values: Float32Array.from(codes, (code) => code / 127) },
    { kind: "independent", dim, values: drawn("gaussian") },
  ];
  return held.flatMap((collection, which) =>
    measureOne(collection, clock, (share) => onProgress((which + share) / held.length)),
  );
}

function measureOne(
  { kind, dim: width, values }: Collection,
  clock: () => number,
  done: (share: number) => void,
): readonly SearchSeries[] {
  const count = values.length / width - asked;
  const data = { dim: width, values: values.slice(0, count * width) };
  const queries = Array.from({ length: asked }, (_, i) => values.slice((count + i) * width, (count + i + 1) * width));
  const flat = buildIndex("flat", data);
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
  const graph = timed(() => buildIndex("hnsw", data, { onProgress: (share) => done(0.9 * share) }));
  const lists = timed(() => buildIndex("ivf", data));
  const series: readonly SearchSeries[] = [
    { kind, index: "graph", build: graph.build, points: sweep(graph.index, "ef", efs), exact },
    { kind, index: "lists", build: lists.build, points: sweep(lists.index, "probes", probes), exact },
  ];
  done(1);
  return series;
}
