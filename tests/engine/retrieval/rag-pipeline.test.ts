import { describe, expect, it } from "vitest";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import { ragPipeline } from "../../../src/engine/retrieval/rag-pipeline.ts";
import type { RagStage } from "../../../src/engine/retrieval/types.ts";
import type { Server } from "../../../src/engine/server.ts";
import type { Workload } from "../../../src/engine/workload/types.ts";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
const workload: Workload = {
  arrivals: { kind: "poisson", rate: 2 },
  prompt: { kind: "fixed", value: 400 },
  output: { kind: "fixed", value: 20 },
  requests: 200,
  seed: 3,
};
const slow = { kind: "lognormal", median: 0.05, sigma: 0.5 } as const;
const fixed = (value: number) => ({ kind: "fixed", value }) as const;

describe("ragPipeline", () => {
  it("adds up serial stages and the model, request by request", () => {
    const { run, stages } = ragPipeline(
      [
        { name: "embed", time: fixed(0.02) },
        { name: "search", time: fixed(0.01) },
      ],
      server,
      workload,
    );
    const { first, scheduled, started, count } = run.requests;
    for (let i = 0; i < count; i++) expect(started[i] - scheduled[i]).toBeCloseTo(0.03, 9);
    expect(stages["total"].mean).toBeCloseTo(0.03 + stages["model"].mean, 9);
    expect(stages["total"].max).toBeCloseTo(Math.max(...first.map((t, i) => t - scheduled[i])), 9);
    expect(summarize(run, { from: "scheduled" }).ttft.mean).toBeCloseTo(stages["total"].mean, 9);
    expect(summarize(run).ttft.mean).toBeCloseTo(stages["model"].mean, 9);
  });

  it("has a p99 below the sum of its stages' p99s, and a median above the sum of medians", () => {
    const four = ["a", "b", "c", "d"].map((name): RagStage => ({ name, time: slow }));
    const { run, stages } = ragPipeline(four, server, { ...workload, requests: 4000 });
    const before = Float64Array.from(run.requests.started, (t, i) => t - run.requests.scheduled[i]).sort();
    const sum = (q: number) => ["a", "b", "c", "d"].reduce((total, name) => total + stages[name].p(q), 0);
    expect(before[Math.floor(0.99 * before.length)]).toBeLessThan(0.75 * sum(99));
    expect(before[before.length / 2]).toBeGreaterThan(sum(50));
  });

  it("waits for the slower of two parallel stages", () => {
    const { run } = ragPipeline(
      [
        { name: "embed", time: fixed(0.02) },
        { name: "vectors", time: fixed(0.01) },
        { name: "keywords", time: fixed(0.04), parallelWith: "vectors" },
        { name: "rerank", time: fixed(0.05) },
      ],
      server,
      workload,
    );
    expect(run.requests.started[0] - run.requests.scheduled[0]).toBeCloseTo(0.11, 9);
  });

  it("pays for retrieved tokens in prefill", () => {
    const add = (addsPromptTokens: number) =>
      ragPipeline([{ name: "retrieve", time: fixed(0), addsPromptTokens }], server, workload);
    expect(add(10_000).run.requests.promptTokens[0]).toBe(10_400);
    expect(add(10_000).stages["model"].mean).toBeGreaterThan(5 * add(0).stages["model"].mean);
  });

  it("works a stage's time out from its candidates", () => {
    const { stages } = ragPipeline(
      [{ name: "rerank", time: (candidates) => candidates / 1800, candidates: 100 }],
      server,
      workload,
    );
    expect(stages["rerank"].mean).toBeCloseTo(0.0556, 4);
  });

  it("gives the same bits for the same seed", () => {
    const make = () => ragPipeline([{ name: "a", time: slow }], server, workload).run.requests.first;
    expect(make()).toEqual(make());
  });

  it.each([
    [[{ name: "total", time: fixed(1) }], "stages[0].name"],
    [[{ name: "a", time: fixed(1), parallelWith: "b" }], "parallelWith"],
    [[{ name: "a", time: () => NaN }], 'time of stage "a"'],
    [[{ name: "a", time: fixed(1), addsPromptTokens: 1.5 }], "addsPromptTokens"],
  ] as [RagStage[], string][])("refuses %j by name", (stages, field) => {
    expect(() => ragPipeline(stages, server, workload)).toThrow(field);
  });
});
