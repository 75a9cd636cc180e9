/** Hierarchical navigable small worlds: a graph in layers, walked greedily towards the query. */
import { log } from "../numeric.ts";
import { createRandom } from "../random.ts";
import { Heap } from "./nearest.ts";
import { checkSearch, passing, result, scan } from "./search.ts";
import type { Store } from "./store.ts";
import type { IndexOptions, VectorIndex } from "./types.ts";
import { whole } from "./vectors.ts";

const PROGRESS_EVERY = 256;
const DEFAULT_EF = 40;

const nearestFirst = (a: Found, b: Found): number => a.distance - b.distance || a.id - b.id;

interface Found {
  readonly id: number;
  readonly distance: number;
}

/** Source: Malkov and Yashunin, 1603.09320: algorithms 1, 2, 4 (without extension) and 5; 2M links on the lowest layer. */
export function hnswIndex(store: Store, dim: number, o: IndexOptions): VectorIndex {
  const { m = 16, efConstruction = 64 } = o;
  whole(m, "m", 2, 256);
  whole(efConstruction, "efConstruction", m, 10_000);
  const random = createRandom(o.seed ?? 0, "hnsw");
  const levels = Uint8Array.from({ length: store.count }, () =>
    Math.min(30, Math.floor(random.exponential() / log(m))),
  );
  /** links[id][layer]: neighbours. */
  const links: number[][][] = [];
  let entry = 0;
  const seen = new Uint32Array(store.count);
  let stamp = 0;

  /** The `ef` nearest found from `from` on one layer, nearest first. */
  const searchLayer = (
    distance: (id: number) => number,
    from: readonly Found[],
    ef: number,
    layer: number,
  ): Found[] => {
    stamp++;
    const candidates = new Heap(1);
    const best = new Heap(-1);
    for (const { id, distance: d } of from) {
      seen[id] = stamp;
      candidates.push(d, id);
      best.push(d, id);
    }
    while (candidates.size > 0 && (best.size < ef || candidates.top <= best.top)) {
      const neighbours = links[candidates.pop()][layer];
      for (let j = 0; j < neighbours.length; j++) {
        const id = neighbours[j];
        if (seen[id] === stamp) continue;
        seen[id] = stamp;
        const d = distance(id);
        if (best.size >= ef && d >= best.top) continue;
        candidates.push(d, id);
        best.push(d, id);
        if (best.size > ef) best.pop();
      }
    }
    return best.sorted();
  };

  /** From the top layer down to above `layer`, always to the nearest neighbour; as in hnswlib and faiss, none is remembered. */
  const descend = (distance: (id: number) => number, layer: number): Found => {
    let at: Found = { id: entry, distance: distance(entry) };
    for (let l = levels[entry]; l > layer; l--)
      for (let from = -1; from !== at.id;) {
        from = at.id;
        for (const id of links[from][l]) {
          const d = distance(id);
          if (d < at.distance) at = { id, distance: d };
        }
      }
    return at;
  };

  const most = (layer: number): number => (layer === 0 ? 2 * m : m);
  /** Up to `limit` of `near` (nearest first): one is kept if it is nearer to the new node than to any kept before it. */
  const choose = (near: readonly Found[], limit: number): number[] => {
    const kept: number[] = [];
    for (const { id, distance } of near) {
      if (kept.length >= limit) break;
      let spread = true;
      for (let j = 0; j < kept.length && spread; j++) spread = store.between(id, kept[j]) >= distance;
      if (spread) kept.push(id);
    }
    return kept;
  };

  const prune = (id: number, layer: number): void => {
    const near = links[id][layer].map((other) => ({ id: other, distance: store.between(id, other) }));
    links[id][layer] = choose(near.sort(nearestFirst), most(layer));
  };

  const insert = (id: number): void => {
    const level = levels[id];
    links.push(Array.from({ length: level + 1 }, (): number[] => []));
    if (id === 0) return;
    const distance = store.to(store.vector(id));
    let near: Found[] = [descend(distance, level)];
    for (let layer = Math.min(level, levels[entry]); layer >= 0; layer--) {
      near = searchLayer(distance, near, efConstruction, layer);
      links[id][layer] = choose(near, m);
      for (const other of links[id][layer]) {
        links[other][layer].push(id);
        if (links[other][layer].length > most(layer)) prune(other, layer);
      }
    }
    if (level > levels[entry]) entry = id;
  };

  for (let id = 0; id < store.count; id++) {
    insert(id);
    if (id % PROGRESS_EVERY === 0 && o.onProgress?.(id / store.count) === false) break;
  }
  // Room for links is set aside, used or not: that is what an index of this kind takes.
  const linkBytes = links.reduce((sum, layers) => sum + 4 * (2 * m + (layers.length - 1) * m), 0);
  return {
    bytes: store.bytes + linkBytes,
    search(query, k, options = {}) {
      checkSearch(query, k, dim, store.count, options);
      const { filter, strategy = "post", ef = DEFAULT_EF } = options;
      whole(ef, "ef", 1, 1e6);
      if (filter && strategy === "pre") return scan(store, query, k, filter);
      const to = store.to(query);
      let evaluations = 0;
      const counted = (id: number): number => {
        evaluations++;
        return to(id);
      };
      const start = descend(counted, 0);
      // A search that goes on, wider, computes no distance that it still knows.
      const known = new Map<number, number>();
      const remembered = (id: number): number => {
        const d = known.get(id) ?? counted(id);
        known.set(id, d);
        return d;
      };
      const distance = filter && strategy === "iterative" ? remembered : counted;
      for (let width = Math.max(ef, k); ; width *= 2) {
        const near = searchLayer(distance, [start], width, 0);
        const found = passing(near, k, filter);
        const enough = found.length >= k || near.length < width || width >= links.length;
        if (!filter || strategy === "post" || enough) return result(found, evaluations);
      }
    },
  };
}
