import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kvGroups } from "../../../src/engine/estimate/kv-groups.ts";
import { memoryBudget } from "../../../src/engine/estimate/memory.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { burst } from "../../../src/engine/workload/arrivals.ts";
import { fixed } from "../../../src/engine/workload/lengths.ts";
import { bench } from "./steps.ts";

const GiB = 2 ** 30;
const gptOss: Server = { model: "gpt-oss-20b", gpu: "h100-sxm-80", kv: "bf16" };
const gemma: Server = { model: "gemma-3-27b", gpu: "h100-sxm-80" };

/** Most requests of 8,192 + 400 tokens that run at once. */
function mostAtOnce(server: Server): number {
  const run = simulate(server, { arrivals: burst(), prompt: fixed(8192), output: fixed(400), requests: 60 });
  expect(run.ended).toBeUndefined();
  return Math.max(...run.timeline!.batch);
}

describe("KV groups of layers with and without a window", () => {
  it("are of equally many layers, the last one padded", () => {
    const windows = (model: string) => kvGroups(resolveServer({ ...gptOss, model }))?.windows;
    expect(windows("gpt-oss-20b")).toEqual([128, Infinity]);
    expect(windows("gemma-3-27b")).toEqual([1024, 1024, 1024, 1024, 1024, 1024, Infinity]);
    expect(windows("mistral-7b")).toEqual([4096]);
    expect(windows("llama-3.1-8b")).toBeUndefined();
    expect(kvGroups(resolveServer({ ...gptOss, version: "0.8" }))).toBeUndefined();
  });

  it("hold as many sequences as vLLM 0.33 ran at once: 51 and 24", () => {
    const small = { ...gptOss, scheduler: { numGpuBlocks: Math.floor((10 * GiB) / (2048 * 16 * 12)) } };
    const large = { ...gemma, scheduler: { numGpuBlocks: Math.floor((30 * GiB) / (8192 * 16 * 10)) } };
    expect(mostAtOnce(small)).toBe(51);
    expect(mostAtOnce(large)).toBe(24);
    expect(memoryBudget(small).maxSequences(8192)).toBe(51);
    expect(memoryBudget(large).maxSequences(8192)).toBe(24);
  });

  it("estimate and simulate agree on what a real server holds", () => {
    for (const server of [gemma, { ...gptOss, gpu: "rtx-4090", weights: "mxfp4" as const }]) {
      const most = mostAtOnce(server);
      const budget = memoryBudget(server);
      expect(most).toBeLessThanOrEqual(budget.maxSequences(8192));
      expect(most).toBeGreaterThanOrEqual(Math.min(60, budget.maxSequences(8592)));
    }
  });

  it("vLLM's log counts the tokens of one group's blocks", () => {
    const { blocks, cacheTokens } = memoryBudget({ ...gemma, scheduler: { numGpuBlocks: 7001 } });
    expect([blocks, cacheTokens]).toEqual([7001, 16_000]);
    expect(memoryBudget({ ...gemma, model: "llama-3.1-8b", scheduler: { numGpuBlocks: 7001 } }).cacheTokens).toBe(
      7001 * 16,
    );
  });

  it("blocks wholly behind the window are given back when the next token is planned", () => {
    const b = bench(
      { numGpuBlocks: 100, blockSize: 16, maxNumSeqs: 4, maxNumBatchedTokens: 64 },
      [{ prompt: 128, output: 40 }],
      gptOss,
    );
    const held: number[] = [];
    while (b.step() !== "") held.push(100 - b.core.kv.free);
    // Two chunks of the prompt in both groups; a block each at 129 and 145 tokens, where the first windowed one goes at 143.
    expect(held.slice(0, 3)).toEqual([8, 16, 18]);
    expect(held[2 + 14]).toBe(18);
    expect(held[2 + 15]).toBe(17);
    expect(held[2 + 16]).toBe(19);
    expect(held.at(-1)).toBe(0);
  });

  it("planning ahead, what lies behind the window waits for the step under way, from 0.25 on", () => {
    const held = (version: string): number[] => {
      const b = bench(
        { numGpuBlocks: 100, blockSize: 16, maxNumSeqs: 4, maxNumBatchedTokens: 64, asyncScheduling: true },
        [{ prompt: 128, output: 40 }],
        { ...gptOss, version },
      );
      return Array.from({ length: 20 }, () => (b.step(), 100 - b.core.kv.free));
    };
    // The plan for the token after 143 gives the first windowed block back, or the one after it, which takes a block of each group as well.
    expect(held("0.24").slice(15, 19)).toEqual([18, 17, 19, 19]);
    expect(held("0.25").slice(15, 19)).toEqual([18, 18, 19, 19]);
    expect(held("0.33")).toEqual(held("0.25"));
  });

  it("a prefix is found where every group still has what it needs of it", () => {
    const shared = { id: "shared", tokens: 320 };
    const specs = [1, 2].map((i) => ({ prompt: [shared, { id: i, tokens: 20 }], output: 3 }));
    const b = bench({ numGpuBlocks: 100, blockSize: 16, maxNumSeqs: 4, maxNumBatchedTokens: 512 }, specs, gptOss);
    b.all();
    expect(b.requests.cached[1]).toBe(320);
    expect(b.core.kv.free).toBe(100);
  });

  it("never lose a block, never hold more than there are, and end with every token generated", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("0.11", "0.19", "0.33"),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 96, max: 200 }),
        fc.array(fc.record({ prompt: fc.integer({ min: 1, max: 200 }), output: fc.integer({ min: 1, max: 90 }) }), {
          minLength: 1,
          maxLength: 20,
        }),
        (version, asyncScheduling, enablePrefixCaching, blocks, sizes) => {
          const specs = sizes.map(({ prompt, output }, i) => ({
            prompt: [
              { id: `group ${i % 3}`, tokens: 150 },
              { id: i, tokens: prompt },
            ],
            output,
          }));
          const options = {
            numGpuBlocks: blocks,
            blockSize: 8,
            maxNumSeqs: 8,
            maxNumBatchedTokens: 96,
            asyncScheduling,
            enablePrefixCaching,
          };
          const b = bench(options, specs, { ...gptOss, version });
          for (let steps = 0; b.core.step(); steps++) {
            expect(steps).toBeLessThan(20_000);
            expect(b.core.kv.free).toBeGreaterThanOrEqual(0);
            expect(b.core.kv.free).toBeLessThanOrEqual(blocks);
          }
          expect(b.core.idle).toBe(true);
          expect(b.core.kv.free).toBe(blocks);
          expect([...b.requests.generated.subarray(0, specs.length)]).toEqual(specs.map(({ output }) => output));
        },
      ),
      { numRuns: 60 },
    );
  });
});
