import { expect, it } from "vitest";
import type { Server } from "../../../src/engine/server.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { poisson } from "../../../src/engine/workload/arrivals.ts";
import { lognormal } from "../../../src/engine/workload/lengths.ts";

const base = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" } as const;
const servers: readonly Server[] = [
  base,
  { ...base, gpu: "h200-sxm-141" },
  { ...base, batching: "static" },
  { ...base, scheduler: { maxNumSeqs: 16, numGpuBlocks: 2000 } },
  { ...base, replicas: 3, routing: "least-loaded" },
];
const workload = (seed: number): Parameters<typeof simulate>[1] => ({
  arrivals: poisson(8),
  prompt: lognormal({ mean: 500, sigma: 0.7 }),
  output: lognormal({ mean: 150, sigma: 0.6 }),
  requests: 300,
  seed,
});

it("common random numbers: under one seed every server meets the same arrivals and lengths", () => {
  const [first, ...others] = servers.map((server) => simulate(server, workload(11)));
  for (const run of others) {
    expect(run.requests.scheduled).toEqual(first?.requests.scheduled);
    expect(run.requests.promptTokens).toEqual(first?.requests.promptTokens);
    expect(run.requests.outputTokens).toEqual(first?.requests.outputTokens);
  }
  expect(simulate(base, workload(12)).requests.scheduled).not.toEqual(first?.requests.scheduled);
});

it("common random numbers: a difference between two servers scatters less than either server does", () => {
  const spread = (values: readonly number[]): number => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  };
  const endOf = (server: Server, seed: number): number => {
    const { last, scheduled } = simulate(server, workload(seed)).requests;
    return last.reduce((sum, t, i) => sum + t - (scheduled[i] as number), 0) / last.length;
  };
  const seeds = Array.from({ length: 20 }, (_, k) => k);
  const a = seeds.map((seed) => endOf(base, seed));
  const b = seeds.map((seed) => endOf({ ...base, scheduler: { maxNumBatchedTokens: 512 } }, seed));
  const paired = spread(a.map((x, k) => x - (b[k] as number)));
  const apart = spread(a.map((x, k) => x - (b[(k + 1) % b.length] as number)));
  expect(paired).toBeLessThan(apart / 10);
});
