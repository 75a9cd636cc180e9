import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/engine/errors.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Run } from "../../../src/engine/run.ts";
import type { Server } from "../../../src/engine/server.ts";
import { explain } from "../../../src/engine/simulate/explain.ts";
import { fingerprint } from "../../../src/engine/simulate/record/fingerprint.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { closed, gamma, poisson } from "../../../src/engine/workload/arrivals.ts";
import { script } from "../../../src/engine/workload/expand.ts";
import { exponential, fixed, lognormal, uniform } from "../../../src/engine/workload/lengths.ts";
import type { Workload } from "../../../src/engine/workload/types.ts";
import { server, workload } from "./fingerprint-case.ts";
import { bench } from "./steps.ts";

const base: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };

const anyServer = fc.record({
  batching: fc.constantFrom("continuous" as const, "prefillFirst" as const, "static" as const),
  kvAllocator: fc.constantFrom("paged" as const, "powerOfTwo" as const, { reserve: 900 }),
  scheduler: fc.record({
    numGpuBlocks: fc.integer({ min: 200, max: 2000 }),
    maxNumSeqs: fc.constantFrom(3, 20, 128),
    maxNumBatchedTokens: fc.constantFrom(256, 2048),
    enablePrefixCaching: fc.boolean(),
    longPrefillTokenThreshold: fc.constantFrom(0, 100),
    policy: fc.constantFrom("fcfs" as const, "priority" as const),
  }),
  speculation: fc.constantFrom(undefined, { acceptance: 0.7, draftTokens: 3, draftCost: 0.05 }),
  replicas: fc.constantFrom(1, 3),
  routing: fc.constantFrom("round-robin" as const, "least-loaded" as const),
});

const anyWorkload = fc.record({
  rate: fc.double({ min: 2, max: 60, noNaN: true }),
  prefix: fc.constantFrom(undefined, { groups: 5, tokens: fixed(200), zipf: 1 }),
  sessions: fc.constantFrom(undefined, { turns: uniform(1, 4), think: exponential(1) }),
  seed: fc.nat(1e6),
  closed: fc.boolean(),
});

describe("whatever the server and the load", () => {
  it("every token is generated once, and nothing happens before its cause", () => {
    fc.assert(
      fc.property(anyServer, anyWorkload, (s, w) => {
        const { speculation, ...rest } = s;
        const server: Server = { ...base, ...rest, ...(speculation && { speculation }) };
        const workload: Workload = {
          arrivals: w.closed ? closed(7) : gamma(w.rate, 0.7),
          prompt: lognormal({ median: 150, sigma: 0.8 }),
          output: lognormal({ median: 60, sigma: 0.8 }),
          ...(w.prefix && { prefix: w.prefix }),
          ...(w.sessions && { sessions: w.sessions }),
          requests: 80,
          seed: w.seed,
        };
        const run = simulate(server, workload, { record: "chunks" });
        if (run.ended) {
          expect(run.ended.reason).toBe("neverFits");
          return;
        }
        const { requests: r, chunks } = run;
        expect([...r.status].every((code) => code === 0)).toBe(true);
        const perRequest = new Uint32Array(r.count);
        (chunks as NonNullable<Run["chunks"]>).request.forEach((i, k) => {
          perRequest[i] = (perRequest[i] as number) + ((chunks as NonNullable<Run["chunks"]>).tokens[k] as number);
        });
        expect(perRequest).toEqual(r.outputTokens);
        const tokens = r.outputTokens.reduce((a, b) => a + b, 0);
        expect(run.itl?.count.reduce((a, b) => a + b, 0)).toBe(tokens - r.count);
        for (let i = 0; i < r.count; i++) {
          expect(r.scheduled[i] as number).toBeLessThanOrEqual(r.started[i] as number);
          expect(r.started[i] as number).toBeLessThan(r.first[i] as number);
          expect(r.first[i] as number).toBeLessThanOrEqual(r.last[i] as number);
          expect(r.cachedTokens[i] as number).toBeLessThan(r.promptTokens[i] as number);
          const { ttft, rest: after } = explain(run, i);
          const sum = (parts: Record<string, number>): number => Object.values(parts).reduce((a, b) => a + b, 0);
          expect(sum(ttft)).toBeCloseTo((r.first[i] as number) - (r.scheduled[i] as number), 9);
          expect(sum(after)).toBeCloseTo((r.last[i] as number) - (r.first[i] as number), 9);
          for (const part of [...Object.values(ttft), ...Object.values(after)]) {
            expect(part).toBeGreaterThan(-1e-9);
          }
        }
      }),
      { numRuns: 80 },
    );
  });

  it("blocks are never negative, and none is lost", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 200 }),
        fc.boolean(),
        fc.array(fc.record({ prompt: fc.integer({ min: 1, max: 120 }), output: fc.integer({ min: 1, max: 60 }) }), {
          minLength: 1,
          maxLength: 30,
        }),
        (blocks, caching, specs) => {
          const shared = specs.map(({ prompt, output }, i) => ({
            prompt: [
              { id: `group ${i % 3}`, tokens: 40 },
              { id: i, tokens: prompt },
            ],
            output,
          }));
          const b = bench(
            {
              numGpuBlocks: blocks,
              blockSize: 8,
              maxNumSeqs: 8,
              maxNumBatchedTokens: 64,
              enablePrefixCaching: caching,
            },
            shared,
          );
          while (b.step() !== "") {
            expect(b.core.kv.free).toBeGreaterThanOrEqual(0);
            expect(b.core.kv.free).toBeLessThanOrEqual(blocks);
          }
          expect(b.core.idle).toBe(true);
          expect(b.core.kv.free).toBe(blocks);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("first come, first served: nobody is first admitted before an earlier arrival", () => {
    const run = simulate(
      { ...base, scheduler: { numGpuBlocks: 700 } },
      { arrivals: poisson(30), prompt: lognormal({ median: 300, sigma: 1 }), output: exponential(150), requests: 800 },
    );
    const admitted = [...run.requests.scheduled].map((t, i) => t + (run.explain?.queue[i] as number));
    for (let i = 1; i < admitted.length; i++) {
      expect(admitted[i] as number).toBeGreaterThanOrEqual((admitted[i - 1] as number) - 1e-12);
    }
  });

  it("Little's law: requests in flight = rate × time", () => {
    const run = simulate(base, {
      arrivals: poisson(12),
      prompt: lognormal({ mean: 500, sigma: 0.6 }),
      output: exponential(150),
      requests: 20_000,
    });
    const { batch, waiting, t } = run.timeline as NonNullable<Run["timeline"]>;
    const inside = batch.reduce((sum, b, k) => sum + b + (waiting[k] as number), 0) / batch.length;
    const summary = summarize(run, { window: "all" });
    const end = t[t.length - 1] as number;
    expect(inside / ((run.requests.count / end) * summary.e2e.mean)).toBeCloseTo(1, 1);
    // Exactly, from the requests themselves: the integral of the number in flight is the sum of their times.
    let integral = 0;
    let inFlight = 0;
    let before = 0;
    const events = [
      ...[...run.requests.scheduled].map((at) => ({ at, by: 1 })),
      ...[...run.requests.last].map((at) => ({ at, by: -1 })),
    ].sort((a, b) => a.at - b.at);
    for (const { at, by } of events) {
      integral += inFlight * (at - before);
      inFlight += by;
      before = at;
    }
    expect(Math.abs(integral / (run.requests.count * summary.e2e.mean) - 1)).toBeLessThan(0.02);
  });

  it("the same seed gives the same bits, here and in any other engine", () => {
    expect(fingerprint(simulate(server, workload))).toBe(fingerprint(simulate(server, workload)));
    expect(fingerprint(simulate(server, { ...workload, seed: 43 }))).not.toBe(fingerprint(simulate(server, workload)));
  });

  it("A/B: two servers under one seed get the same requests at the same times", () => {
    const workload: Workload = {
      arrivals: poisson(10),
      prompt: exponential(400),
      output: exponential(80),
      requests: 500,
      seed: 9,
    };
    const a = simulate(base, workload);
    const b = simulate({ ...base, gpu: "a100-sxm-80", batching: "prefillFirst" }, workload);
    expect(a.requests.scheduled).toEqual(b.requests.scheduled);
    expect(a.requests.promptTokens).toEqual(b.requests.promptTokens);
    expect(a.requests.outputTokens).toEqual(b.requests.outputTokens);
  });
});

describe("what can't finish ends with a reason", () => {
  it("a prompt larger than the KV cache, and the partial run", () => {
    const run = simulate(
      { ...base, scheduler: { numGpuBlocks: 100 } },
      script([
        { at: 0, prompt: 100, output: 5 },
        { at: 1, prompt: 5000, output: 5 },
        { at: 2, prompt: 100, output: 5 },
      ]),
    );
    expect(run.ended?.reason).toBe("neverFits");
    expect(run.ended?.message).toMatch(/request 1 \(5000 prompt/);
    expect(run.requests.status[0]).toBe(0);
    expect(run.requests.outputTokens[0]).toBe(5);
    expect(run.requests.first[1]).toBeNaN();
  });

  it("onProgress returning false", () => {
    const workload: Workload = { arrivals: poisson(5), prompt: fixed(100), output: fixed(50), requests: 5000 };
    const run = simulate(base, workload, { onProgress: (fraction) => fraction < 0.3 });
    expect(run.ended?.reason).toBe("stopped");
    const done = run.requests.status.filter((code) => code === 0).length;
    expect(done).toBeGreaterThan(1000);
    expect(done).toBeLessThan(5000);
  });

  it("a workload with neither requests nor duration", () => {
    expect(() => simulate(base, { arrivals: poisson(5), prompt: fixed(100), output: fixed(50) })).toThrow(InputError);
  });
});

describe("limits and clients", () => {
  it("a request is refused when maxWaiting others wait", () => {
    const run = simulate(
      { ...base, scheduler: { maxNumSeqs: 1, maxWaiting: 2 } },
      script(Array.from({ length: 5 }, (_, k) => ({ at: k * 1e-4, prompt: 500, output: 100 }))),
    );
    expect([...run.requests.status]).toEqual([0, 0, 0, 4, 4]);
  });

  it("a cancelled request stops, and a slow one times out", () => {
    const run = simulate(
      { ...base, scheduler: { maxNumSeqs: 1, timeout: 1.5 } },
      script([
        { at: 0, prompt: 500, output: 10_000, cancelAfter: 1 },
        { at: 0, prompt: 500, output: 10_000 },
        { at: 2, prompt: 500, output: 10 },
      ]),
    );
    expect([...run.requests.status]).toEqual([2, 3, 0]);
    expect(run.requests.closed[0]).toBe(1);
    expect(run.requests.closed[1]).toBe(1.5);
    expect(run.requests.outputTokens[0] as number).toBeLessThan(200);
  });

  it("a cap on concurrency moves the wait from the server to the client", () => {
    const workload: Workload = {
      arrivals: poisson(40),
      prompt: fixed(500),
      output: fixed(200),
      requests: 400,
      maxConcurrency: 8,
    };
    const run = simulate(base, workload);
    const waits = [...run.requests.started].map((t, i) => t - (run.requests.scheduled[i] as number));
    expect(Math.max(...waits)).toBeGreaterThan(1);
    expect(explain(run, 399).ttft.client).toBe(waits[399]);
  });

  it("the way to the server and back is in every time", () => {
    const workload = script([{ at: 0, prompt: 500, output: 3 }]);
    const near = simulate(base, workload).requests;
    const far = simulate({ ...base, network: { rtt: 0.1 } }, workload).requests;
    expect((far.first[0] as number) - (near.first[0] as number)).toBeCloseTo(0.1, 12);
    expect((far.last[0] as number) - (near.last[0] as number)).toBeCloseTo(0.1, 12);
  });

  it("fp8 KV holds twice the tokens", () => {
    const blocks = (kv: "bf16" | "fp8"): number => {
      const run = simulate(
        { ...base, kv },
        { arrivals: poisson(1000), prompt: fixed(2000), output: fixed(2000), requests: 500 },
      );
      return Math.max(...(run.timeline?.blocks ?? []));
    };
    expect(blocks("fp8") / blocks("bf16")).toBeGreaterThan(1.9);
  });
});

describe("a learner's own policy", () => {
  const workload: Workload = {
    arrivals: poisson(20),
    prompt: exponential(300),
    output: exponential(60),
    requests: 200,
  };

  it("runs, and gives every token", () => {
    const run = simulate(base, workload, {
      policy: ({ tokenBudget, running, waiting }) => {
        const decode = running.filter((q) => q.computed === q.prompt + q.generated - 1).map((q) => q.request);
        let left = tokenBudget - decode.length;
        const prefill: { request: number; tokens: number }[] = [];
        for (const q of [...running, ...waiting]) {
          const tokens = Math.min(left, q.prompt + q.generated - q.computed);
          if (decode.includes(q.request) || tokens < 1) continue;
          prefill.push({ request: q.request, tokens });
          left -= tokens;
        }
        return { decode, prefill };
      },
    });
    expect([...run.requests.status].every((code) => code === 0)).toBe(true);
  });

  it("may wait for more to arrive, but not for ever", () => {
    const run = simulate(base, workload, { policy: () => ({ decode: [], prefill: [] }) });
    expect(run.ended?.reason).toBe("idlePolicy");
    expect(run.requests.status.every((code) => code === 5)).toBe(true);
  });

  it.each([
    ["the token budget", () => ({ decode: [], prefill: [{ request: 0, tokens: 1e6 }] }), /tokens/],
    ["a request that does not exist", () => ({ decode: [1e6], prefill: [] }), /decode/],
    ["decoding before the prompt is computed", () => ({ decode: [0], prefill: [] }), /decode is 0/],
    [
      "the same request twice",
      () => ({
        decode: [],
        prefill: [
          { request: 0, tokens: 1 },
          { request: 0, tokens: 1 },
        ],
      }),
      /once/,
    ],
    ["something else entirely", () => undefined as never, /options\.policy returned is undefined/],
  ])("is refused by name when it breaks %s", (_, policy, message) => {
    expect(() => simulate(base, workload, { policy })).toThrow(message);
  });
});
