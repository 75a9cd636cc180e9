// Simulated results that the course quotes (content of parts 3–7), under the frozen parameters that it names.
import { describe, expect, it } from "vitest";
import { goodput } from "../../../src/engine/metrics/goodput.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Run } from "../../../src/engine/run.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { burst, closed, poisson } from "../../../src/engine/workload/arrivals.ts";
import { script } from "../../../src/engine/workload/expand.ts";
import { clamp, exponential, fixed, lognormal } from "../../../src/engine/workload/lengths.ts";

const base: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function within(actual: number, quoted: number, tolerance: number): void {
  expect(Math.abs(actual / quoted - 1), `${actual} against the quoted ${quoted}`).toBeLessThanOrEqual(tolerance);
}

describe("part 4: scheduling", () => {
  // Eight streams of 500 tokens decode when a prompt of 32,000 tokens arrives.
  const stall = (more: Partial<Server>): { freeze: number; ttft: number } => {
    const victims = Array.from({ length: 8 }, () => ({ at: 0, prompt: 500, output: 600 }));
    const run = simulate({ ...base, ...more }, script([...victims, { at: 1, prompt: 32000, output: 10 }]), {
      record: "chunks",
    });
    const { t, request } = run.chunks as NonNullable<Run["chunks"]>;
    let freeze = 0;
    for (let k = 1; k < t.length; k++) {
      if (request[k] === request[k - 1] && (request[k] as number) < 8) {
        freeze = Math.max(freeze, (t[k] as number) - (t[k - 1] as number));
      }
    }
    return { freeze, ttft: (run.requests.first[8] as number) - 1 };
  };
  const budget = (maxNumBatchedTokens: number): Partial<Server> => ({
    scheduler: { maxNumBatchedTokens, maxNumSeqs: 256 },
  });

  it.each([
    ["prefill first", { batching: "prefillFirst" } as const, 1.447, 1.44],
    ["2048 tokens a step", budget(2048), 0.121, 1.47],
    ["512", budget(512), 0.032, 1.54],
    ["256", budget(256), 0.017, 1.65],
  ])("one 32k prompt freezes the others: %s", (_, more, freeze, ttft) => {
    const seen = stall(more);
    within(seen.freeze, freeze, 0.03);
    within(seen.ttft, ttft, 0.01);
  });

  it.each([
    [32, 1.3],
    [128, 1.75],
    [512, 2.6],
    [1536, 2.9],
  ])("continuous over static batching, answers cut at %i", (cap, quoted) => {
    const seconds = (batching: Server["batching"], seed: number): number => {
      const workload = {
        arrivals: burst(),
        prompt: fixed(256),
        output: clamp(exponential(128), 1, cap),
        requests: 400,
        seed,
      };
      const run = simulate({ ...base, ...(batching && { batching }), scheduler: { maxNumSeqs: 32 } }, workload);
      return Math.max(...run.requests.last);
    };
    within(mean([1, 2, 3].map((seed) => seconds("static", seed) / seconds("continuous", seed))), quoted, 0.12);
  });

  it("a static batch of eight exponential answers uses 1 / H_8 of its slots", () => {
    const run = simulate(
      { ...base, batching: "static", scheduler: { maxNumSeqs: 8 } },
      { arrivals: burst(), prompt: fixed(1), output: exponential(128), requests: 8000 },
    );
    const output = run.requests.outputTokens;
    let slots = 0;
    for (let from = 0; from < output.length; from += 8) slots += 8 * Math.max(...output.subarray(from, from + 8));
    within(output.reduce((a, b) => a + b, 0) / slots, 1 / 2.718, 0.05);
  });

  it("a shorter budget trades first tokens for smooth ones at the same throughput", () => {
    const run = (more: Partial<Server>): { itl: number; max: number; rate: number } => {
      const summaries = [1, 2, 3].map((seed) => {
        const workload = {
          arrivals: poisson(6),
          prompt: lognormal({ median: 2000, sigma: 0.8 }),
          output: lognormal({ median: 200, sigma: 0.5 }),
          requests: 600,
          seed,
        };
        return summarize(simulate({ ...base, ...more }, workload, { record: "chunks" }));
      });
      return {
        itl: mean(summaries.map((s) => s.itl.p(99))),
        max: mean(summaries.map((s) => s.itl.max)),
        rate: mean(summaries.map((s) => s.outputTokensPerSecond)),
      };
    };
    const first = run({ batching: "prefillFirst" });
    const chunks512 = run(budget(512));
    const chunks2048 = run(budget(2048));
    within(first.itl, 0.263, 0.12);
    within(chunks512.itl, 0.023, 0.05);
    within(chunks512.max, 0.027, 0.1);
    within(chunks2048.itl, 0.076, 0.05);
    within(chunks2048.max, 0.093, 0.1);
    within(first.rate, chunks512.rate, 0.02);
  });
});

describe("part 5: the KV cache", () => {
  it("allocators: reserving 2,048 tokens holds 48 chats, paging several times as many, at half as much speed again", () => {
    const workload = { arrivals: burst(), prompt: exponential(300), output: exponential(200), requests: 4000 };
    const run = (kvAllocator: NonNullable<Server["kvAllocator"]>): { peak: number; rate: number } => {
      const r = simulate({ ...base, kvAllocator, scheduler: { numGpuBlocks: 6251 } }, workload);
      const tokens = r.requests.outputTokens.reduce((a, b) => a + b, 0);
      return { peak: Math.max(...(r.timeline?.batch ?? [])), rate: tokens / Math.max(...r.requests.last) };
    };
    const reserved = run({ reserve: 2048 });
    const paged = run("paged");
    expect(reserved.peak).toBe(48);
    expect(paged.peak).toBeGreaterThanOrEqual(5 * 48);
    expect(paged.rate / reserved.rate).toBeGreaterThan(1.45);
    expect(paged.rate / reserved.rate).toBeLessThan(1.75);
  });

  it("6,000 shared tokens of 6,200: prefill falls from 202 to 7.8 ms", () => {
    const prompt = (id: string): { id: string; tokens: number }[] => [
      { id: "system", tokens: 6000 },
      { id, tokens: 200 },
    ];
    const run = simulate(
      base,
      script([
        { at: 0, prompt: prompt("a"), output: 1 },
        { at: 5, prompt: prompt("b"), output: 1 },
      ]),
    );
    within(run.requests.first[0] as number, 0.202, 0.01);
    within((run.requests.first[1] as number) - 5, 0.0078, 0.02);
    expect(run.requests.cachedTokens[1]).toBe(6000);
  });

  // 200 prefixes of 100 blocks, drawn by Zipf's law; the cache holds `size` of them (and the request being computed).
  const zipf = { groups: 200, tokens: fixed(1600), zipf: 1 };
  const hits = (run: Run): number => {
    const cached = run.requests.cachedTokens.subarray(1000);
    return cached.reduce((a, b) => a + b, 0) / (1600 * cached.length);
  };

  it.each([
    [20, 0.46],
    [40, 0.62],
    [80, 0.77],
  ])("a cache of %i of 200 prefixes", (size, quoted) => {
    const run = simulate(
      { ...base, scheduler: { numGpuBlocks: 100 * size + 5 } },
      { arrivals: closed(1), prompt: fixed(16), output: fixed(1), prefix: zipf, requests: 6000, seed: 1 },
    );
    expect(Math.abs(hits(run) - quoted)).toBeLessThan(0.02);
  });

  it("four caches are not one, unless the router knows what they hold", () => {
    const run = (routing: NonNullable<Server["routing"]>): Run =>
      simulate(
        { ...base, replicas: 4, routing, scheduler: { numGpuBlocks: 2005 } },
        { arrivals: poisson(8), prompt: fixed(16), output: fixed(1), prefix: zipf, requests: 8000, seed: 1 },
      );
    expect(Math.abs(hits(run("round-robin")) - 0.465)).toBeLessThan(0.02);
    expect(Math.abs(hits(run({ affinity: "prefix", loadBound: 100 })) - 0.775)).toBeLessThan(0.02);
    const bounded = run({ affinity: "prefix", loadBound: 1.25 });
    expect(hits(bounded)).toBeGreaterThanOrEqual(0.7);
    const loads = [0, 0, 0, 0];
    for (const k of bounded.requests.replica) loads[k] = (loads[k] as number) + 1;
    expect(Math.max(...loads) / 2000).toBeLessThanOrEqual(1.251);
  });
});

describe("parts 6 and 7: the knee and the goodput cliff", () => {
  // Prompts of median 800 and answers of median 150 tokens; budget 2,048, 128 sequences. The course gives "800 in, 150 out".
  const at = (rate: number): { p99: number; tokens: number; good: number } => {
    const runs = [1, 2, 3, 4, 5].map((seed) =>
      simulate(
        { ...base, scheduler: { maxNumBatchedTokens: 2048, maxNumSeqs: 128 } },
        {
          arrivals: poisson(rate),
          prompt: lognormal({ median: 800, sigma: 0.6 }),
          output: lognormal({ median: 150, sigma: 0.7 }),
          requests: 1200,
          seed,
        },
      ),
    );
    const slo = { ttft: 0.5, tpot: 0.03 };
    return {
      p99: mean(runs.map((run) => summarize(run, { window: "all" }).ttft.p(99))),
      tokens: mean(runs.map((run) => summarize(run, { window: "all" }).outputTokensPerSecond)),
      good: mean(runs.map((run) => goodput(run, slo, { window: "all" }).requestsPerSecond)),
    };
  };

  it("first tokens: the knee is late and sharp", () => {
    within(at(1).p99, 0.113, 0.1);
    within(at(12).p99, 0.176, 0.1);
    within(at(18).p99, 0.292, 0.1);
    within(at(20).p99, 0.49, 0.15);
    // Past the knee the queue grows for as long as the run lasts, and p99 with it.
    expect(at(22).p99).toBeGreaterThan(1.2);
  });

  it("tokens per second keep rising while goodput falls off a cliff", () => {
    const rates = [18, 20, 22, 24].map(at);
    [3203, 3508, 3717, 3788].forEach((quoted, k) => {
      within((rates[k] as { tokens: number }).tokens, quoted, 0.04);
    });
    [16.7, 15.4, 8.3, 4.0].forEach((quoted, k) => {
      within((rates[k] as { good: number }).good, quoted, 0.17);
    });
    const [peak, , after] = rates as [{ good: number }, unknown, { good: number }];
    expect(after.good).toBeLessThan(0.65 * peak.good);
  });
});
