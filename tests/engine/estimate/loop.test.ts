/** The closed loop in closed form: what must hold whatever the server, and that the simulator finds the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimate } from "../../../src/engine/estimate/estimate.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import type { Lengths } from "../../../src/engine/workload/types.ts";

const h100: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const servers = fc.constantFrom<Server>(
  h100,
  { ...h100, engine: "vllm-v0", batching: "prefillFirst" },
  { ...h100, parameters: "course-h100-v1" },
  { ...h100, network: { rtt: 0.2 } },
  { model: "gpt-oss-120b", gpu: "b200-sxm-180" },
);
const runs = { numRuns: 60 };

describe("a closed loop", () => {
  test("obeys Little's law over all of a request's time, answers of one token and the way to the scheduler included", () => {
    fc.assert(
      fc.property(
        servers,
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 600 }),
        (server, prompt, output, concurrency) => {
          const e = estimate(server, { prompt, output, concurrency });
          expect((e.requestsPerSecond.value * e.e2e.value) / concurrency).toBeCloseTo(1, 3);
        },
      ),
      runs,
    );
  });

  test("serves no more requests when answers are longer, nor fewer tokens when more users ask", () => {
    fc.assert(
      fc.property(
        servers,
        fc.integer({ min: 16, max: 4000 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 300 }),
        (server, prompt, output, concurrency) => {
          const rate = (tokens: number, users: number) =>
            estimate(server, { prompt, output: tokens, concurrency: users }).requestsPerSecond.value;
          expect(rate(output + 1, concurrency)).toBeLessThanOrEqual(rate(output, concurrency) * 1.005);
          expect(rate(output, concurrency + 1)).toBeGreaterThanOrEqual(rate(output, concurrency) * 0.995);
        },
      ),
      runs,
    );
  });

  test("of one-token answers serves what the simulator does, not fewer than two-token answers would let through", () => {
    for (const [prompt, users] of [
      [749, 9],
      [500, 8],
      [128, 16],
    ] as const) {
      const workload = {
        arrivals: { kind: "closed", users },
        prompt: { kind: "uniform", min: 0.97 * prompt, max: 1.03 * prompt },
        output: { kind: "fixed", value: 1 },
        requests: 2000,
        seed: 1,
      } as const;
      const { requestsPerSecond } = summarize(simulate(h100, workload));
      const { value } = estimate(h100, { prompt, output: 1, concurrency: users }).requestsPerSecond;
      expect(Math.abs(value / requestsPerSecond - 1), `${prompt} tokens, ${users} users`).toBeLessThanOrEqual(0.05);
    }
  });

  test("of one user waits for nobody: TTFT and TPOT are those of an empty server, however long the answer", () => {
    const at = (output: number) => estimate(h100, { prompt: 1024, output, concurrency: 1 });
    for (const output of [2, 8, 128, 1024]) {
      expect(at(output).ttft.value).toBeCloseTo(at(1).ttft.value, 6);
      expect(at(output).tpot.value / at(2).tpot.value).toBeCloseTo(1, 1);
    }
  });

  test("has no time between tokens where an answer is one token", () => {
    const e = estimate(h100, { prompt: 1024, output: 1, concurrency: 32 });
    expect(e.tpot.value).toBeNaN();
    expect(e.e2e.value).toBe(e.ttft.value);
  });

  test("takes its network and front end inside the loop: a longer way lowers the rate", () => {
    const rate = (rtt: number) =>
      estimate({ ...h100, network: { rtt } }, { prompt: 512, output: 16, concurrency: 4 }).requestsPerSecond.value;
    expect(rate(0.5)).toBeLessThan(0.6 * rate(0));
  });
});

const run = (server: Server, users: number, prompt: number, output: Lengths) =>
  summarize(
    simulate(server, {
      arrivals: { kind: "closed", users },
      prompt: { kind: "fixed", value: prompt },
      output,
      requests: Math.max(160, users * 16),
      seed: 7,
    }),
    { window: "steady" },
  );

describe.each<[string, Server]>([
  ["fitted constants", h100],
  ["the course's constants", { ...h100, parameters: "course-h100-v1" }],
])("estimate and simulate, %s", (_, server) => {
  test.each([
    [1, 512, 64],
    [4, 1024, 128],
    [16, 512, 64],
    [32, 1024, 128],
    [64, 300, 200],
  ])("agree on %d users who ask at times of their own", (users, prompt, output) => {
    const e = estimate(server, { prompt, output, concurrency: users });
    const s = run(server, users, prompt, { kind: "uniform", min: 2, max: 2 * output - 2 });
    expect(Math.abs(e.ttft.value / s.ttft.mean - 1)).toBeLessThan(0.15);
    expect(Math.abs(e.tpot.value / s.tpot.mean - 1)).toBeLessThan(0.06);
    expect(Math.abs(e.outputTokensPerSecond.value / s.outputTokensPerSecond - 1)).toBeLessThan(0.06);
  });

  test("differ where equal answers keep the users in step, and then `ttftTogether` says it", () => {
    // Their prompts just fill one step, so that nobody falls behind the others.
    const e = estimate(server, { prompt: 512, output: 64, concurrency: 16 });
    const s = run(server, 16, 512, { kind: "fixed", value: 64 });
    expect(s.ttft.mean).toBeGreaterThan(2 * e.ttft.value);
    expect(Math.abs(e.ttftTogether.value / s.ttft.mean - 1)).toBeLessThan(0.2);
  });
});
