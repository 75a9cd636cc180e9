/** Lesson 8's numbers, as the engine works them out, against the fact base (2026-11-24) within its tolerances. */
import { describe, expect, test } from "vitest";
import * as eight from "../../../src/components/figures/lesson-eight.ts";

/** Within so many per cent. */
function near(actual: number, expected: number, per: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(per / 100);
}

test("passages add 40, 74, 174 and 360 ms to the first token", () => {
  // The fact base adds a question of 400 tokens to the last three.
  near(eight.prefill(900), 0.04, 12);
  near(eight.prefill(2000), 0.074, 12);
  near(eight.prefill(5000), 0.174, 10);
  near(eight.prefill(10_000), 0.36, 10);
});

test("four stages alike have p99s that add up to 640 ms, and a p99 of 404; medians 200 and 219", () => {
  const { sum99, true99, sum50, true50 } = eight.fourAlike();
  near(sum99, 0.64, 3);
  near(true99, 0.404, 3);
  near(sum50, 0.2, 2);
  near(true50, 0.219, 2);
});

describe("20,000 vectors under faiss's graph", () => {
  test.each([
    ["clustered", 10, 0.951],
    ["clustered", 40, 0.999],
    ["gaussian", 10, 0.354],
    ["gaussian", 40, 0.671],
    ["gaussian", 80, 0.818],
    ["gaussian", 320, 0.964],
  ] as const)("%s at ef %i: recall %f", (kind, ef, recall) => {
    expect(Math.abs(eight.atEf(kind, ef).recall - recall)).toBeLessThanOrEqual(0.06);
  });
});

describe("memory", () => {
  test("links of M 16 and 48 take 151 and 434 bytes", () => {
    near(eight.linkBytes(16), 151, 1);
    near(eight.linkBytes(48), 434, 1);
  });
  test("they add 4.9 % to 768 numbers, 2.5 % to 1,536 and 30 % to 128", () => {
    near(eight.linkShare(768), 0.049, 2);
    near(eight.linkShare(1536), 0.025, 2);
    near(eight.linkShare(128), 0.3, 2);
  });
  test("ten million vectors of 768 take 32 GB, and 9.2 GB as int8", () => {
    near(eight.gigabytes(1e7, 768, "fp32"), 32, 2);
    near(eight.gigabytes(1e7, 768, "int8"), 9.2, 2);
  });
});

test("a filter of 10 % after a search of 40 leaves 4 rows, one of 1 % leaves 0.4", () => {
  near(eight.filtered("post", 0.1).rows, 4.07, 15);
  expect(Math.abs(eight.filtered("post", 0.01).rows - 0.4)).toBeLessThan(0.15);
  expect(eight.filtered("iterative", 0.01).rows).toBe(10);
  // What the text says of the price.
  expect(eight.filtered("iterative", 0.1).distances).toBeGreaterThan(3 * eight.filtered("iterative", 1).distances);
  expect(eight.filtered("iterative", 0.01).distances / eight.size).toBeGreaterThan(0.8);
  expect(eight.filtered("iterative", 0.5).distances).toBeLessThan(eight.filtered("pre", 0.5).distances / 3);
});

test("the fifty best of eight-byte codes hold nearly all of the true ten", () => {
  expect(eight.reranked(8, 10).recall).toBeLessThan(0.7);
  expect(eight.reranked(8, 50).recall).toBeGreaterThan(0.98);
  expect(eight.int8().recall).toBeGreaterThan(0.93);
});

test("a passage of 500 tokens costs some 16 ms, and codes of 8 bytes are 24 times smaller", () => {
  near(eight.passagesCost(5000) / 10, 0.016, 3);
  expect(eight.vectorBytes / 8).toBe(24);
});

test("95 % of the true ten take the hard collection ef 320 and the easy one ef 20", () => {
  expect(eight.atEf("clustered", 10).recall).toBeLessThan(0.95);
  expect(eight.atEf("clustered", 20).recall).toBeGreaterThan(0.95);
  expect(eight.atEf("gaussian", 160).recall).toBeLessThan(0.95);
  expect(eight.atEf("gaussian", 320).recall).toBeGreaterThan(0.95);
});

test("100 candidates take 11, 24, 40, 56 and 104 ms", () => {
  eight.rerankers.forEach(({ name }, i) =>
    near(eight.rerankTime(name, 100, 0), [0.011, 0.024, 0.04, 0.056, 0.104][i]!, 3),
  );
});

test("of the decision's options only exact search with L6 and eight passages keeps all limits", () => {
  const options = [
    ["MiniLM-L12", 20, eight.atEf("gaussian", 320).recall],
    ["none", 20, 1],
    ["MiniLM-L6", 8, 1],
    ["MiniLM-L6", 8, eight.atEf("gaussian", 40).recall],
  ] as const;
  const keeps = options.map(([reranker, passages, recall]) => {
    const { p95, ndcg } = eight.outcome(reranker, passages);
    return p95 <= 0.6 && recall >= 0.95 && (ndcg ?? 0) >= 74;
  });
  expect(keeps).toEqual([false, false, true, false]);
});
