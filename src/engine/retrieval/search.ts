/** What every index does alike: checking a query, scanning, and making a result. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsOf } from "../options.ts";
import { Nearest } from "./nearest.ts";
import type { Store } from "./store.ts";
import type { SearchOptions, SearchResult } from "./types.ts";
import { whole } from "./vectors.ts";
import { within } from "../within.ts";

const searchOptions = optionsOf<SearchOptions>({
  ef: "a number",
  probes: "a number",
  filter: "anything",
  strategy: "anything",
});

/** Distances are squares in single precision, summed over thousands of dimensions. */
export const MOST = 1e15;

export function checkSearch(query: Float32Array, k: number, dim: number, count: number, o: SearchOptions): void {
  checkOptions("search options", o, searchOptions);
  whole(k, "k", 1, 1e6);
  if (query?.length !== dim)
    throw new InputError("the length of query", query?.length, `${dim}, the dimension of the index`);
  for (let d = 0; d < dim; d++)
    if (!within(query[d], -MOST, MOST))
      throw new InputError(`query[${d}]`, query[d], `a number from −${MOST} to ${MOST}, whose square is one`);
  if (o.filter && o.filter.length !== count)
    throw new InputError("the length of filter", o.filter.length, `${count}, one entry a vector`);
  const strategies = ["post", "pre", "iterative"];
  if (o.strategy !== undefined && !strategies.includes(o.strategy))
    throw new InputError("strategy", o.strategy, `one of ${strategies.join(", ")}`);
}

export function result(found: readonly { id: number; distance: number }[], evaluations: number): SearchResult {
  return {
    ids: Int32Array.from(found, (f) => f.id),
    distances: Float32Array.from(found, (f) => f.distance),
    evaluations,
  };
}

/** The k nearest of all vectors that pass. */
export function scan(store: Store, query: Float32Array, k: number, filter: Uint8Array | undefined): SearchResult {
  const distance = store.to(query);
  const nearest = new Nearest(k);
  let evaluations = 0;
  for (let id = 0; id < store.count; id++) {
    if (filter && filter[id] === 0) continue;
    evaluations++;
    nearest.offer(distance(id), id);
  }
  return result(nearest.sorted(), evaluations);
}

/** Of `found`, at most k that pass. */
export function passing<T extends { id: number }>(found: readonly T[], k: number, filter: Uint8Array | undefined): T[] {
  return (filter ? found.filter((f) => filter[f.id] !== 0) : [...found]).slice(0, k);
}
