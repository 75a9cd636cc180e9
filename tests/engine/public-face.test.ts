import { describe, expect, test } from "vitest";
import * as engine from "../../src/engine/index.ts";
import { onNote } from "../../src/engine/notes.ts";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const refused = engine.simulate(server, engine.script([{ at: 0, prompt: 200_000, output: 5 }]));

describe("a run without a success is a result, not an exception", () => {
  test("it has a summary under every definition, whose distributions are empty", () => {
    for (const definition of engine.definitions) {
      const summary = engine.summarize(refused, { definition });
      expect(summary.succeeded).toBe(0);
      expect(summary.outputTokensPerSecond).toBe(0);
      expect([summary.ttft.mean, summary.ttft.p(50), summary.itl.max].every((value) => Number.isNaN(value))).toBe(true);
      expect(summary.ttft.interval(99)).toBeNull();
    }
  });
  test("it can be compared, counted and explained", () => {
    expect(engine.goodput(refused, { ttft: 1 })).toEqual({ requestsPerSecond: 0, tokensPerSecond: 0, attainment: 0 });
    expect(() => engine.compare(refused, refused)).not.toThrow();
    expect(Object.values(engine.explain(refused, 0).ttft).every(Number.isFinite)).toBe(true);
  });
});

test("a quantile between 0 and 1 is answered, with a remark that it is a percentage, once", () => {
  const notes: string[] = [];
  onNote((note) => notes.push(note));
  const values = [1, 2, 3];
  expect(engine.percentile(values, 0.99)).toBeCloseTo(1.0198, 6);
  engine.percentile(values, 0.99);
  engine.percentile(values, 99);
  engine.percentile(values, 0);
  engine.percentile(values, 1);
  onNote(undefined);
  expect(notes).toEqual(["q is a percentage: 0.99 asks for the 0.99th percentile; did you mean 99?"]);
});

test("prices come with source and date", () => {
  expect(engine.price("gpt-5.5")).toMatchObject({ source: expect.any(String), date: expect.any(String) });
  expect(engine.gpuPrice("h100-sxm-80")).toMatchObject({ source: expect.any(String), date: expect.any(String) });
});

describe("where the time of a request went", () => {
  const workload = { arrivals: engine.poisson(2), prompt: engine.fixed(1000), output: engine.fixed(20), requests: 8 };
  test("under disaggregation, the KV on its way is a part of its own", () => {
    const disaggregated = { prefillGpus: 1, decodeGpus: 1, linkBytesPerSecond: 1e8 };
    const run = engine.simulate({ ...server, disaggregated }, workload);
    const { ttft, rest } = engine.explain(run, 0);
    expect(ttft.transfer).toBeCloseTo(engine.kvBytes(server.model, 1000) / 1e8, 6);
    expect(rest.transfer).toBe(0);
    // Engines that hand the first token over spend that time after it.
    const handed = engine.simulate({ ...server, engine: "sglang", disaggregated }, workload);
    const later = engine.explain(handed, 0);
    expect(later.rest.transfer).toBeCloseTo(engine.kvBytes(server.model, 1000) / 1e8, 6);
    expect(later.ttft.transfer).toBe(0);
    expect(later.rest.decode).toBeLessThan(1);
  });
  test("no part is below 0, and the parts add up", () => {
    const disaggregated = { prefillGpus: 1, decodeGpus: 1, linkBytesPerSecond: 1e9 };
    const apart = { ...server, disaggregated };
    for (const one of [server, apart, { ...apart, engine: "sglang" }])
      for (let i = 0, run = engine.simulate(one, workload); i < 8; i++) {
        const { ttft, rest } = engine.explain(run, i);
        const r = run.requests;
        for (const part of [...Object.values(ttft), ...Object.values(rest)]) expect(part).toBeGreaterThanOrEqual(0);
        const sum = (parts: object) => Object.values(parts).reduce((a: number, b: number) => a + b, 0);
        expect(sum(ttft)).toBeCloseTo(r.first[i]! - r.scheduled[i]!, 9);
        expect(sum(rest)).toBeCloseTo(r.last[i]! - r.first[i]!, 9);
      }
  });
});

test("with speculation, ITL's median is the same from chunks and from the histogram", () => {
  const speculation = { acceptance: 0.9, draftTokens: 4, draftCost: 0.05 };
  const workload = { arrivals: engine.poisson(2), prompt: engine.fixed(100), output: engine.fixed(60), requests: 20 };
  const [chunks, histogram] = (["chunks", "requests"] as const).map((record) =>
    engine.summarize(engine.simulate({ ...server, speculation }, workload, { record })),
  );
  expect(chunks!.itl.p(50)).toBe(0);
  expect(histogram!.itl.p(50)).toBe(0);
  expect(histogram!.itl.n).toBe(chunks!.itl.n);
});

test("a prefix stands in front of the prompt", () => {
  const [request] = engine.expand({
    arrivals: engine.burst(),
    prompt: engine.fixed(100),
    output: engine.fixed(1),
    requests: 1,
    prefix: { groups: 1, tokens: engine.fixed(800) },
  });
  expect((request!.prompt as readonly { tokens: number }[]).map((segment) => segment.tokens)).toEqual([800, 100]);
});
