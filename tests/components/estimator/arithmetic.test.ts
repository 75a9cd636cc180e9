/** The estimator's own arithmetic: days, break-even, tornado, and the course's worked bills and memory. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { breakEvenCalls, ownMonth } from "../../../src/components/estimator/break-even.ts";
import { curves, peakOverMean, shares, shareWithin } from "../../../src/components/estimator/curves.ts";
import { dayBill } from "../../../src/components/estimator/day-bill.ts";
import { ratesOf } from "../../../src/components/estimator/plan.ts";
import { measured, measures, tornado } from "../../../src/components/estimator/tornado.ts";
import { requestsOf, scaledLengths } from "../../../src/components/estimator/workload.ts";
import { meanLength, sample } from "../../../src/engine/workload/lengths.ts";
import { answered, type Change } from "./typed.ts";

describe("the course's worked bills", () => {
  test("2,000 in and 300 out on gpt-5.6-luna cost $0.00076, $0.0038 before the cut, $0.00049 with 1,500 cached", () => {
    const bill = (change: Change) => answered({ mode: "api", ...change }).api!.perRequest.total;
    expect(bill({})).toBeCloseTo(0.00076, 9);
    expect(bill({ on: "2026-07-01" })).toBeCloseTo(0.0038, 9);
    expect(bill({ cached: "1500" })).toBeCloseTo(0.00049, 9);
    const { parts, total } = answered({ mode: "api" }).api!.perRequest;
    expect(parts["output"]! / total).toBeCloseTo(0.47, 2);
  });

  test("$3.25 an hour at 2,500 tokens a second is $0.361 a million, and 30 % busy 3.3 times as much", () => {
    const { plan, own } = answered({ mode: "own" });
    const tokens = own!.peak!.capacity.value * plan.load.outputMean;
    expect(own!.perMillionFull).toBeCloseTo(3.25 / (tokens * 0.0036), 9);
    expect((own!.perMillionFull * tokens) / 2500).toBeCloseTo(0.3611, 4);
    const busy = answered({ mode: "own", calls: String(0.3 * own!.peak!.capacity.value * 86_400) }).own!;
    expect(busy.bill!.utilisation).toBeCloseTo(0.3, 6);
    expect(busy.perDay!.perMillionOutputTokens / busy.perMillionFull).toBeCloseTo(1 / 0.3, 6);
  });
});

test("the course's worked memory: KV room and sequences of 2k tokens", () => {
  const course = { mode: "own", set: "course-h100-v1", in: "1748", out: "300", utilisation: "0.92" };
  const of = (change: Change) => answered({ ...course, ...change }).own!;
  const l4 = { gpu: "l4", usd: "0.8", overhead: "1.5" };
  // GPU, formats → GB of KV cache, sequences.
  const rows: readonly (readonly [Change, number, number])[] = [
    [{ ...l4 }, 4.5, 16],
    [{ ...l4, weights: "fp8", kv: "fp8" }, 12.6, 93],
    [{}, 55.5, 207],
    [{ model: "llama-3.1-70b", gpus: "2", tp: "2" }, 2.0, 3],
    [{ model: "llama-3.1-70b", gpus: "4", tp: "4" }, 145, 216],
    [{ model: "llama-3.1-70b", gpus: "2", tp: "2", weights: "fp8" }, 72.6, 108],
    [{ model: "llama-3.1-70b", gpus: "2", tp: "2", weights: "fp8", kv: "fp8" }, 72.6, 216],
    [{ model: "llama-3.1-70b", gpu: "h200-sxm-141", weights: "fp8", kv: "fp8" }, 57, 170],
  ];
  for (const [change, gigabytes, sequences] of rows) {
    const { memory, sequences: told } = of(change);
    expect(Math.abs(memory.kv / 1e9 - gigabytes), JSON.stringify(change)).toBeLessThan(
      Math.max(0.1, 0.005 * gigabytes),
    );
    expect(Math.abs(told - sequences), JSON.stringify(change)).toBeLessThanOrEqual(Math.max(1, 0.01 * sequences));
  }
});

describe("a day", () => {
  test("around the clock pays for every hour, by the hour for what each needs", () => {
    const callsPerHour = shares(curves.office.hours).map((share) => share * 240_000);
    const o = { callsPerHour, capacityPerHour: 10_000, replicas: 4, gpusPerReplica: 2, usdPerHour: 3, operations: 1.5 };
    const always = dayBill({ ...o, hourly: false });
    expect(always.gpuHours).toBe(4 * 2 * 24);
    expect(always.usd).toBeCloseTo(4 * 2 * 24 * 3 * 1.5, 9);
    expect(always.parts.busy + always.parts.idle + always.parts.operations).toBeCloseTo(always.usd, 9);
    const hourly = dayBill({ ...o, hourly: true });
    expect(Math.max(...hourly.replicas)).toBe(4);
    expect(Math.min(...hourly.replicas)).toBe(1);
    expect(hourly.usd).toBeLessThan(always.usd);
    expect(hourly.utilisation).toBeGreaterThan(always.utilisation);
  });

  test("no hour has more load on a replica than the busiest one", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: 0, max: 100 }), { minLength: 24, maxLength: 24 })
          .filter((hours) => hours.some((h) => h > 0)),
        fc.integer({ min: 1, max: 20 }),
        (callsPerHour, replicas) => {
          const o = { callsPerHour, capacityPerHour: 50, replicas, gpusPerReplica: 1, usdPerHour: 1, operations: 1 };
          const bill = dayBill({ ...o, hourly: true });
          const most = Math.max(...callsPerHour) / replicas;
          bill.replicas.forEach((count, hour) =>
            expect(callsPerHour[hour]! / count).toBeLessThanOrEqual(most * (1 + 1e-9)),
          );
        },
      ),
    );
  });

  test("the busiest hour's rate follows the curve", () => {
    const { load } = answered({ curve: "night", calls: "86400" }).plan;
    expect(ratesOf(load)).toEqual({ mean: 1, peak: 4 });
    expect(peakOverMean(load.hours)).toBeCloseTo(4, 9);
  });

  test("hours of a whole day hold all calls, whatever the clock", () => {
    const hours = shares(curves.evening.hours);
    for (const zone of [-8, 0, 5.5, 13]) expect(shareWithin(hours, zone, [[0, 24]])).toBeCloseTo(1, 12);
  });
});

describe("break-even", () => {
  const o = { apiPerRequest: 0.001, replicaPerHour: 3, safePerReplica: 5, peakOverMean: 2 };

  test("is where one replica's month costs what the API charges, if the replica can take so many", () => {
    const told = breakEvenCalls(o);
    expect(told.calls).toBeCloseTo((3 * 730) / 0.001, 6);
    expect(told.callsPerReplica).toBeCloseTo(2.5 * 3600 * 730, 6);
    expect(told.share).toBeCloseTo(told.calls! / told.callsPerReplica, 12);
    expect(breakEvenCalls({ ...o, apiPerRequest: 0.0001 }).calls).toBeNull();
    expect(breakEvenCalls({ ...o, apiPerRequest: 0 }).calls).toBeNull();
    expect(breakEvenCalls({ ...o, safePerReplica: 0 }).calls).toBeNull();
  });

  test("for good means: at no larger load is the API cheaper, though each new replica starts empty", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.97, noNaN: true }),
        fc.double({ min: 1, max: 40, noNaN: true }),
        (share, more) => {
          const told = breakEvenCalls({ ...o, apiPerRequest: (3 * 730) / (share * 2.5 * 3600 * 730) });
          const api = (calls: number) => (calls * 3 * 730) / (share * told.callsPerReplica);
          const calls = told.forGood! * (1 + 1e-6) * more;
          expect(ownMonth(told, calls)).toBeLessThanOrEqual(api(calls) * (1 + 1e-6));
          // And before it the API is, from where the last replica began: a stretch that can be as short as one likes.
          const began = Math.floor(told.forGood! / told.callsPerReplica) * told.callsPerReplica;
          const before = (began + told.forGood!) / 2;
          expect(ownMonth(told, before)).toBeGreaterThanOrEqual(api(before) * (1 - 1e-9));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the tornado", () => {
  const { plan } = answered({ curve: "office", calls: "100000", ttft: "800", tpot: "40", prefix: "60" });

  test("puts the largest swing first, and leaves out what does not move the result", () => {
    for (const { id } of measures) {
      const swings = tornado(plan, id).map(({ low, high }) => Math.abs(high - low));
      expect(swings.length).toBeGreaterThan(2);
      expect(swings).toEqual([...swings].sort((a, b) => b - a));
    }
    expect(tornado(plan, "api-cost").map(({ input }) => input)).not.toContain("GPU price");
    expect(tornado(plan, "api-cost").map(({ input }) => input)).not.toContain("daily curve");
  });

  test("a quarter more for a GPU is a quarter more for a token", () => {
    const row = tornado(plan, "own-cost").find(({ input }) => input === "GPU price")!;
    const base = measured(plan, "own-cost");
    expect([row.low / base, row.high / base]).toEqual([expect.closeTo(0.75, 9), expect.closeTo(1.25, 9)]);
  });

  test("an input that would make the server unstable is said to do so", () => {
    const near = answered({ calls: String(0.95 * 86_400 * answered({}).own!.peak!.capacity.value) }).plan;
    expect(tornado(near, "own-e2e")[0]!.high).toBe(Infinity);
  });
});

describe("lengths of a workload", () => {
  test("scaled lengths have the scaled mean", () => {
    for (const lengths of [
      { kind: "fixed", value: 100 },
      { kind: "uniform", min: 100, max: 300 },
      { kind: "lognormal", median: 100, sigma: 0.5 },
      { kind: "empirical", values: [10, 50, 90] },
    ] as const)
      expect(meanLength(scaledLengths(lengths, 2))).toBeCloseTo(2 * meanLength(lengths), 9);
  });

  test("prefix and own part together have the mean that was given, and none is above the context", () => {
    const { load } = answered({ inKind: "lognormal", in: "5000", in2: "0.8", prefix: "40", reasoning: "300" }).plan;
    const { prompt, output, prefix } = requestsOf(load, 131_072);
    expect(prefix!.tokens).toEqual({ kind: "fixed", value: 2000 });
    const own = sample(prompt, 20_000);
    expect(own.reduce((sum, v) => sum + v, 0) / own.length).toBeGreaterThan(2900);
    expect(own.reduce((sum, v) => sum + v, 0) / own.length).toBeLessThan(3100);
    expect(meanLength(output)).toBeCloseTo(600, 0);
    const small = requestsOf(load, 8000);
    expect(2000 + Math.max(...sample(small.prompt, 5000)) + Math.max(...sample(small.output, 5000))).toBeLessThan(8000);
  });
});
