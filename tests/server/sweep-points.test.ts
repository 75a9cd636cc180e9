/** Simulated points, spread over threads and machines: the same bits whoever computes them, and what is finished survives a stop. */
import { expect, test } from "vitest";
import { poisson } from "../../src/engine/workload/arrivals.ts";
import { uniform } from "../../src/engine/workload/lengths.ts";
import { computePoint, pointsOf, pointsOfShard } from "../../src/server/sweep-points/points.ts";
import { spread } from "../../src/server/sweep-points/spread.ts";

const workload = { arrivals: poisson(1), prompt: uniform(50, 400), output: uniform(5, 40), requests: 60 };
const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const axes = { loads: [4, 40, 400], seeds: [1, 2], servers: [server, { ...server, scheduler: { maxNumSeqs: 8 } }] };
const points = pointsOf(workload, axes, { percentiles: [50, 99], slo: { ttft: 0.1 } });

test("one thread and three give the same bits, in the order of the points", async () => {
  const [one, three] = [await spread(points, { threads: 1 }), await spread(points, { threads: 3 })];
  expect(JSON.stringify(three)).toBe(JSON.stringify(one));
  expect(one.map(({ index }) => index)).toEqual(points.map((_, i) => i));
  expect(JSON.stringify(one)).toBe(JSON.stringify(points.map(computePoint)));
  const times = one.map((result) => ("report" in result ? result.report.times["ttft"]!["p99"] : undefined));
  // A cap on the batch changes nothing at low load; loads and seeds do.
  expect(new Set(times).size).toBeGreaterThan(6);
});

test("all machines together have every point once", () => {
  for (const of of [1, 2, 5, 20]) {
    const shards = Array.from({ length: of }, (_, index) => pointsOfShard(points, { index, of }));
    expect(shards.flat().sort((a, b) => a.index - b.index)).toEqual(points);
    const sizes = shards.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});

test("a stop keeps what is finished and gives up the rest", async () => {
  const stop = new AbortController();
  const kept = await spread(points, { threads: 2, signal: stop.signal, onPoint: (done) => done === 3 && stop.abort() });
  expect(kept.length).toBe(3);
  for (const result of kept) expect(result).toEqual(computePoint(points[result.index]!));
});

test("a server without room is a result with its reason, and the others go on", async () => {
  const small = { model: "llama-3.1-405b", gpu: "h100-sxm-80" };
  const mixed = pointsOf(workload, { loads: [4], seeds: [1], servers: [small, server] }, { percentiles: [50] });
  const [refused, fine] = await spread(mixed, { threads: 2 });
  expect(refused).toMatchObject({ index: 0, refused: expect.stringMatching(/room for a KV cache/) as string });
  expect(fine).toHaveProperty("report");
});

test("arrivals without a load to change are refused", () => {
  expect(() =>
    pointsOf({ ...workload, arrivals: { kind: "ramp", from: 1, to: 2, seconds: 3 } }, axes, { percentiles: [] }),
  ).toThrow(/arrivals is "ramp"; it must be poisson/);
});
