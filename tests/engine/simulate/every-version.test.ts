/** Random cases under the rules of each version of vLLM: whatever the rules, an engine's own laws hold. 2,000 a version under TEST_LONG. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Server } from "../../../src/engine/server.ts";
import { stages } from "../../../src/engine/simulate/requests.ts";
import type { RequestSpec } from "../../../src/engine/workload/types.ts";
import { bench } from "./steps.ts";

const numRuns = process.env.TEST_LONG ? 2000 : 12;
const versions = ["0.8", "0.11", "0.13", "0.14", "0.19", "0.20", "0.23", "0.25", "0.28", "0.31", "0.33"];
const steps = 4000;

const anyCase = fc.record({
  model: fc.constantFrom("llama-3.1-8b", "gpt-oss-20b"),
  blockSize: fc.constantFrom(1, 4, 16),
  tightness: fc.double({ min: 1, max: 4, noNaN: true }),
  maxNumSeqs: fc.constantFrom(1, 3, 8),
  maxNumBatchedTokens: fc.constantFrom(8, 24, 200),
  enablePrefixCaching: fc.boolean(),
  longPrefillTokenThreshold: fc.constantFrom(0, 7),
  longPrefillTokenThresholdAdaptive: fc.boolean(),
  schedulerReserveFullIsl: fc.constantFrom(undefined, true, false),
  asyncScheduling: fc.constantFrom(undefined, true, false),
  watermark: fc.constantFrom(0, 0.05),
  prefillScheduleInterval: fc.constantFrom(1, 3),
  policy: fc.constantFrom("fcfs" as const, "priority" as const),
  speculation: fc.constantFrom(
    undefined,
    { acceptance: 0.6, draftTokens: 2, draftCost: 0.1, method: "eagle" as const },
    { acceptance: 0.6, draftTokens: 3, draftCost: 0.1, method: "draftModel" as const },
    { acceptance: 0.6, draftTokens: 2, draftCost: 0, method: "ngram" as const },
  ),
  cancelled: fc.constantFrom(undefined, 2),
  requests: fc.array(
    fc.record({
      own: fc.integer({ min: 1, max: 60 }),
      shared: fc.constantFrom(0, 20, 33),
      output: fc.integer({ min: 1, max: 30 }),
      priority: fc.integer({ min: 0, max: 2 }),
      arrives: fc.integer({ min: 0, max: 12 }),
    }),
    { minLength: 1, maxLength: 10 },
  ),
});

describe.each(versions)("under the rules of vLLM %s", (version) => {
  it("no block is lost, no budget overdrawn, and everyone gets exactly the tokens asked for", () => {
    fc.assert(
      fc.property(anyCase, (c) => {
        const specs: Omit<RequestSpec, "at">[] = c.requests.map(({ own, shared, output, priority }, i) => ({
          prompt: [...(shared > 0 ? [{ id: "shared", tokens: shared }] : []), { id: i, tokens: own }],
          output,
          priority,
        }));
        const longest = Math.max(...c.requests.map(({ own, shared, output }) => own + shared + output));
        const draft = c.speculation?.draftTokens ?? 0;
        const groups = c.model === "gpt-oss-20b" ? 2 : 1;
        const scheduler: NonNullable<Server["scheduler"]> = {
          blockSize: c.blockSize,
          numGpuBlocks: Math.ceil((c.tightness * groups * (longest + draft + 2)) / c.blockSize) + groups + 4,
          maxNumSeqs: c.maxNumSeqs,
          maxNumBatchedTokens: c.maxNumBatchedTokens,
          enablePrefixCaching: c.enablePrefixCaching,
          longPrefillTokenThreshold: c.longPrefillTokenThreshold,
          longPrefillTokenThresholdAdaptive: c.longPrefillTokenThresholdAdaptive,
          watermark: c.watermark,
          prefillScheduleInterval: c.prefillScheduleInterval,
          policy: c.policy,
          ...(c.schedulerReserveFullIsl !== undefined && { schedulerReserveFullIsl: c.schedulerReserveFullIsl }),
          ...(c.asyncScheduling !== undefined && c.speculation?.method !== "ngram"
            ? { asyncScheduling: c.asyncScheduling }
            : {}),
        };
        const later = c.requests.map((_, i) => i);
        const b = bench(scheduler, specs, {
          model: c.model,
          version,
          arriveLater: later,
          ...(c.speculation && { speculation: c.speculation }),
        });
        const { core, requests: r } = b;
        const { capacity } = core.kv;
        const budget = core.limits.maxNumBatchedTokens;
        const emitted = new Int32Array(specs.length);
        const waiting = new Set(later);
        for (let step = 0; step < steps && (waiting.size > 0 || !core.idle); step++) {
          for (const i of waiting)
            if ((c.requests[i]?.arrives ?? 0) <= step || core.idle) {
              core.submit(i, core.clock);
              waiting.delete(i);
            }
          if (step === c.cancelled) core.abort(0, core.clock);
          if (core.idle) continue;
          expect(core.step(), "an engine that has work can go on").toBe(true);
          const seen = new Set<number>();
          let tokens = 0;
          for (let k = 0; k < core.planned.count; k++) {
            const i = core.planned.request[k] as number;
            expect(seen.has(i), "a request stands in a plan once").toBe(false);
            seen.add(i);
            expect(core.planned.tokens[k]).toBeGreaterThan(0);
            tokens += core.planned.tokens[k] as number;
          }
          expect(tokens).toBeLessThanOrEqual(budget);
          expect(core.runningCount).toBeLessThanOrEqual(c.maxNumSeqs);
          expect(core.kv.free).toBeGreaterThanOrEqual(0);
          expect(core.kv.free).toBeLessThanOrEqual(capacity);
          for (let k = 0; k < core.emittedCount; k++) {
            const i = core.emitted[k] as number;
            emitted[i] = (emitted[i] as number) + (core.emittedTokens[k] as number);
          }
        }
        expect(core.idle).toBe(true);
        expect(core.kv.free, "all blocks come back").toBe(capacity);
        c.requests.forEach(({ output }, i) => {
          expect(r.stage[i]).toBe(stages.ended);
          expect(emitted[i]).toBe(r.generated[i]);
          if (r.status[i] === 0) expect(emitted[i]).toBe(output);
          else expect(i === 0 && c.cancelled !== undefined).toBe(true);
        });
      }),
      { numRuns },
    );
  }, 600_000);
});
