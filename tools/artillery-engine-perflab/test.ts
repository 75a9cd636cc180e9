/** `artillery run` with our engine against a simulated endpoint: every request once, live histograms, raw rows beside, and refusals in words. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mergeRuns } from "../../src/engine/metrics/merge/merge-runs.ts";
import { summarize } from "../../src/engine/metrics/summarize.ts";
import { readKeptRun } from "../../src/server/commands/kept-run-file.ts";
import { startSimulatedThread, type SimulatedThread } from "../../src/server/simulated/thread.ts";
import { artillery, scriptOf } from "./artillery.ts";

let folder: string;
let endpoint: SimulatedThread;
const load = { "request-rate": 20, "num-prompts": 41, "random-input-len": 40, "random-output-len": 5, "clock-probes": 0 };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "perflab-artillery-"));
  endpoint = await startSimulatedThread({ fixed: { ttft: 0.05, itl: 0.005 }, model: "m" });
});
after(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

test("two virtual users share one schedule; Artillery's counts and our pooled rows agree", async () => {
  // Far enough for a machine with other work: nothing is measured by it but the start.
  const startAt = Math.ceil(Date.now() / 1000) + 40;
  const step = { ...load, "save-result": "shard-{shard}.jsonl" };
  const { code, out, aggregate } = await artillery(folder, scriptOf(`${endpoint.url}/v1`, 2, step, { startAt }));
  assert.equal(code, 0, out);
  assert.equal(aggregate?.counters["perflab.requests"], 41);
  assert.equal(aggregate?.counters["perflab.output_tokens"], 41 * 5);
  assert.equal(aggregate?.counters["vusers.completed"], 2);
  const names = ["shard-0.jsonl", "shard-1.jsonl"];
  const shards = await Promise.all(names.map(async (name) => ({ name, run: await readKeptRun(join(folder, name)) })));
  const merged = mergeRuns(shards);
  assert.equal(merged.requests.count, 41);
  const { ttft } = summarize(merged);
  const histogram = aggregate!.summaries["perflab.ttft"]!;
  assert.equal(histogram["count"], ttft.n);
  // The same stamps went both ways; Artillery rounds to a tenth of a millisecond and its sketch is within 1 %.
  assert.ok(Math.abs(histogram["max"]! - 1000 * ttft.max) <= 0.06, `${histogram["max"]} and ${1000 * ttft.max}`);
  assert.ok(Math.abs(histogram["mean"]! - 1000 * ttft.mean) <= 0.06);
});

test("a virtual user too many, an unknown option and a missing start are told, and the user failed", async () => {
  const target = `${endpoint.url}/v1`;
  for (const [script, words] of [
    [scriptOf(target, 1, { ...load, "num-prompt": 3 }), /unknown option '--num-prompt'/],
    [scriptOf(target, 2, load), /config.perflab.startAt is missing/],
    [scriptOf(target, 2, load, { shards: 1 }), /virtual user 2 has no slice/],
  ] as const) {
    const { out, aggregate } = await artillery(folder, script);
    assert.match(out, words);
    assert.ok(aggregate!.counters["vusers.failed"]! >= 1);
  }
});
