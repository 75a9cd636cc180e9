import { describe, expect, it } from "vitest";
import { ownRun, slowCode } from "../../../src/components/measured/own-run.ts";
import { closed, fixed, poisson, simulate, summarize } from "../../../src/engine/index.ts";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

describe("a kept run as one's own point", () => {
  it("has the run's load, lengths and means in the units of the form", () => {
    const run = simulate(server, { arrivals: closed(8), prompt: fixed(512), output: fixed(64), requests: 80 });
    const { c, in: prompt, out, values } = ownRun(run);
    expect([c, prompt, out]).toEqual(["8", "512", "64"]);
    expect(Number(values.tpot)).toBeCloseTo(summarize(run, { window: "steady" }).tpot.mean * 1000, 2);
    expect(Number(values.throughput)).toBeGreaterThan(0);
  });

  it("at a rate of arrivals counts as what was in flight", () => {
    const run = simulate(server, { arrivals: poisson(4), prompt: fixed(512), output: fixed(128), requests: 200 });
    const { ttft, tpot } = summarize(run, { window: "steady" });
    expect(Number(ownRun(run).c)).toBeCloseTo(Math.max(1, 4 * (ttft.mean + 127 * tpot.mean)), 1);
  });

  it("opens as code that names the same server and load", () => {
    const code = slowCode({
      ...server,
      gpus: 2,
      engine: "vllm",
      weights: "fp8",
      concurrency: 32,
      prompt: 1000,
      output: 300,
      figure: "throughput",
      value: 1900,
    });
    expect(code).toContain('"tensorParallel": 2');
    expect(code).toContain("concurrency: 32 }).outputTokensPerSecond");
  });
});
