/** What lesson 3 says in numbers, against the fact base of the course (2026-11-24); where ours differs by more than its tolerance, why. */
import { describe, expect, it } from "vitest";
import * as three from "../../../src/components/figures/lesson-three.ts";

/** Relative difference. */
const off = (ours: number, theirs: number) => Math.abs(ours / theirs - 1);

describe("lesson 3 agrees with the fact base", () => {
  it("on what two generators see of one freezing server", () => {
    const [shut, open, put] = [three.closedLoop(), three.openLoop(), three.corrected()];
    for (const seen of [shut.p50, shut.p95, shut.p99]) expect(off(seen, 0.02)).toBeLessThan(0.05);
    expect(off(shut.mean, 0.034)).toBeLessThan(0.1);
    expect(off(open.p99, 1.811)).toBeLessThan(0.02);
    expect(off(open.p50, 0.02)).toBeLessThan(0.05);
    // p95 and mean turn on how many arrivals meet each freeze, which is luck: 80 freezes would settle them, a lesson shows four.
    expect(off(open.p95, 1.119)).toBeLessThan(0.2);
    expect(off(open.mean, 0.136)).toBeLessThan(0.25);
    // We put back one request a user and 200 ms, theirs put back one of all users and 50 ms.
    expect(off(put.p99, 1.82)).toBeLessThan(0.08);
    expect(off(put.p95, 0.62)).toBeLessThan(0.2);
    expect(put.p95).toBeLessThan(0.7 * open.p95);
    expect(open.p99 / shut.p99).toBeGreaterThan(90);
  });

  it("on HdrHistogram's pause", () => {
    const { raw, corrected } = three.pause();
    expect(off(raw.mean, 0.011)).toBeLessThan(0.01);
    expect(raw.p9999).toBe(0.001);
    expect(corrected.values).toHaveLength(20_000);
    expect(off(corrected.mean, 25)).toBeLessThan(0.001);
    expect(off(corrected.p75, 50)).toBeLessThan(0.001);
    expect(off(corrected.p99, 98)).toBeLessThan(0.001);
  });

  it("on what a cap hides: the fact base does not say its lengths, ours are 800 in and 200 out", () => {
    expect(off(three.capped(64).left, 0.133)).toBeLessThan(0.1);
    expect(off(three.capped(64).due, 1.413)).toBeLessThan(0.2);
    expect(off(three.capped(64, 18).left, 0.133)).toBeLessThan(0.1);
    expect(off(three.capped(64, 18).due, 0.525)).toBeLessThan(0.15);
    expect(three.capped(64).due / three.capped(64).left).toBeGreaterThan(7);
    expect(three.capped(1000).due / three.capped(1000).left).toBeLessThan(1.1);
  });

  it("on ranks, sample sizes and the smallest samples, exactly", () => {
    expect(three.ranks(1000)).toEqual([983, 997]);
    expect(three.ranks(10_000)).toEqual([9880, 9920]);
    expect(three.interval(367)).toBeNull();
    expect(three.interval(368)).not.toBeNull();
    expect(three.enoughForMaximum()).toBe(299);
    expect([three.planned(90, 0.005), three.planned(95, 0.0025), three.planned(99, 0.0005)]).toEqual([
      23_886, 50_425, 262_742,
    ]);
  });

  it.each([
    [100, -0.32, 0.24, 0.04],
    [1000, -0.11, 0.11, 0.015],
    [10_000, -0.036, 0.036, 0.006],
  ])("on how p99s of %i samples spread", (n, low, high, within) => {
    expect(Math.abs(three.spread(n).low - 1 - low)).toBeLessThan(within);
    expect(Math.abs(three.spread(n).high - 1 - high)).toBeLessThan(within);
  });

  it("on utilisation that says nothing from 3 to 8 requests a second", () => {
    for (const rate of [3, 8]) expect(Math.abs(three.busy(rate).busy - 0.99)).toBeLessThan(0.04);
    expect(three.busy(22).throughput).toBeGreaterThan(three.busy(16).throughput);
    expect(three.busy(22).goodput).toBeLessThan(three.busy(16).goodput / 2);
  });
});

describe("what the text says in words", () => {
  it("each tool stops its clock where its definition says", () => {
    const ttft = (tool: Parameters<typeof three.reading>[0]) => three.reading(tool).ttft;
    for (const tool of ["sglang", "aiperf", "guidellm"] as const) expect(ttft(tool)).toBe(ttft("perflab"));
    expect(ttft("vllm")).toBeLessThan(ttft("perflab"));
    expect(ttft("inference-perf")).toBeGreaterThan(ttft("perflab"));
    expect(ttft("mlperf") - ttft("perflab")).toBeCloseTo(three.heldBack, 9);
    expect(three.differing("ttft")).toBe(4);
  });

  it("only one of the four plans measures the promise, within a dollar and ten minutes", () => {
    const { closed, capped, short, long } = {
      closed: three.plan("closed"),
      capped: three.plan("capped"),
      short: three.plan("short"),
      long: three.plan("long"),
    };
    expect(closed.p99).toBeGreaterThan(3 * long.p99);
    expect(capped.p99).toBeLessThan(long.p99);
    expect(capped.due).toBeGreaterThan(10 * three.promise.ttft);
    expect(short.interval).toBe("none: too few");
    expect(long.p99).toBeLessThan(three.promise.ttft);
    expect(long.duration).toBeLessThan(360);
    expect(long.cost).toBeLessThan(1);
  });

  it("fewer than a third keep the promise at 22 requests a second", () => {
    expect(three.busy(22).goodput / 22).toBeLessThan(1 / 3);
  });
});
