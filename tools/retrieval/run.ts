/** Seconds to build an index and milliseconds to search it: ours in TypeScript beside usearch in C++, and beside looking at everything. */
import { buildIndex } from "../../src/engine/retrieval/build-index.ts";
import { recall } from "../../src/engine/retrieval/recall.ts";
import { vectors } from "../../src/engine/retrieval/vectors.ts";
import { median, print, type Row } from "../../bench/report.ts";
import usearch from "usearch";

const peer = "usearch 2.26.2, native, one thread";
const [count, dim, queries, k, ef] = [10_000, 64, 200, 10, 40];
const rounds = 5;

/** Median milliseconds for one of `queries` questions. */
function perQuestion(search: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    search();
    return (performance.now() - began) / queries;
  });
  return median(times);
}

function once<T>(work: () => T): readonly [T, number] {
  const began = performance.now();
  const made = work();
  return [made, (performance.now() - began) / 1000];
}

const rows: Row[] = [];
for (const kind of ["clustered", "gaussian"] as const) {
  const { values } = vectors({ kind, count: count + queries, dim, seed: 1 });
  const held = values.slice(0, count * dim);
  const asked = Array.from({ length: queries }, (_, i) => values.slice((count + i) * dim, (count + i + 1) * dim));
  const exact = buildIndex("flat", { dim, values: held });
  const truth = asked.map((query) => exact.search(query, k).ids);
  const share = (found: readonly ArrayLike<number>[]) =>
    found.reduce((sum, ids, i) => sum + recall(ids, truth[i]!), 0) / queries;

  const [ours, oursBuild] = once(() => buildIndex("hnsw", { dim, values: held }, { m: 16, efConstruction: 64 }));
  const theirs = new usearch.Index({
    dimensions: dim,
    metric: usearch.MetricKind.L2sq,
    quantization: usearch.ScalarKind.F32,
    connectivity: 16,
    expansion_add: 64,
    expansion_search: ef,
    multi: false,
  });
  const keys = BigUint64Array.from({ length: count }, (_, i) => BigInt(i));
  const [, theirsBuild] = once(() => theirs.add(keys, held, 1));

  const oursFound = asked.map((query) => ours.search(query, k, { ef }));
  const theirsFound = asked.map((query) => Array.from(theirs.search(query, k, 1).keys, Number));
  const distances = oursFound.reduce((sum, { evaluations }) => sum + evaluations, 0) / queries;

  const oursMs = perQuestion(() => asked.forEach((query) => ours.search(query, k, { ef })));
  const theirsMs = perQuestion(() => asked.forEach((query) => theirs.search(query, k, 1)));
  const exactMs = perQuestion(() => asked.forEach((query) => exact.search(query, k)));
  const all = values.slice(count * dim);
  const theirsExactMs = perQuestion(() => usearch.exactSearch(held, all, dim, k, usearch.MetricKind.L2sq, 1));

  const beside = (value: number, peerValue: number) => ({ value, peer, peerValue, ratio: value / peerValue });
  const alone = { peer: null, peerValue: null };
  rows.push(
    { id: `retrieval.${kind}.hnsw.build.s`, unit: "s", ...beside(oursBuild, theirsBuild) },
    { id: `retrieval.${kind}.hnsw.search.ms`, unit: "ms", ...beside(oursMs, theirsMs), note: `ef ${ef}` },
    { id: `retrieval.${kind}.exact.search.ms`, unit: "ms", ...beside(exactMs, theirsExactMs) },
    {
      id: `retrieval.${kind}.hnsw.recall`,
      unit: "of 1",
      ...beside(share(oursFound.map(({ ids }) => ids)), share(theirsFound)),
    },
    { id: `retrieval.${kind}.exact-over-hnsw.time`, value: exactMs / oursMs, unit: "×", ...alone, ratio: exactMs / oursMs },
    {
      id: `retrieval.${kind}.exact-over-hnsw.distances`,
      value: count / distances,
      unit: "×",
      ...alone,
      ratio: count / distances,
    },
  );
}
print("retrieval", rows, process.argv.includes("--json"));
