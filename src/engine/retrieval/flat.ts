/** No index at all: the query is compared with every vector. Exact, and the truth that recall is measured against. */
import { checkSearch, passing, result, scan } from "./search.ts";
import type { Store } from "./store.ts";
import type { VectorIndex } from "./types.ts";

export function flatIndex(store: Store, dim: number): VectorIndex {
  return {
    bytes: store.bytes,
    search(query, k, o = {}) {
      checkSearch(query, k, dim, store.count, o);
      // A scan can look at what passes only, so "pre" and "iterative" are one; "post" filters the k it found.
      if (!o.filter || (o.strategy ?? "post") !== "post") return scan(store, query, k, o.filter);
      const all = scan(store, query, k, undefined);
      const found = Array.from(all.ids, (id, i) => ({ id, distance: all.distances[i] }));
      return result(passing(found, k, o.filter), all.evaluations);
    },
  };
}
