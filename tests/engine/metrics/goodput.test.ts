import { describe, expect, it } from "vitest";
import { goodput } from "../../../src/engine/metrics/goodput.ts";
import { makeRun } from "./runs.ts";

const run = makeRun([
  { first: 0.1, last: 1, output: 10, closed: 10 }, // TTFT .1, TPOT .1, E2E 1
  { first: 0.1, last: 1.9, output: 10 }, // TPOT .2
  { first: 0.5, last: 1.4, output: 10 }, // TTFT .5
  { first: 0.1, last: 1, output: 10, status: "failed" },
  { status: "unsent" },
]);

describe("goodput", () => {
  it("counts a request only if it meets every bound at once", () => {
    expect(goodput(run, { ttft: 0.2, tpot: 0.11 }).attainment).toBe(0.2);
    expect(goodput(run, { ttft: 0.2 }).attainment).toBe(0.4);
    expect(goodput(run, { e2e: 1.5 }).attainment).toBe(0.4);
  });
  it("divides by all scheduled requests and by the whole time", () => {
    expect(goodput(run, { ttft: 9 })).toEqual({ requestsPerSecond: 0.3, tokensPerSecond: 3, attainment: 0.6 });
  });
  it("never exceeds the attainment of any single bound", () => {
    const both = goodput(run, { ttft: 0.2, tpot: 0.15 }).attainment;
    expect(both).toBeLessThanOrEqual(goodput(run, { ttft: 0.2 }).attainment);
    expect(both).toBeLessThanOrEqual(goodput(run, { tpot: 0.15 }).attainment);
  });
  it("refuses an SLO without a bound, or with a bound that is not positive", () => {
    expect(() => goodput(run, {})).toThrow("slo");
    expect(() => goodput(run, { ttft: 0 })).toThrow("slo.ttft is 0");
    expect(() => goodput(run, { tpot: NaN })).toThrow("slo.tpot");
  });
});
