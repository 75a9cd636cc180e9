import { chart, param, recall, seed, type SearchResult, type VectorIndex } from "perflab";
import { count, filterOf, library } from "./library.ts";

/** Rows that are left on average when a filter is applied to what a search with `ef` candidates found; ten are asked for. */
export function expectedRows(ef: number, selectivity: number): number {
  return Math.min(10, ef * selectivity);
}

/** The nearest ten that pass the filter, found with few distances. */
export function filtered(index: VectorIndex, query: Float32Array, filter: Uint8Array): SearchResult {
  const selectivity = filter.filter((pass) => pass === 1).length / filter.length;
  if (selectivity < 0.2) return index.search(query, 10, { filter, strategy: "pre" });
  return index.search(query, 10, { filter, strategy: "iterative", ef: Math.ceil(15 / selectivity) });
}

type Search = (query: Float32Array, filter: Uint8Array) => SearchResult;
const { hnsw, exact, queries } = library(1);
const ef = param("ef");
const searches: Record<string, Search> = {
  "filter afterwards": (query, filter) => hnsw.search(query, 10, { filter, ef }),
  "filter first": (query, filter) => hnsw.search(query, 10, { filter, strategy: "pre" }),
  yours: (query, filter) => filtered(hnsw, query, filter),
};

/** Means over all questions at one selectivity. */
function measure(search: Search, filter: Uint8Array) {
  let [rows, found, distances] = [0, 0, 0];
  for (const query of queries) {
    const { ids, evaluations } = search(query, filter);
    rows += ids.length / queries.length;
    found += recall(ids, exact.search(query, 10, { filter, strategy: "pre" }).ids) / queries.length;
    distances += evaluations / queries.length;
  }
  return { rows, recall: found, distances };
}

const selectivities = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1];
const seen = Object.entries(searches).map(([name, search]) => ({
  name,
  points: selectivities.map((s) => ({ s, ...measure(search, filterOf(s, seed)) })),
}));
const share = { label: "Share of the vectors that the filter lets through", unit: "%", scale: "log" } as const;
chart.line({
  title: "Rows that come back, of ten",
  x: share,
  y: { label: "Rows" },
  series: [
    ...seen.map(({ name, points }) => ({ name, points: points.map((p) => ({ x: 100 * p.s, y: p.rows })) })),
    { name: "expectedRows", points: selectivities.map((s) => ({ x: 100 * s, y: expectedRows(ef, s) })) },
  ],
});
chart.line({
  title: "Recall of the nearest ten that pass",
  x: share,
  y: { label: "Recall", unit: "%" },
  series: seen.map(({ name, points }) => ({ name, points: points.map((p) => ({ x: 100 * p.s, y: 100 * p.recall })) })),
});
chart.line({
  title: `Distances computed, of ${count}`,
  x: share,
  y: { label: "Distances for a question" },
  series: seen.map(({ name, points }) => ({ name, points: points.map((p) => ({ x: 100 * p.s, y: p.distances })) })),
});
const asked = param("selectivity") / 100;
for (const [name, search] of Object.entries(searches)) {
  const m = measure(search, filterOf(asked, seed));
  console.log(
    `${name}: ${m.rows.toFixed(1)} rows, recall ${(100 * m.recall).toFixed(0)} %, ${m.distances.toFixed(0)} distances.`,
  );
}

// For the prediction: ef 40 and a filter of 8 %, whatever the controls say.
export const rowsAtEight = measure(
  (query, filter) => hnsw.search(query, 10, { filter, ef: 40 }),
  filterOf(0.08, 1),
).rows;
