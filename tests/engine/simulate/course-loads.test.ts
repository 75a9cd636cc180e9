// Results of parts 3 to 5 that depend on a whole load: hidden queues, the budget's two clocks, a small pool, a recorded conversation.
import { beforeAll, describe, expect, it } from "vitest";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { poisson } from "../../../src/engine/workload/arrivals.ts";
import { lognormal } from "../../../src/engine/workload/lengths.ts";
import { drawTable } from "../../../src/engine/workload/table.ts";
import { trace } from "../../../src/engine/workload/trace.ts";
import { registerShippedTraces } from "../../../src/engine/workload/traces/all.ts";

const base: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };

function meanOver(seeds: number, of: (seed: number) => number): number {
  let sum = 0;
  for (let seed = 1; seed <= seeds; seed++) sum += of(seed);
  return sum / seeds;
}

function within(actual: number, quoted: number, tolerance: number): void {
  expect(Math.abs(actual / quoted - 1), `${actual} against the quoted ${quoted}`).toBeLessThanOrEqual(tolerance);
}

describe("part 3: the queue that a cap hides", () => {
  // The course gives neither lengths nor run length. With prompts of mean 800 and answers of median 150 tokens, the waits from
  // the intended arrival come out at 20 and 12 requests/s. The quoted 525 ms at 18 does not (0.33 s): it lies on the knee, where
  // 10 % more work doubles it. Nor do the 133 ms from send at 18 and 20 (0.17 to 0.18 s): a larger batch makes first tokens
  // later, so they cannot equal those at 12 requests/s (129 ms, as quoted). The claim itself holds, and more strongly than that.
  const p99 = (rate: number, cap: number, from: "started" | "scheduled"): number =>
    meanOver(3, (seed) => {
      const workload = {
        arrivals: poisson(rate),
        prompt: lognormal({ mean: 800, sigma: 0.5 }),
        output: lognormal({ median: 150, sigma: 0.6 }),
        requests: 2000,
        seed,
        maxConcurrency: cap,
      };
      const server = { ...base, scheduler: { maxNumBatchedTokens: 2048, maxNumSeqs: 128 } };
      return summarize(simulate(server, workload), { window: "all", from }).ttft.p(99);
    });

  it("timed from send, a server looks much the same at 12 and at 20 requests/s; timed from arrival, users wait ten times as long", () => {
    within(p99(12, 32, "started"), 0.129, 0.05);
    within(p99(12, 32, "scheduled"), 0.38, 0.1);
    within(p99(20, 64, "scheduled"), 1.413, 0.1);
    expect(p99(20, 64, "started")).toBeLessThan(0.2);
    expect(p99(18, 64, "started")).toBeLessThan(0.2);
    expect(p99(18, 64, "scheduled")).toBeGreaterThan(0.25);
  });
});

describe("part 4", () => {
  // Prompts of median 2,000 and answers of median 200 tokens at 6 requests/s; 300 requests, six seeds. With more requests the
  // first tokens come later: at this load the queue still grows.
  it.each([
    [256, 1.27, undefined],
    [512, 1.06, 0.024],
    [1024, 0.91, 0.043],
    [1536, undefined, 0.06],
  ])("one knob, two clocks: %i tokens a step", (maxNumBatchedTokens, ttft, itl) => {
    const summaries = [1, 2, 3, 4, 5, 6].map((seed) => {
      const workload = {
        arrivals: poisson(6),
        prompt: lognormal({ median: 2000, sigma: 0.8 }),
        output: lognormal({ median: 200, sigma: 0.5 }),
        requests: 300,
        seed,
      };
      const server = { ...base, scheduler: { maxNumBatchedTokens, maxNumSeqs: 256 } };
      return summarize(simulate(server, workload, { record: "chunks" }), { window: "all" });
    });
    const mean = (of: (s: (typeof summaries)[number]) => number): number =>
      meanOver(6, (k) => of(summaries[k - 1] as (typeof summaries)[number]));
    const [first, gap] = [mean((s) => s.ttft.p(99)), mean((s) => s.itl.p(99))];
    if (ttft !== undefined) within(first, ttft, 0.05);
    if (itl !== undefined) within(gap, itl, 0.06);
    expect(first <= 1.2).toBe(maxNumBatchedTokens > 256);
    expect(gap <= 0.05).toBe(maxNumBatchedTokens < 1536);
  });

  // Lengths are not given there. 600 requests with prompts of mean 300 and answers of median 150 tokens preempt 304 times; their
  // p99 is 5.4 s against the quoted 4.4, for the pool is too small for the load and the wait grows with the run.
  it("a pool of 12,000 tokens at 20 requests/s: about 300 preemptions, and first tokens wait a hundred times as long", () => {
    const run = (scheduler: NonNullable<Server["scheduler"]>, seed: number): ReturnType<typeof simulate> =>
      simulate(
        { ...base, scheduler },
        {
          arrivals: poisson(20),
          prompt: lognormal({ mean: 300, sigma: 0.6 }),
          output: lognormal({ median: 150, sigma: 0.7 }),
          requests: 600,
          seed,
        },
      );
    const small = { numGpuBlocks: 751 };
    within(
      meanOver(3, (seed) => run(small, seed).requests.preemptions.reduce((a, b) => a + b, 0)),
      300,
      0.1,
    );
    const p99 = (scheduler: NonNullable<Server["scheduler"]>): number =>
      meanOver(3, (seed) => summarize(run(scheduler, seed), { window: "all" }).ttft.p(99));
    expect(p99({})).toBeLessThan(0.055);
    within(p99(small), 4.4, 0.25);
  });
});

describe("part 5: a recorded conversation (Mooncake) in caches of 512-token blocks", () => {
  beforeAll(registerShippedTraces);

  it.each([
    ["512k tokens", 1000, 0.044],
    ["5.1M tokens", 10_000, 0.21],
    ["everything", 200_000, 0.366],
  ])("%s: one request at a time finds the quoted share", { timeout: 60_000 }, (_, blocks, quoted) => {
    const workload = trace("mooncake-conversation");
    const scheduler = { numGpuBlocks: blocks + 1, blockSize: 512, maxNumSeqs: 1, maxNumBatchedTokens: 131_072 };
    const { cachedTokens } = simulate({ ...base, parameters: "ideal", scheduler }, workload).requests;
    const { segments, count } = drawTable(workload, 0);
    const share = cachedTokens.reduce((a, b) => a + b, 0) / 512 / (segments?.offset[count] as number);
    expect(Math.abs(share - quoted)).toBeLessThan(0.006);
  });
});
