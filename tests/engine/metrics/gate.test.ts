import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compare } from "../../../src/engine/metrics/compare.ts";
import { regressionsOf, type GateOptions } from "../../../src/engine/metrics/gate.ts";
import { readResults } from "../../../src/engine/metrics/interchange/index.ts";
import type { Run } from "../../../src/engine/run.ts";
import { makeRun } from "./runs.ts";

const fixture = (name: string): Run =>
  readResults(readFileSync(new URL(`../../fixtures/results/${name}`, import.meta.url), "utf8")).results[0].run!;
const good = fixture("constructed_vllm_burst_all_good.json");
const dead = fixture("constructed_vllm_burst_all_failed.json");
const late = (i: number) => 0.001 * ((i * 7) % 10);
/** `n` requests, one a second, of which the last `failed` failed. */
const run = (n: number, failed = 0, ttft = 0.1): Run =>
  makeRun(
    Array.from({ length: n }, (_, i) =>
      i < n - failed
        ? { scheduled: i, first: i + ttft + late(i), last: i + ttft + late(i) + 0.4, output: 5 }
        : { scheduled: i, status: "failed" as const },
    ),
  );
const gate = (a: Run, b: Run, options?: GateOptions) =>
  regressionsOf(compare(a, b), options).map(({ metric }) => metric);

describe("a gate", () => {
  it("fails for a dead server, and against one, success first", () => {
    expect(gate(good, dead)).toEqual(["succeeded"]);
    expect(gate(dead, good)).toEqual(["succeeded"]);
    expect(gate(dead, dead)).toEqual(["succeeded"]);
    expect(compare(good, dead).rows[0].metric).toBe("succeeded");
  });
  it("fails where 43 of 80 requests failed, whatever the tolerance for times", () => {
    expect(gate(run(80), run(80, 43), { tolerance: 5 })).toEqual(["succeeded"]);
  });
  it("lets a failure or two of many pass, as chance, unless told otherwise", () => {
    expect(gate(run(80), run(80, 1))).toEqual([]);
    expect(gate(run(80), run(80, 1), { maxFailed: 0.01 })).toEqual(["succeeded"]);
    expect(gate(run(80), run(80, 20), { maxFailed: 0.3 })).toEqual([]);
  });
  it("fails for a run that is much smaller, unless told otherwise", () => {
    expect(gate(run(80), run(30))).toContain("requests");
    expect(gate(run(5), run(80))).toContain("requests");
    expect(gate(run(80), run(30), { allowSmaller: true })).toEqual([]);
    expect(gate(run(80), run(160))).toEqual([]);
  });
  it("fails for times that got worse beyond chance and tolerance", () => {
    expect(gate(run(80), run(80, 0, 0.13))).toContain("ttft mean");
    expect(gate(run(80), run(80, 0, 0.13), { tolerance: 0.5 })).toEqual([]);
    expect(gate(run(80, 0, 0.13), run(80))).toEqual([]);
  });
  it("passes a run against itself", () => {
    for (const same of [run(2), run(80, 43), good]) expect(gate(same, same)).toEqual([]);
  });
  it.each([
    [{ tolerance: -1 }, "tolerance"],
    [{ maxFailed: 1.5 }, "maxFailed"],
  ])("refuses %j", (options, field) => {
    expect(() => gate(good, good, options)).toThrow(field);
  });
});
