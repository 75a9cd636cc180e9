/** Vectors, indexes over them, and the stages of a retrieval pipeline. */
import type { Lengths } from "../workload/types.ts";

/** Row by row: vector i is values[i·dim … (i+1)·dim). */
export interface Vectors {
  readonly dim: number;
  readonly values: Float32Array;
}

export type Quantise = "none" | "int8" | { pq: number };

export interface IndexOptions {
  /** HNSW: links a node on upper layers, twice that on the lowest. Default 16. */
  m?: number;
  /** HNSW: candidates kept while building. Default 64. */
  efConstruction?: number;
  /** IVF: number of lists. Default √n. */
  lists?: number;
  /** How vectors are stored: four bytes a number, one, or `pq` bytes a vector (which must divide the dimension). */
  quantise?: Quantise;
  seed?: number;
  /** Return false to stop: the vectors added so far can be searched. */
  onProgress?(fraction: number): boolean | void;
}

export interface SearchOptions {
  /** HNSW: candidates kept while searching, at least k. Default 40, as in pgvector. */
  ef?: number;
  /** IVF: lists looked into. Default 1, as in pgvector. */
  probes?: number;
  /** 1 for a vector that may be returned, one entry a vector. */
  filter?: Uint8Array;
  /**
   * With a filter: `post` drops what does not pass from what an unfiltered search finds (pgvector's default), `pre` compares
   * the query with every vector that passes, `iterative` searches wider until k pass. Default post.
   */
  strategy?: "post" | "pre" | "iterative";
}

/** Nearest first; fewer than k where no more were found. Distances are squared Euclidean. */
export interface SearchResult {
  readonly ids: Int32Array;
  readonly distances: Float32Array;
  /** Distances computed: the cost that is the same on every machine. */
  readonly evaluations: number;
}

export interface VectorIndex {
  /** Vectors, codes and links. */
  readonly bytes: number;
  search(query: Float32Array, k: number, o?: SearchOptions): SearchResult;
}

/** One stage before the model answers. */
export interface RagStage {
  name: string;
  /** Seconds: drawn for each request, or worked out from `candidates`. */
  time: Lengths | ((candidates: number) => number);
  /** What `time` is given. Default 1. */
  candidates?: number;
  /** Starts together with the stage of this name, which must come before it. */
  parallelWith?: string;
  /** Tokens that this stage adds to every prompt. */
  addsPromptTokens?: number;
}
