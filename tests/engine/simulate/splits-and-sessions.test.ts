/** Random cases under the rules of each version, with several engines or several turns: nothing is lost. 1,000 a version under TEST_LONG. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveServer } from "../../../src/engine/resolve.ts";
import type { Server } from "../../../src/engine/server.ts";
import { buildReplica, modelOf } from "../../../src/engine/simulate/build.ts";
import type { Core } from "../../../src/engine/simulate/core.ts";
import { explain } from "../../../src/engine/simulate/explain.ts";
import { Recorder } from "../../../src/engine/simulate/record/recorder.ts";
import { Requests } from "../../../src/engine/simulate/requests.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { closed, poisson } from "../../../src/engine/workload/arrivals.ts";
import { exponential, fixed, uniform } from "../../../src/engine/workload/lengths.ts";
import { scriptTable } from "../../../src/engine/workload/script-table.ts";

const numRuns = process.env.TEST_LONG ? 1000 : 8;
const versions = ["0.8", "0.11", "0.14", "0.19", "0.23", "0.25", "0.28", "0.31", "0.33"];

const anyScheduler = fc.record({
  maxNumSeqs: fc.constantFrom(1, 3, 8),
  maxNumBatchedTokens: fc.constantFrom(16, 64, 400),
  enablePrefixCaching: fc.boolean(),
  longPrefillTokenThreshold: fc.constantFrom(0, 7),
  policy: fc.constantFrom("fcfs" as const, "priority" as const),
  watermark: fc.constantFrom(0, 0.05),
  asyncScheduling: fc.boolean(),
});

const anySplit = fc.record({
  scheduler: anyScheduler,
  blockSize: fc.constantFrom(1, 4, 16),
  tightness: fc.double({ min: 1, max: 4, noNaN: true }),
  engine: fc.constantFrom("vllm-async", "sglang"),
  prefillGpus: fc.constantFrom(1, 2),
  decodeGpus: fc.constantFrom(1, 2),
  /** From a thousand tokens a second to a hundred million. */
  linkBytesPerSecond: fc.constantFrom(1.3e8, 5e9, 1e13),
  speculation: fc.constantFrom(undefined, {
    acceptance: 0.6,
    draftTokens: 2,
    draftCost: 0.1,
    method: "eagle" as const,
  }),
  requests: fc.array(
    fc.record({
      own: fc.integer({ min: 1, max: 60 }),
      shared: fc.constantFrom(0, 20, 33),
      output: fc.integer({ min: 1, max: 30 }),
      priority: fc.integer({ min: 0, max: 2 }),
      at: fc.double({ min: 0, max: 0.2, noNaN: true }),
      cancelAfter: fc.constantFrom(undefined, undefined, 0.01, 0.05, 0.2),
    }),
    { minLength: 1, maxLength: 10 },
  ),
});

const anySessions = fc.record({
  scheduler: anyScheduler,
  split: fc.boolean(),
  users: fc.constantFrom(undefined, 4),
  /** Rows of a run: turn by turn, session by session. */
  turns: fc.constantFrom(2, 3),
  think: fc.constantFrom(undefined, exponential(0.05)),
  seed: fc.nat(1e6),
});

/** Limits that vLLM does not refuse: no more places than tokens, and a budget beyond the drafts. */
const within = (scheduler: { readonly maxNumSeqs: number; readonly maxNumBatchedTokens: number }) => ({
  ...scheduler,
  maxNumSeqs: Math.min(scheduler.maxNumSeqs, scheduler.maxNumBatchedTokens),
});

describe.each(versions)("under the rules of vLLM %s", (version) => {
  it("a split loses no block on either side, whoever is given up, and gives everyone the tokens asked for", () => {
    fc.assert(
      fc.property(anySplit, (c) => {
        const { engine, prefillGpus, decodeGpus, linkBytesPerSecond, speculation, blockSize } = c;
        const longest = Math.max(...c.requests.map(({ own, shared, output }) => own + shared + output));
        const server = resolveServer({
          model: "llama-3.1-8b",
          gpu: "h100-sxm-80",
          parameters: "ideal",
          engine,
          ...(engine === "vllm-async" && { version }),
          disaggregated: { prefillGpus, decodeGpus, linkBytesPerSecond },
          ...(speculation && { speculation }),
          scheduler: {
            ...within(c.scheduler),
            blockSize,
            numGpuBlocks: Math.ceil((c.tightness * (longest + 8)) / blockSize) + 5,
          },
        });
        const specs = c.requests
          .toSorted((a, b) => a.at - b.at)
          .map(({ own, shared, ...rest }, i) => ({
            ...rest,
            prompt: [...(shared > 0 ? [{ id: "shared", tokens: shared }] : []), { id: i, tokens: own }],
          }));
        const table = scriptTable(specs.map(({ cancelAfter: _, ...spec }) => spec));
        const requests = new Requests(table.count);
        requests.count = table.count;
        requests.prompt.set(table.prompt);
        requests.output.set(table.output);
        if (table.priority) requests.priority.set(table.priority);
        const cores = new Set<Core>();
        const replica = buildReplica(
          {
            server,
            model: modelOf(server),
            requests,
            segments: table.segments,
            recorder: new Recorder(1, undefined),
            seed: 1,
            onPlan: (core) => cores.add(core),
          },
          0,
        );
        specs.forEach(({ at, cancelAfter }, i) => {
          expect(replica.advance(at, false)).toBe(true);
          requests.deadline[i] = at + (cancelAfter ?? Infinity);
          requests.cancels[i] = cancelAfter === undefined ? 0 : 1;
          expect(replica.submit(i, at)).toBe(true);
        });
        expect(replica.advance(Infinity, false), "nothing is stuck").toBe(true);
        expect(replica.idle).toBe(true);
        expect(replica.load).toBe(0);
        for (const core of cores) expect(core.kv.free, "all blocks come back").toBe(core.kv.capacity);
        specs.forEach(({ output, cancelAfter }, i) => {
          if (requests.status[i] === 0) expect(requests.generated[i]).toBe(output);
          else expect([requests.status[i], cancelAfter !== undefined]).toEqual([2, true]);
        });
      }),
      { numRuns },
    );
  }, 600_000);

  it("sessions: each turn follows the answer before it and carries the whole conversation, on one engine or a split", () => {
    fc.assert(
      fc.property(anySessions, ({ scheduler, split, users, turns, think, seed }) => {
        const server: Server = {
          model: "llama-3.1-8b",
          gpu: "h100-sxm-80",
          parameters: "course-h100-v1",
          version,
          scheduler: { ...within(scheduler), blockSize: 16, numGpuBlocks: 120 },
          ...(split && { disaggregated: { prefillGpus: 1, decodeGpus: 1, linkBytesPerSecond: 5e10 } }),
        };
        const run = simulate(server, {
          arrivals: users ? closed(users) : poisson(20),
          prompt: uniform(1, 80),
          output: uniform(1, 40),
          sessions: { turns: fixed(turns), ...(think && { think }) },
          requests: 30,
          seed,
        });
        expect(run.ended).toBeUndefined();
        const r = run.requests;
        expect([...r.status]).toEqual(Array.from({ length: r.count }, () => 0));
        for (let i = 0; i < r.count; i++) {
          expect(r.cachedTokens[i]).toBeLessThan(r.promptTokens[i] as number);
          expect(r.first[i]).toBeGreaterThan(r.started[i] as number);
          expect(r.last[i]).toBeGreaterThanOrEqual(r.first[i] as number);
          const { ttft, rest } = explain(run, i);
          for (const part of [...Object.values(ttft), ...Object.values(rest)]) expect(part).toBeGreaterThanOrEqual(0);
          if (i % turns === 0) continue;
          // A turn's prompt is longer than the one before with its answer, and leaves after that answer.
          const before = (r.promptTokens[i - 1] as number) + (r.outputTokens[i - 1] as number);
          expect(r.promptTokens[i]).toBeGreaterThan(before);
          expect(r.scheduled[i]).toBeGreaterThanOrEqual(r.last[i - 1] as number);
        }
      }),
      { numRuns },
    );
  }, 600_000);
});
