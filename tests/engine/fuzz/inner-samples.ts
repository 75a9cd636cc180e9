/** Engine functions that are not public to labs and yet are handed what comes from outside: files, forms, options of the command line. */
import { planOf } from "../../../src/engine/benchmark/plan.ts";
import { checkShard, shardPlan } from "../../../src/engine/benchmark/shard.ts";
import { estimateAtRate, estimatesByRate } from "../../../src/engine/estimate/at-rate.ts";
import { readResults, toJsonl } from "../../../src/engine/metrics/interchange/index.ts";
import { examineShards } from "../../../src/engine/metrics/merge/examine.ts";
import { mergeRuns } from "../../../src/engine/metrics/merge/merge-runs.ts";
import { SketchedRun } from "../../../src/engine/metrics/merge/sketched-run.ts";
import { readInput } from "../../../src/engine/percentiles/read-input.ts";
import { readTable } from "../../../src/engine/percentiles/read-table.ts";
import { findPlans } from "../../../src/engine/plan/find-plans.ts";
import type { Run } from "../../../src/engine/run.ts";
import { makeRun } from "../metrics/runs.ts";
import type { Call } from "./samples.ts";

type Method = (...args: unknown[]) => unknown;

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler: { maxNumSeqs: 8 } };
const shape = { prompt: 500, cached: 100, output: 50 };
const workload = {
  arrivals: { kind: "poisson", rate: 5 },
  prompt: { kind: "fixed", value: 40 },
  output: { kind: "fixed", value: 4 },
  sessions: { turns: { kind: "fixed", value: 2 }, think: { kind: "fixed", value: 1 } },
  maxConcurrency: 6,
  requests: 12,
  seed: 2,
} as const;
const question = {
  model: "llama-3.1-8b",
  workload: { rate: 4, prompt: { kind: "fixed", value: 500 }, output: { kind: "fixed", value: 40 } },
  slo: { bounds: [{ metric: "ttft", percentile: 95, seconds: 0.5 }] },
  asOf: "2026-11-28",
  rows: 2,
  seed: 1,
  space: { gpus: ["h100-sxm-80"], weights: ["fp8"], kv: ["bf16"], tensorParallel: [1], replicas: 1 },
};

/** Two shards of a schedule of four requests, as files that their clients kept. */
const shards = [0, 1].map((index) => {
  const half = makeRun(
    Array.from({ length: 2 }, () => ({ first: 1, last: 2, output: 3 })),
    0,
  );
  const measurement = {
    ...{ askedPromptTokens: new Uint32Array(2), askedOutputTokens: new Uint32Array(2), zero: 0, streamed: true },
    ...{ salt: 7, warmup: 0, dispatchLag: 0, heartbeatLag: 0, bytes: 0, peakInFlight: 1 },
    rows: Uint32Array.of(index, index + 2),
    shard: { index, of: 2, requests: 4, startAt: 1_800_000_000, settings: { "--backend": "chat" } },
  };
  return toJsonl({ ...half, failures: [], measurement });
});
/** The lines of a file as data, so that any place in them can go wrong. */
const linesOf = (file: string): unknown[] =>
  file
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
const textOf = (lines: unknown): string =>
  Array.isArray(lines) ? lines.map((line) => json(line)).join("\n") : json(lines);
const json = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner)) ?? "";

const sketched = new SketchedRun();
sketched.add(makeRun([{ first: 1, last: 2, output: 3 }], 0));
const sketchFile = sketched.file(makeRun([], 0), { of: 1, startAt: 0, shards: [], missing: [] });

function merged(files: unknown, options: object): Run {
  const texts = Array.isArray(files) ? files.map(textOf) : [textOf(files)];
  const named = texts.map((text, i) => ({ name: `${i}.jsonl`, run: readResults(text).results[0]!.run! }));
  examineShards(named);
  return mergeRuns(named, options);
}

/** By module and name, as another room imports it. */
export const inner: Readonly<Record<string, { readonly of: Method; readonly calls: readonly Call[] }>> = {
  "benchmark/shard.ts checkShard": { of: checkShard as Method, calls: [[{ index: 1, of: 3 }]] },
  // A plan is what `planOf` made of a workload, so the workload is what is given wrongly.
  "benchmark/shard.ts shardPlan": {
    of: ((load: never, shard: never) => shardPlan(planOf(load ?? {}), shard)) as Method,
    calls: [[workload, { index: 1, of: 2 }]],
  },
  "estimate/at-rate.ts estimateAtRate": { of: estimateAtRate as Method, calls: [[server, { ...shape, rate: 2 }]] },
  "estimate/at-rate.ts estimatesByRate": {
    of: ((given: never, load: never, rate: number) => estimatesByRate(given, load)(rate)) as Method,
    calls: [[server, shape, 2]],
  },
  "metrics/interchange/index.ts readResults": {
    of: ((lines: unknown) => readResults(textOf(lines))) as Method,
    calls: [...shards.map((file) => [linesOf(file)]), [[sketchFile]]],
  },
  "metrics/merge/merge-runs.ts mergeRuns": {
    of: merged as Method,
    calls: [[shards.map(linesOf), { allowMissing: true }]],
  },
  "percentiles/read-input.ts readInput": {
    of: ((lines: unknown) => readInput(textOf(lines))) as Method,
    calls: [[linesOf(shards[0]!)], [[1, 2, 3]]],
  },
  "percentiles/read-table.ts readTable": {
    of: ((lines: unknown) => readTable(textOf(lines))) as Method,
    calls: [[[{ a: 1, b: "x" }, { a: 2 }]]],
  },
  "plan/find-plans.ts findPlans": { of: findPlans as Method, calls: [[question]] },
};
