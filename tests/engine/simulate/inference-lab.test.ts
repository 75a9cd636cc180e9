// The schedule against inference-lab 0.2.1, another vLLM V1 simulator. Its step price differs from our ideal one: every token, not only
// those that are sampled, pays for the output layer (and the embedding counts as one), prompts attend to all of their tokens instead of
// half, and compute and memory of a whole step are one maximum instead of a sum of kernels. With its price put on our steps, what is
// left are differences of schedule. Under KV pressure it preempts half as often again (it admits a prompt as soon as its first chunk
// fits, where vLLM wants room for all of it), and is 5 % apart; those loads are not compared.
import { beforeAll, describe, expect, it } from "vitest";
import { loadPeer, runPeer } from "../../../bench/engine/inference-lab.ts";
import { workloadOf, type Load } from "../../../bench/engine/loads.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulateStepwise } from "../../../src/engine/simulate/simulate.ts";
import type { StepFeatures, StepModel } from "../../../src/engine/step/types.ts";

const PARAMETERS = 8030261248;
const FLOPS = 989e12;
const BANDWIDTH = 3.35e12;
const KV_BYTES = 131072;
const ATTENTION = 4 * 32 * 4096;

function peerSeconds(f: StepFeatures): number {
  const decoding = f.tokens - f.prefillTokens;
  const flop = 2 * PARAMETERS * f.tokens + ATTENTION * (f.decodeContext + 2 * f.prefillPairs);
  const bytes = 2 * PARAMETERS + KV_BYTES * (f.decodeContext + decoding);
  return Math.max(flop / FLOPS, bytes / BANDWIDTH);
}
const peerPrice: StepModel = {
  seconds: peerSeconds,
  cost: (f) => ({ seconds: peerSeconds(f), bound: "compute", parts: {}, flop: 0, bytes: 0 }),
};

const server: Server = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  parameters: "ideal",
  scheduler: { maxNumSeqs: 1024, maxNumBatchedTokens: 8192, numGpuBlocks: 26001, enablePrefixCaching: false },
};

describe("beside inference-lab, at its own price per step", () => {
  beforeAll(loadPeer);

  it.each([
    [512, 128, 400],
    [64, 512, 200],
    [4000, 50, 200],
    [1000, 200, 300],
  ])(
    "prompts of %i, answers of %i tokens, %i at once: time, throughput and prompt steps within 2 %%",
    (prompt, output, n) => {
      const load: Load = {
        id: "check",
        rate: Infinity,
        prompt: { mean: prompt, sigma: 0 },
        output: { mean: output, sigma: 0 },
        kvTokens: 26000 * 16,
      };
      const peer = runPeer(load, n);
      const ours = simulateStepwise(server, workloadOf(load, n), {}, peerPrice);
      const end = Math.max(...ours.requests.last);
      expect(Math.abs(end / peer.metrics.total_time - 1)).toBeLessThan(0.02);
      expect(Math.abs((n * output) / end / peer.metrics.output_tokens_per_sec - 1)).toBeLessThan(0.02);
      const steps = (times: readonly number[]): number => new Set(times.map((t) => t.toFixed(7))).size;
      const theirs = steps(peer.latency_samples.ttft_timestamps);
      expect(Math.abs(steps([...ours.requests.first]) - theirs)).toBeLessThanOrEqual(Math.max(1, 0.02 * theirs));
    },
  );
});
