/** A run whose every bit must be the same in Node, Chromium and Firefox; the browser tests read it too. */
import type { Server } from "../../../src/engine/server.ts";
import { gamma } from "../../../src/engine/workload/arrivals.ts";
import { exponential, lognormal, uniform } from "../../../src/engine/workload/lengths.ts";
import type { Workload } from "../../../src/engine/workload/types.ts";

export const server: Server = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  parameters: "course-h100-v1",
  scheduler: { numGpuBlocks: 3000 },
};
export const workload: Workload = {
  arrivals: gamma(25, 0.5),
  prompt: lognormal({ mean: 600, sigma: 0.9 }),
  output: exponential(120),
  prefix: { groups: 20, tokens: uniform(50, 400), zipf: 1.1 },
  requests: 2000,
  seed: 42,
};
