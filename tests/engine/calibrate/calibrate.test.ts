import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calibrate,
  closed,
  estimate,
  fixed,
  InputError,
  parameters,
  poisson,
  simulate,
  summarize,
  type Calibration,
  type MeasuredPoint,
  type Run,
  type Server,
} from "../../../src/engine/index.ts";
import { curveOf } from "../../../src/engine/calibrate/curve.ts";
import { parametersAt, unknownsOf } from "../../../src/engine/calibrate/unknowns.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import { truthOf } from "./truth.ts";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", engine: "vllm-v1" };
const metrics = ["ttft", "tpot", "outputTokensPerSecond"] as const;

/** Users, prompt, output. */
type Shape = readonly [number, number, number];
const sweep: readonly Shape[] = [
  [1, 512, 128],
  [4, 512, 128],
  [16, 512, 128],
  [4, 2048, 256],
  [16, 2048, 256],
  [32, 1024, 256],
];
const beyond: readonly Shape[] = [
  [64, 512, 128],
  [64, 1024, 256],
  [8, 4096, 512],
  [128, 512, 128],
];

function run(on: Server, [users, prompt, output]: Shape, seed: number): Run {
  const requests = Math.max(40, users * 6);
  return simulate(on, { arrivals: closed(users), prompt: fixed(prompt), output: fixed(output), requests, seed });
}

/** What of `shapes` the twin's intervals miss. */
function missed(twin: Calibration, on: Server, shapes: readonly Shape[]): string[] {
  return shapes.flatMap((shape) => {
    const [concurrency, prompt, output] = shape;
    const { ttft, tpot, outputTokensPerSecond } = summarize(run(on, shape, 7), { window: "steady" });
    const seen = { ttft: ttft.mean, tpot: tpot.mean, outputTokensPerSecond };
    const predicted = twin.predict({ prompt, output, concurrency });
    return metrics
      .filter((metric) => !(predicted[metric].low <= seen[metric] && seen[metric] <= predicted[metric].high))
      .map((metric) => `${metric} at ${shape.join("/")}`);
  });
}

describe("on points from the step model itself", () => {
  const truth = truthOf({ compute: 0.7, weights: 0.8, kv: 0.75, step: 2, sequence: 2, ingress: 2 });
  const resolved = resolveServer(server);
  const curve = curveOf(resolved);
  const points: MeasuredPoint[] = [1, 2, 8, 32, 128].flatMap((concurrency) =>
    [256, 2048].map((prompt) => {
      const load = { prompt, output: 256, concurrency };
      return { ...load, ...curve(truth, { load, cached: 0, ingress: true }) };
    }),
  );
  const twin = calibrate(server, points);
  const unknowns = unknownsOf(resolved, truth);
  const whole = parametersAt(truth, unknowns, new Float64Array(unknowns.length), "truth");

  it.each(Object.keys(twin.intervals))("the truth of %s lies within its interval", (name) => {
    expect(twin.intervals[name]!.low).toBeLessThanOrEqual(whole.values[name]!.value);
    expect(twin.intervals[name]!.high).toBeGreaterThanOrEqual(whole.values[name]!.value);
  });

  it("held-out points lie within their ranges, and close", () => {
    expect(twin.heldOut.length).toBe(6);
    for (const { measured, predicted } of twin.heldOut) {
      expect(predicted.low).toBeLessThanOrEqual(measured);
      expect(predicted.high).toBeGreaterThanOrEqual(measured);
      expect(Math.abs(predicted.value / measured - 1)).toBeLessThan(0.1);
    }
  });

  it("its parameters make estimates of the measured server", () => {
    const shape = { prompt: 2048, output: 256, concurrency: 32 };
    const { tpot } = points.find((p) => p.concurrency === 32 && p.prompt === 2048)!;
    const before = estimate(server, shape).tpot;
    const after = estimate({ ...server, parameters: twin.parameters }, shape).tpot;
    expect(Math.abs(after.value / tpot! - 1)).toBeLessThan(0.05);
    expect(Math.abs(before.value / tpot! - 1)).toBeGreaterThan(0.15);
    expect(after.high / after.low).toBeLessThan(before.high / before.low);
  });

  it("is the same every time", () => {
    expect(calibrate(server, points).intervals).toEqual(twin.intervals);
  });
});

describe("what points cannot show", () => {
  it("is listed, and keeps the value it had", () => {
    const alike = [200, 220, 240, 260, 280].map((output) => ({ prompt: 64, output, concurrency: 1, tpot: 0.008 }));
    const twin = calibrate(server, alike);
    expect(twin.unidentifiable).toContain("compute.hopper");
    expect(twin.unidentifiable).toContain("ingress.vllm-v1");
    const ingress = parameters.fitted.values["ingress.vllm-v1"]!.value;
    expect(twin.intervals["ingress.vllm-v1"]!.value / ingress).toBeCloseTo(1, 2);
  });
});

describe("on a simulated server", () => {
  it("predicts four times the load and other lengths within its intervals", () => {
    const twin = calibrate(
      server,
      sweep.map((shape) => run(server, shape, 1)),
    );
    expect(missed(twin, server, beyond)).toEqual([]);
  });

  it.each<[string, Partial<Server>]>([
    ["pauses", { pauses: { every: 1, length: 0.3 } }],
    ["speculative decoding", { speculation: { acceptance: 0.6, draftTokens: 3, draftCost: 0.05 } }],
    ["prefill before decode", { batching: "prefillFirst" }],
    ["a slow network", { network: { rtt: 0.2 } }],
  ])("with a mechanism that the fit lacks (%s), the intervals still hold", (_name, mechanism) => {
    const real = { ...server, ...mechanism };
    const twin = calibrate(
      server,
      sweep.map((shape) => run(real, shape, 1)),
    );
    expect(missed(twin, real, beyond)).toEqual([]);
    const { tpot } = twin.predict({ prompt: 1024, output: 256, concurrency: 64 });
    expect(tpot.high / tpot.low).toBeLessThan(2.5);
  });

  it("open loops too: requests that arrive at random, at a rate", () => {
    const at = (rate: number, seed: number): Run =>
      simulate(server, { arrivals: poisson(rate), prompt: fixed(512), output: fixed(128), requests: 400, seed });
    const twin = calibrate(
      server,
      [1, 2, 5, 10, 20].map((rate) => at(rate, 1)),
    );
    // Five sixths of what this server can do: nearer to saturation a small error of capacity is a large one of TPOT.
    const rate = 0.83 * estimate(server, { prompt: 512, output: 128, concurrency: "max" }).requestsPerSecond.value;
    const summary = summarize(at(rate, 7), { window: "steady" });
    const predicted = twin.predict({ prompt: 512, output: 128, rate });
    for (const metric of ["ttft", "tpot"] as const) {
      expect(predicted[metric].low).toBeLessThanOrEqual(summary[metric].mean);
      expect(predicted[metric].high).toBeGreaterThanOrEqual(summary[metric].mean);
    }
    expect(predicted.tpot.high / predicted.tpot.low).toBeLessThan(2);
  });

  it("is less sure the farther from what was measured", () => {
    const twin = calibrate(
      server,
      sweep.map((shape) => run(server, shape, 1)),
    );
    const width = (concurrency: number): number => {
      const { low, high } = twin.predict({ prompt: 512, output: 128, concurrency }).tpot;
      return high / low;
    };
    expect(width(4)).toBeLessThan(width(64));
    expect(width(64)).toBeLessThan(width(512));
  });
});

describe("input", () => {
  const point: MeasuredPoint = { prompt: 512, output: 128, concurrency: 4, ttft: 0.05, tpot: 0.01 };
  const five = (first: MeasuredPoint): MeasuredPoint[] => [first, point, point, point, point];

  it.each<[string, MeasuredPoint[]]>([
    ["at least 5 measured points", [point, point, point, point]],
    ["points[0].prompt", five({ ...point, prompt: NaN })],
    ["points[0].output", five({ ...point, output: 0 })],
    ["points[0].ttft", five({ ...point, ttft: -1 })],
    ["points[0].concurrency", five({ ...point, rate: 3 })],
    ["points[0].concurrency", five({ prompt: 512, output: 128, ttft: 0.05 })],
    ["points[0]", five({ prompt: 512, output: 128, concurrency: 4 })],
  ])("is refused, naming %s", (name, points) => {
    expect(() => calibrate(server, points)).toThrow(InputError);
    expect(() => calibrate(server, points)).toThrow(name);
  });

  it("is refused where the set to start from is a frozen one of the course", () => {
    expect(() => calibrate({ ...server, parameters: "course-h100-v1" }, five(point))).toThrow("roofline");
  });

  it("whatever it holds, predictions are positive numbers within their ranges", () => {
    const positive = fc.double({ min: 1e-4, max: 100, noNaN: true });
    const points = fc.array(
      fc.record({
        prompt: fc.integer({ min: 1, max: 20_000 }),
        output: fc.integer({ min: 1, max: 4_000 }),
        concurrency: fc.integer({ min: 1, max: 1_000 }),
        ttft: positive,
        tpot: positive,
      }),
      { minLength: 5, maxLength: 8 },
    );
    fc.assert(
      fc.property(points, (measured) => {
        const twin = calibrate(server, measured);
        const ranges = [
          ...Object.values(twin.predict({ prompt: 700, output: 100, concurrency: 50 })),
          ...Object.values(twin.intervals),
          ...twin.heldOut.map((held) => held.predicted),
        ];
        for (const { value, low, high } of ranges) {
          expect(low).toBeGreaterThan(0);
          expect(value).toBeGreaterThanOrEqual(low);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(Number.isFinite(high)).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  });
});
