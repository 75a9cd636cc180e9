/** Inverted file: vectors in lists around k-means centres; a search looks into the lists nearest to the query. */
import { createRandom } from "../random.ts";
import { kmeans, nearestCentre } from "./kmeans.ts";
import { Nearest } from "./nearest.ts";
import { checkSearch, result, scan } from "./search.ts";
import type { Store } from "./store.ts";
import type { IndexOptions, VectorIndex, Vectors } from "./types.ts";
import { whole } from "./vectors.ts";

const PROGRESS_EVERY = 1000;

/** The query is compared with every centre too, and that counts. Source: Sivic and Zisserman, ICCV 2003; faiss's IndexIVF. */
export function ivfIndex({ dim, values }: Vectors, store: Store, o: IndexOptions): VectorIndex {
  const lists = o.lists ?? Math.max(1, Math.round(Math.sqrt(store.count)));
  whole(lists, "lists", 1, store.count);
  const centres = kmeans(values, { stride: dim, from: 0, width: dim, k: lists }, createRandom(o.seed ?? 0, "ivf"));
  const members = Array.from({ length: lists }, (): number[] => []);
  for (let id = 0; id < store.count; id++) {
    members[nearestCentre(values, id * dim, centres, dim)].push(id);
    if (id % PROGRESS_EVERY === 0 && o.onProgress?.(id / store.count) === false) break;
  }
  const centreStore = { dim, values: centres };
  return {
    bytes: store.bytes + centres.byteLength + 4 * store.count,
    search(query, k, options = {}) {
      checkSearch(query, k, dim, store.count, options);
      const { filter, strategy = "post", probes = 1 } = options;
      whole(probes, "probes", 1, lists);
      if (filter && strategy === "pre") return scan(store, query, k, filter);
      const order = nearestLists(centreStore, query);
      const distance = store.to(query);
      const nearest = new Nearest(k);
      let evaluations = lists;
      let found = 0;
      for (let p = 0; p < lists; p++) {
        if (p >= probes && !(filter && strategy === "iterative" && found < k)) break;
        for (const id of members[order[p]]) {
          evaluations++;
          if (filter && filter[id] === 0) continue;
          found++;
          nearest.offer(distance(id), id);
        }
      }
      return result(nearest.sorted(), evaluations);
    },
  };
}

function nearestLists({ dim, values }: Vectors, query: Float32Array): number[] {
  const lists = values.length / dim;
  const distances = Float64Array.from({ length: lists }, (_, c) => {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += (query[d] - values[c * dim + d]) * (query[d] - values[c * dim + d]);
    return sum;
  });
  return Array.from({ length: lists }, (_, c) => c).sort((a, b) => distances[a] - distances[b] || a - b);
}
