import { describe, expect, it } from "vitest";
import { compare } from "../../../src/engine/metrics/compare.ts";
import { createRandom } from "../../../src/engine/random.ts";
import { makeRun } from "./runs.ts";

/** n requests, one each 0.1 s, with a lognormal-like TTFT scaled by `scale`. */
function draw(n: number, scale: number, seed: number) {
  const random = createRandom(seed, "ttft");
  return makeRun(
    Array.from({ length: n }, (_, i) => {
      const first = i * 0.1 + scale * (0.2 + 0.1 * random.exponential());
      return { scheduled: i * 0.1, first, last: first + 1, output: 11 };
    }),
  );
}

describe("compare", () => {
  it("finds no change between a run and itself", () => {
    const run = draw(500, 1, 1);
    const { rows, changed } = compare(run, run);
    expect(changed).toEqual([]);
    for (const { delta } of rows) expect(delta.value).toBe(0);
  });

  it("finds a slowdown of 20 % in TTFT and calls TPOT unchanged", () => {
    const { changed, rows } = compare(draw(2000, 1, 1), draw(2000, 1.2, 2));
    expect(changed).toContain("ttft p50");
    expect(changed).toContain("ttft mean");
    expect(changed.join()).not.toContain("tpot");
    const p50 = rows.find((row) => row.metric === "ttft p50")!;
    expect(p50.delta.low).toBeLessThan(0.2 * p50.a);
    expect(p50.delta.high).toBeGreaterThan(0.2 * p50.a);
  });

  it("gives no p99 where samples are too few for an interval", () => {
    const names = compare(draw(300, 1, 1), draw(1000, 1, 2)).rows.map((row) => row.metric);
    expect(names).toContain("ttft p95");
    expect(names).not.toContain("ttft p99");
  });

  it("raises a false alarm on a row in about 5 of 100 pairs of equal runs", () => {
    let alarms = 0;
    for (let seed = 0; seed < 200; seed++)
      if (compare(draw(400, 1, 2 * seed), draw(400, 1, 2 * seed + 1)).changed.includes("ttft p50")) alarms++;
    expect(alarms).toBeLessThanOrEqual(18);
    expect(alarms).toBeGreaterThan(0);
  });

  it("swaps sign with the order of the runs", () => {
    const [a, b] = [draw(500, 1, 1), draw(500, 1.3, 2)];
    const there = compare(a, b).rows;
    const back = compare(b, a).rows;
    there.forEach((row, i) => {
      expect(back[i].delta.value).toBeCloseTo(-row.delta.value, 12);
      expect(back[i].delta.low).toBeCloseTo(-row.delta.high, 12);
    });
  });

  it("compares runs without a single success without inventing rows", () => {
    const nothing = makeRun([{ status: "failed" }]);
    expect(compare(nothing, nothing).rows.map((row) => row.metric)).toEqual(["output tokens/s", "requests/s"]);
  });
});
