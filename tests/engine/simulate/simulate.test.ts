import { describe, expect, it } from "vitest";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { poisson } from "../../../src/engine/workload/arrivals.ts";
import { fixed, lognormal } from "../../../src/engine/workload/lengths.ts";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" } as const;

describe("simulate", () => {
  it("answers every request with all its tokens", () => {
    const run = simulate(server, {
      arrivals: poisson(10),
      prompt: lognormal({ mean: 512, sigma: 0.8 }),
      output: lognormal({ mean: 128, sigma: 0.8 }),
      requests: 500,
      seed: 3,
    });
    expect(run.ended).toBeUndefined();
    expect([...run.requests.status].every((s) => s === 0)).toBe(true);
    const tokens = run.requests.outputTokens.reduce((a, b) => a + b, 0);
    const gaps = run.itl?.count.reduce((a, b) => a + b, 0);
    expect(gaps).toBe(tokens - 500);
  });

  it("gives a lone request the times of the step model", () => {
    const run = simulate(server, { arrivals: poisson(1), prompt: fixed(1000), output: fixed(3), requests: 1 });
    const at = run.requests.scheduled[0] as number;
    // course.md §0: 0.45 ms + 2·8.03e9·1000/(989e12·0.55) + attention of 1000 tokens.
    expect((run.requests.first[0] as number) - at).toBeCloseTo(0.03022, 3);
    expect((run.requests.last[0] as number) - (run.requests.first[0] as number)).toBeCloseTo(2 * 0.00649, 3);
  });
});
