/** What we write for AIPerf is valid by AIPerf 0.13's own schema, and asks for the same load. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { burst, closed, constant, gamma, poisson, ramp } from "../../src/engine/workload/arrivals.ts";
import { fixed, lognormal, uniform } from "../../src/engine/workload/lengths.ts";
import type { Workload } from "../../src/engine/workload/types.ts";
import { aiperfConfig } from "../../src/server/commands/aiperf-config.ts";

const schema = z.fromJSONSchema(
  JSON.parse(
    readFileSync(new URL("../fixtures/aiperf-config-0.13.0.schema.json", import.meta.url), "utf8"),
  ) as z.core.JSONSchema.JSONSchema,
);
const flags = {
  baseUrl: "http://server:8000/v1",
  model: "m",
  backend: "openai-chat" as const,
  stream: true,
  numWarmups: 4,
  goodput: [] as string[],
  randomRangeRatio: 0,
};
const base: Workload = { arrivals: poisson(50), prompt: fixed(512), output: fixed(64), requests: 500, seed: 3 };
interface Written {
  readonly benchmark: {
    readonly phases: readonly Readonly<Record<string, unknown>>[];
    readonly slos?: object;
    readonly datasets: readonly object[];
  };
}
const written = (workload: Workload, more: Partial<typeof flags> = {}): Written =>
  aiperfConfig(workload, { ...flags, ...more }) as unknown as Written;
const profiling = (workload: Workload) => written(workload).benchmark.phases.at(-1);

describe("a configuration for AIPerf", () => {
  test("is valid by its schema, whatever the load", () => {
    const workloads = fc.record({
      arrivals: fc.constantFrom(poisson(3), gamma(4, 0.5), constant(9), burst(), closed(32)),
      prompt: fc.integer({ min: 1, max: 9000 }).map((n) => uniform(n, 3 * n)),
      output: fc.integer({ min: 1, max: 900 }).map(fixed),
      requests: fc.integer({ min: 1, max: 1e6 }),
      seed: fc.nat(),
      extra: fc.constantFrom<Partial<Workload>>(
        {},
        { prefix: { groups: 4, tokens: fixed(100) } },
        { sessions: { turns: fixed(3) } },
        { maxConcurrency: 20, duration: 30 },
      ),
      more: fc.constantFrom<Partial<typeof flags>>({}, { numWarmups: 0, stream: false }, { randomRangeRatio: 0.5 }),
    });
    fc.assert(
      fc.property(workloads, ({ extra, more, ...workload }) => {
        expect(schema.safeParse(written({ ...workload, ...extra }, more)).error?.issues ?? []).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("with a field that AIPerf does not know is refused by that schema", () => {
    const config = written(base);
    const phases = [{ ...config.benchmark.phases[1], request_rate: 3 }];
    expect(schema.safeParse({ ...config, benchmark: { ...config.benchmark, phases } }).success).toBe(false);
    expect(schema.safeParse({ ...config, seed: 3 }).success).toBe(false);
  });

  test("names the whole address of the call, with the query that goes with every request", () => {
    const urls = (more: Partial<typeof flags>) =>
      (written(base, more) as unknown as { benchmark: { endpoint: object } }).benchmark.endpoint;
    expect(urls({ baseUrl: "http://server:8000" })).toMatchObject({
      urls: ["http://server:8000/v1/chat/completions"],
    });
    expect(urls({ baseUrl: "https://a.example/openai/v1/?api-version=2" })).toMatchObject({
      urls: ["https://a.example/openai/v1/chat/completions?api-version=2"],
    });
  });

  test("asks for the same arrivals, counts and bounds", () => {
    expect(profiling(base)).toEqual({ name: "profiling", type: "poisson", rate: 50, requests: 500 });
    expect(profiling({ ...base, arrivals: gamma(5, 0.3) })).toMatchObject({ type: "gamma", rate: 5, smoothness: 0.3 });
    expect(profiling({ ...base, arrivals: closed(32) })).toMatchObject({ type: "concurrency", concurrency: 32 });
    expect(profiling({ ...base, arrivals: burst() })).toMatchObject({ type: "concurrency", concurrency: 500 });
    expect(profiling({ ...base, maxConcurrency: 9, duration: 60 })).toMatchObject({ concurrency: 9, duration: 60 });
    expect(written(base, { goodput: ["ttft:200", "tpot:50"] }).benchmark.slos).toEqual({
      time_to_first_token: 200,
      inter_token_latency: 50,
    });
    expect(
      written({ ...base, prompt: uniform(409, 615) }, { randomRangeRatio: 0.2 }).benchmark.datasets[0],
    ).toMatchObject({
      entries: 500,
      prompts: { isl: 512, osl: 64, randomRangeRatio: "0.2" },
    });
  });

  test("is not made of a load for which AIPerf has no word", () => {
    expect(() => written({ ...base, arrivals: ramp(1, 9, 30) })).toThrow(/kind ramp can't be written for AIPerf/);
    expect(() => written({ ...base, prompt: lognormal({ median: 100, sigma: 0.5 }) })).toThrow(/kind lognormal/);
  });
});
