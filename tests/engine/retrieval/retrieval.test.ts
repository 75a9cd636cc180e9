import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndex } from "../../../src/engine/retrieval/build-index.ts";
import { recall } from "../../../src/engine/retrieval/recall.ts";
import type { VectorIndex, Vectors } from "../../../src/engine/retrieval/types.ts";
import { vectors } from "../../../src/engine/retrieval/vectors.ts";

const DIM = 32;
const COUNT = 3000;
const QUERIES = 60;

/** Data, and queries from the same distribution. */
function make(kind: "clustered" | "gaussian", seed = 1): { data: Vectors; queries: Float32Array[] } {
  const all = vectors({ kind, count: COUNT + QUERIES, dim: DIM, clusters: 50, seed });
  return {
    data: { dim: DIM, values: all.values.slice(0, COUNT * DIM) },
    queries: Array.from({ length: QUERIES }, (_, i) => all.values.slice((COUNT + i) * DIM, (COUNT + i + 1) * DIM)),
  };
}
const sets = { clustered: make("clustered"), gaussian: make("gaussian") };
const flat = { clustered: buildIndex("flat", sets.clustered.data), gaussian: buildIndex("flat", sets.gaussian.data) };
const hnsw = { clustered: buildIndex("hnsw", sets.clustered.data), gaussian: buildIndex("hnsw", sets.gaussian.data) };
const ivf = { clustered: buildIndex("ivf", sets.clustered.data), gaussian: buildIndex("ivf", sets.gaussian.data) };

type Kind = keyof typeof sets;
function measure(index: VectorIndex, kind: Kind, o: Parameters<VectorIndex["search"]>[2], k = 10) {
  let found = 0;
  let evaluations = 0;
  let rows = 0;
  const truthFilter = o?.filter ? { filter: o.filter, strategy: "pre" as const } : {};
  for (const query of sets[kind].queries) {
    const r = index.search(query, k, o);
    found += recall(r.ids, flat[kind].search(query, k, truthFilter).ids);
    evaluations += r.evaluations;
    rows += r.ids.length;
  }
  return { recall: found / QUERIES, evaluations: evaluations / QUERIES, rows: rows / QUERIES };
}

describe("flat", () => {
  it("finds exactly what sorting finds, with one evaluation a vector", () => {
    const { data, queries } = sets.gaussian;
    const [query] = queries;
    const r = flat.gaussian.search(query, 5);
    const all = Array.from({ length: COUNT }, (_, id) => ({
      id,
      d: query.reduce((sum, q, i) => sum + (q - data.values[id * DIM + i]) ** 2, 0),
    })).sort((a, b) => a.d - b.d);
    expect(Array.from(r.ids)).toEqual(all.slice(0, 5).map((v) => v.id));
    expect(r.evaluations).toBe(COUNT);
    expect(r.distances[0]).toBeCloseTo(all[0].d, 3);
  });
});

describe("hnsw", () => {
  it("finds nearly everything in clustered data and much less in independent numbers, at the same ef", () => {
    expect(measure(hnsw.clustered, "clustered", { ef: 40 }).recall).toBeGreaterThan(0.98);
    expect(measure(hnsw.gaussian, "gaussian", { ef: 10 }).recall).toBeLessThan(0.85);
  });
  it("finds more and computes more with a larger ef", () => {
    const runs = [10, 20, 40, 80, 160].map((ef) => measure(hnsw.gaussian, "gaussian", { ef }));
    for (let i = 1; i < runs.length; i++) {
      expect(runs[i].evaluations).toBeGreaterThan(runs[i - 1].evaluations);
      expect(runs[i].recall).toBeGreaterThanOrEqual(runs[i - 1].recall);
    }
    expect(runs[4].recall).toBeGreaterThan(0.95);
  });
  it("computes far fewer distances than a scan", () => {
    expect(measure(hnsw.clustered, "clustered", { ef: 40 }).evaluations).toBeLessThan(COUNT / 8);
  });
  it("takes about (2M + M/ln M)·4 bytes for links", () => {
    const links = (hnsw.gaussian.bytes - flat.gaussian.bytes) / COUNT;
    expect(links).toBeGreaterThan(128);
    expect(links).toBeLessThan(152);
  });
  it("is the same graph for the same seed", () => {
    const again = buildIndex("hnsw", sets.gaussian.data);
    const [query] = sets.gaussian.queries;
    expect(again.search(query, 10)).toEqual(hnsw.gaussian.search(query, 10));
  });
  it("can be stopped while building, and searched as far as it got", () => {
    const part = buildIndex("hnsw", sets.gaussian.data, { onProgress: (fraction) => fraction < 0.2 });
    const { ids } = part.search(sets.gaussian.queries[0], 10);
    expect(ids.length).toBe(10);
    expect(Math.max(...ids)).toBeLessThan(COUNT * 0.3);
  });
});

describe("ivf", () => {
  it("finds more with more probes, and everything with all", () => {
    const runs = [1, 4, 16, 55].map((probes) => measure(ivf.gaussian, "gaussian", { probes }));
    for (let i = 1; i < runs.length; i++) expect(runs[i].recall).toBeGreaterThan(runs[i - 1].recall);
    expect(runs[3].recall).toBe(1);
    expect(runs[3].evaluations).toBe(COUNT + 55);
  });
  it("does well on clusters with one probe", () => {
    expect(measure(ivf.clustered, "clustered", { probes: 1 }).recall).toBeGreaterThan(0.85);
  });
});

describe("filters", () => {
  const tenth = Uint8Array.from({ length: COUNT }, (_, i) => (i % 10 === 0 ? 1 : 0));
  it("after the search leave ef × selectivity rows", () => {
    expect(measure(hnsw.gaussian, "gaussian", { ef: 40, filter: tenth }, 40).rows).toBeCloseTo(4, 0);
  });
  it("before it find all, at the price of a scan of what passes", () => {
    const r = measure(hnsw.gaussian, "gaussian", { filter: tenth, strategy: "pre" });
    expect([r.recall, r.rows, r.evaluations]).toEqual([1, 10, COUNT / 10]);
  });
  it("searched iteratively return k rows, where filtering afterwards does not", () => {
    const wide = measure(hnsw.gaussian, "gaussian", { ef: 160, filter: tenth, strategy: "iterative" });
    expect(wide.rows).toBe(10);
    expect(wide.recall).toBeGreaterThan(0.9);
    expect(measure(ivf.gaussian, "gaussian", { probes: 1, filter: tenth, strategy: "post" }).rows).toBeLessThan(9);
    expect(measure(ivf.gaussian, "gaussian", { probes: 1, filter: tenth, strategy: "iterative" }).rows).toBe(10);
  });
  it("searched iteratively compute no distance twice, and as many as without a filter where enough pass at once", () => {
    const all = new Uint8Array(COUNT).fill(1);
    const plain = measure(hnsw.gaussian, "gaussian", { ef: 40 }).evaluations;
    expect(measure(hnsw.gaussian, "gaussian", { ef: 40, filter: all, strategy: "iterative" }).evaluations).toBe(plain);
    const few = Uint8Array.from({ length: COUNT }, (_, i) => (i % 500 === 0 ? 1 : 0));
    const { evaluations } = measure(hnsw.gaussian, "gaussian", { ef: 40, filter: few, strategy: "iterative" });
    expect(evaluations).toBeGreaterThan(plain);
    expect(evaluations).toBeLessThan(COUNT + plain);
  });
  it("never let through what does not pass", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: COUNT, maxLength: COUNT, max: 1 }),
        fc.constantFrom("post" as const, "pre" as const, "iterative" as const),
        fc.constantFrom(flat, hnsw, ivf),
        (filter, strategy, index) => {
          const { ids } = index.gaussian.search(sets.gaussian.queries[0], 20, { filter, strategy });
          expect(Array.from(ids).every((id) => filter[id] === 1)).toBe(true);
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("quantised vectors", () => {
  it("take a quarter as int8 and cost little recall", () => {
    const small = buildIndex("flat", sets.clustered.data, { quantise: "int8" });
    expect(small.bytes).toBeLessThan(flat.clustered.bytes / 3.9);
    expect(measure(small, "clustered", {}).recall).toBeGreaterThan(0.9);
  });
  it("take pq bytes each as codes, plus the code book", () => {
    const tiny = buildIndex("flat", sets.clustered.data, { quantise: { pq: 8 } });
    expect(tiny.bytes).toBe(COUNT * 8 + 8 * 256 * (DIM / 8) * 4);
    const r = measure(tiny, "clustered", {});
    expect(r.recall).toBeGreaterThan(0.3);
    expect(r.recall).toBeLessThan(1);
  });
});

describe("recall", () => {
  it("counts the truths that were found", () => {
    expect(recall([1, 2, 3, 9], [1, 2, 4])).toBeCloseTo(2 / 3, 12);
    expect(() => recall([1], [])).toThrow("truth");
  });
});

it("refuses impossible input by name", () => {
  const { data } = sets.gaussian;
  expect(() => vectors({ kind: "gaussian", count: 0, dim: 4 })).toThrow("count");
  expect(() => vectors({ kind: "uniform" as "gaussian", count: 1, dim: 4 })).toThrow("kind");
  expect(() => buildIndex("flat", { dim: 3, values: new Float32Array(4) })).toThrow("multiple of the dimension");
  expect(() => buildIndex("flat", { dim: 1, values: Float32Array.of(NaN) })).toThrow("data.values[0]");
  expect(() => buildIndex("flat", data, { quantise: { pq: 7 } })).toThrow("divisor of the dimension");
  expect(() => buildIndex("hnsw", data, { m: 1 })).toThrow("m is 1");
  expect(() => flat.gaussian.search(new Float32Array(3), 5)).toThrow("length of query");
  expect(() => flat.gaussian.search(sets.gaussian.queries[0], 0)).toThrow("k is 0");
  expect(() => flat.gaussian.search(sets.gaussian.queries[0], 1, { filter: new Uint8Array(2) })).toThrow(
    "length of filter",
  );
});
