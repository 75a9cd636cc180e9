import { describe, expect, it } from "vitest";
import { resolveServer } from "../../../src/engine/resolve.ts";
import type { Server } from "../../../src/engine/server.ts";
import { rulesOf } from "../../../src/engine/simulate/rules.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { createEngine } from "../../../src/engine/simulate/engine.ts";
import { script } from "../../../src/engine/workload/expand.ts";

const on = (gpu: string, more: Partial<Server> = {}) =>
  resolveServer({ model: "llama-3.1-8b", gpu, ...more }).scheduler;

describe("which rules hold in which version", () => {
  it("planning ahead is vLLM's default from 0.14 on, but not with n-gram drafts, in other engines, or in the course's sets", () => {
    expect(on("h100-sxm-80").asyncScheduling).toBe(true);
    expect(on("h100-sxm-80", { version: "0.14.0" }).asyncScheduling).toBe(true);
    expect(on("h100-sxm-80", { version: "0.13.0" }).asyncScheduling).toBe(false);
    expect(on("h100-sxm-80", { engine: "vllm-v1" }).asyncScheduling).toBe(false);
    expect(on("h100-sxm-80", { engine: "sglang" }).asyncScheduling).toBe(false);
    expect(on("h100-sxm-80", { parameters: "course-h100-v1" }).asyncScheduling).toBe(false);
    const speculation = { acceptance: 0.5, draftTokens: 2, draftCost: 0 };
    expect(on("h100-sxm-80", { speculation: { ...speculation, method: "ngram" } }).asyncScheduling).toBe(false);
    expect(on("h100-sxm-80", { speculation }).asyncScheduling).toBe(true);
  });

  it("a version sets the generation of host overheads too", () => {
    const engine = (version: string) => resolveServer({ model: "llama-3.1-8b", gpu: "l4", version }).engine;
    expect([engine("0.33.0"), engine("0.11.2"), engine("v0.9.1")]).toEqual(["vllm-async", "vllm-v1", "vllm-v1"]);
  });

  it("versions that were not read take the nearest rules before them", () => {
    expect(rulesOf("vllm-async", "0.40")).toEqual(rulesOf("vllm-async", "0.33"));
    expect(rulesOf("vllm-v1", undefined)).toEqual(rulesOf("vllm-v1", "0.13"));
  });

  it.each(["1.0", "0.6.3", "latest", "", "0.-9"])("%s is no version whose rules we know", (version) => {
    expect(() => rulesOf("vllm-async", version)).toThrow(/version/);
  });

  it("only vLLM has versions", () => {
    expect(() => rulesOf("sglang", "0.5")).toThrow(/engine "sglang"/);
  });
});

describe("defaults by GPU and version, as vLLM's API server sets them", () => {
  it.each([
    ["h100-sxm-80", undefined, 8192, 1024],
    ["a100-sxm-80", undefined, 2048, 256],
    ["a800-sxm-80", undefined, 8192, 1024],
    ["l4", undefined, 2048, 256],
    ["b200-sxm-180", undefined, 16384, 1024],
    ["b200-sxm-180", "0.27.0", 8192, 1024],
    ["mi300x", undefined, 16384, 1024],
    ["gb10", undefined, 2048, 256],
    ["gb10", "0.32.0", 8192, 1024],
  ])("%s under %s: %i tokens, %i sequences", (gpu, version, tokens, seqs) => {
    const { maxNumBatchedTokens, maxNumSeqs } = on(gpu, version === undefined ? {} : { version });
    expect([maxNumBatchedTokens, maxNumSeqs]).toEqual([tokens, seqs]);
  });

  it("the default of maxNumSeqs is capped at the token budget; more is refused", () => {
    expect(on("h100-sxm-80", { scheduler: { maxNumBatchedTokens: 512 } }).maxNumSeqs).toBe(512);
    expect(() => on("h100-sxm-80", { scheduler: { maxNumBatchedTokens: 512, maxNumSeqs: 513 } })).toThrow(/maxNumSeqs/);
  });

  it("without chunks the default budget holds the longest prompt; less is refused", () => {
    expect(on("h100-sxm-80", { scheduler: { enableChunkedPrefill: false } }).maxNumBatchedTokens).toBe(131072);
    expect(() => on("h100-sxm-80", { scheduler: { enableChunkedPrefill: false, maxNumBatchedTokens: 8192 } })).toThrow(
      /maxModelLen/,
    );
  });

  it("gpuMemoryUtilization is 0.92 from 0.20 on, 0.9 before", () => {
    expect(on("l4").gpuMemoryUtilization).toBe(0.92);
    expect(on("l4", { version: "0.19.0" }).gpuMemoryUtilization).toBe(0.9);
  });

  it("a maxModelLen that the KV cache cannot hold is refused at the start, a longer model's own limit is not", () => {
    const server: Server = { model: "llama-3.1-8b", gpu: "rtx-4090", scheduler: { maxModelLen: 131072 } };
    const workload = script([{ at: 0, prompt: 10, output: 2 }]);
    expect(() => simulate(server, workload)).toThrow(/maxModelLen/);
    expect(() => createEngine(server)).toThrow(/maxModelLen/);
    expect(simulate({ ...server, scheduler: {} }, workload).requests.count).toBe(1);
  });
});

describe("options that 0.33 has", () => {
  const base: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
  const burst = script(Array.from({ length: 8 }, () => ({ at: 0, prompt: 64, output: 8 })));

  it("maxNumActiveSeqs caps who runs below maxNumSeqs", () => {
    const most = (scheduler: Server["scheduler"]) =>
      Math.max(...(simulate({ ...base, scheduler }, burst).timeline?.batch ?? []));
    expect(most({ maxNumSeqs: 8 })).toBe(8);
    expect(most({ maxNumSeqs: 8, maxNumActiveSeqs: 3 })).toBe(3);
    expect(() => simulate({ ...base, scheduler: { maxNumSeqs: 2, maxNumActiveSeqs: 3 } }, burst)).toThrow(
      /maxNumActiveSeqs/,
    );
  });

  it("maxNumScheduledTokens caps a step below maxNumBatchedTokens", () => {
    const tokens = simulate({ ...base, scheduler: { maxNumScheduledTokens: 100 } }, burst).timeline?.tokens ?? [];
    expect(Math.max(...tokens)).toBe(100);
  });
});
