import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/engine/run.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulate, simulateStepwise } from "../../../src/engine/simulate/simulate.ts";
import { gamma } from "../../../src/engine/workload/arrivals.ts";
import { lognormal } from "../../../src/engine/workload/lengths.ts";

/** Largest difference between two columns, relative to the run's length. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    if (Number.isNaN(x) && Number.isNaN(y)) continue;
    const difference = Math.abs(x - y) / Math.max(1, Math.abs(y));
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

function expectSame(a: Run, b: Run): void {
  expect(a.ended).toEqual(b.ended);
  for (const column of ["outputTokens", "cachedTokens", "status", "preemptions"] as const) {
    expect(a.requests[column]).toEqual(b.requests[column]);
  }
  for (const column of ["first", "last", "closed"] as const) {
    expect(apart(a.requests[column], b.requests[column])).toBeLessThan(1e-8);
  }
  for (const [name, column] of Object.entries(a.explain ?? {})) {
    expect(apart(column, (b.explain as unknown as Record<string, Float64Array>)[name] as Float64Array)).toBeLessThan(
      1e-7,
    );
  }
  expect(a.itl?.count.reduce((x, y) => x + y, 0)).toBe(b.itl?.count.reduce((x, y) => x + y, 0));
  expect(apart([a.itl?.sum ?? 0], [b.itl?.sum ?? 0])).toBeLessThan(1e-9);
  if (a.chunks && b.chunks) {
    expect(a.chunks.request).toEqual(b.chunks.request);
    expect(apart(a.chunks.t, b.chunks.t)).toBeLessThan(1e-8);
  }
}

describe("leaping over decode steps changes nothing", () => {
  it("on random servers and loads, with preemption, chunks, caches and attention windows", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(1e6),
          rate: fc.double({ min: 2, max: 80, noNaN: true }),
          burstiness: fc.constantFrom(0.3, 1, 4),
          blocks: fc.oneof(fc.integer({ min: 60, max: 300 }), fc.integer({ min: 180, max: 4000 })),
          seqs: fc.constantFrom(4, 32, 256),
          budget: fc.constantFrom(256, 1024, 8192),
          blockSize: fc.constantFrom(1, 16, 64),
          caching: fc.boolean(),
          chunked: fc.boolean(),
          prompt: fc.integer({ min: 1, max: 900 }),
          output: fc.integer({ min: 1, max: 300 }),
          cap: fc.constantFrom(undefined, 3, 40),
          model: fc.constantFrom("llama-3.1-8b", "gpt-oss-20b"),
          asyncScheduling: fc.boolean(),
          version: fc.constantFrom("0.11", "0.22", "0.33"),
        }),
        (c) => {
          const server: Server = {
            model: c.model,
            gpu: "h100-sxm-80",
            parameters: c.seed % 2 ? "course-h100-v1" : "ideal",
            scheduler: {
              numGpuBlocks: Math.ceil((c.blocks * 16) / c.blockSize) + 1,
              maxNumSeqs: c.seqs,
              maxNumBatchedTokens: c.budget,
              blockSize: c.blockSize,
              enablePrefixCaching: c.caching,
              enableChunkedPrefill: c.chunked,
              ...(!c.chunked && { maxModelLen: Math.min(c.budget, c.blocks * 4) }),
              asyncScheduling: c.asyncScheduling,
            },
            version: c.version,
          };
          const workload = {
            arrivals: gamma(c.rate, c.burstiness),
            prompt: lognormal({ median: c.prompt, sigma: 0.6 }),
            output: lognormal({ median: c.output, sigma: 0.7 }),
            requests: 150,
            seed: c.seed,
            ...(c.cap !== undefined && { maxConcurrency: c.cap }),
          };
          expectSame(
            simulate(server, workload, { record: "chunks" }),
            simulateStepwise(server, workload, { record: "chunks" }),
          );
        },
      ),
      { numRuns: 120 },
    );
  });

  it.each([false, true])("under heavy preemption, planning ahead: %s", (asyncScheduling) => {
    const server: Server = {
      model: "llama-3.1-8b",
      gpu: "h100-sxm-80",
      parameters: "course-h100-v1",
      scheduler: { numGpuBlocks: 700, asyncScheduling },
    };
    const workload = {
      arrivals: gamma(20, 1),
      prompt: lognormal({ mean: 400, sigma: 0.6 }),
      output: lognormal({ mean: 300, sigma: 0.6 }),
      requests: 400,
      seed: 5,
    };
    const run = simulate(server, workload);
    expect(run.requests.preemptions.reduce((a, b) => a + b, 0)).toBeGreaterThan(50);
    expectSame(run, simulateStepwise(server, workload));
  });
});
