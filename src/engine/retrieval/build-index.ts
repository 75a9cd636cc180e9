/** Builds an index over vectors. */
import { InputError } from "../errors.ts";
import { flatIndex } from "./flat.ts";
import { hnswIndex } from "./hnsw.ts";
import { ivfIndex } from "./ivf.ts";
import { checkOptions, optionsOf } from "../options.ts";
import { MOST } from "./search.ts";
import { createStore } from "./store.ts";
import type { IndexOptions, VectorIndex, Vectors } from "./types.ts";
import { whole } from "./vectors.ts";
import { within } from "../within.ts";

const indexOptions = optionsOf<IndexOptions>({
  m: "a number",
  efConstruction: "a number",
  lists: "a number",
  quantise: "anything",
  seed: "a number",
  onProgress: "anything",
});

/**
 * `flat` scans everything, `ivf` looks into some of √n lists, `hnsw` walks a graph. The same data, options and seed give the
 * same index everywhere. 20,000 × 64 takes a few seconds as HNSW. Throws InputError for data or options out of range.
 */
export function buildIndex(kind: "flat" | "ivf" | "hnsw", data: Vectors, options: IndexOptions = {}): VectorIndex {
  checkOptions("options", options, indexOptions);
  if (typeof data !== "object" || data === null || !(data.values instanceof Float32Array))
    throw new InputError("data", data, "vectors: { dim, values } with a Float32Array, as vectors(…) makes them");
  whole(data.dim, "data.dim", 1, 4096);
  if (data.values.length === 0 || data.values.length % data.dim !== 0)
    throw new InputError("the length of data.values", data.values.length, `a multiple of the dimension, ${data.dim}`);
  for (let i = 0; i < data.values.length; i++)
    if (!within(data.values[i], -MOST, MOST))
      throw new InputError(
        `data.values[${i}]`,
        data.values[i],
        `a number from −${MOST} to ${MOST}, whose square is one`,
      );
  const store = createStore(data, options.quantise ?? "none", options.seed ?? 0);
  if (kind === "flat") return flatIndex(store, data.dim);
  if (kind === "ivf") return ivfIndex(data, store, options);
  if (kind === "hnsw") return hnswIndex(store, data.dim, options);
  throw new InputError("kind", kind, '"flat", "ivf" or "hnsw"');
}
