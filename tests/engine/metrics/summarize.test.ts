import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/engine/errors.ts";
import { definitions } from "../../../src/engine/metrics/definitions/definitions.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Definition } from "../../../src/engine/metrics/types.ts";
import { statuses } from "../../../src/engine/run.ts";
import { makeRun, type Row } from "./runs.ts";

describe("summarize", () => {
  it("accounts for every scheduled request", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statuses), { maxLength: 30 }), (drawn) => {
        const s = summarize(makeRun(drawn.map((status): Row => ({ status, first: 1, last: 2, output: 3 }))));
        expect(s.succeeded + s.failed + s.cancelled + s.unsent).toBe(drawn.length);
        expect(s.ttft.n).toBe(s.succeeded);
      }),
    );
  });

  it("leaves no number undefined in a run where nothing succeeded", () => {
    const s = summarize(makeRun([{ status: "failed", closed: 1 }, { status: "unsent" }]));
    expect([s.ttft.n, s.outputTokensPerSecond, s.requestsPerSecond, s.cacheHitRate]).toEqual([0, 0, 0, 0]);
    expect(JSON.stringify(s)).not.toContain("null");
  });

  it("never gives NaN, whatever the times and the definition", () => {
    const time = fc.option(fc.double({ min: 0, max: 5, noNaN: true }), { nil: undefined });
    const row = fc.record({
      scheduled: fc.double({ min: 0, max: 5, noNaN: true }),
      started: time,
      first: time,
      last: time,
      closed: time,
      output: fc.nat(5),
      status: fc.constantFrom(...statuses),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), fc.constantFrom(...definitions), (rows, definition) => {
        const s = summarize(makeRun(rows), { definition, window: "steady" });
        for (const d of [s.ttft, s.tpot, s.e2e, s.itl, s.icl])
          if (d.n > 0) for (const v of [d.mean, d.min, d.max, d.p(99)]) expect(v).not.toBeNaN();
        for (const v of [s.duration, s.outputTokensPerSecond, s.totalTokensPerSecond, s.requestsPerSecond])
          expect(v).not.toBeNaN();
      }),
    );
  });

  it("takes rates over the whole run by default: ramp and drain count", () => {
    const s = summarize(
      makeRun([
        { scheduled: 0, first: 1, last: 2, closed: 2, prompt: 30, output: 10 },
        { scheduled: 1, first: 2, last: 5, closed: 5, prompt: 10, output: 10 },
      ]),
    );
    expect([s.duration, s.outputTokensPerSecond, s.totalTokensPerSecond, s.requestsPerSecond]).toEqual([5, 4, 12, 0.4]);
  });

  it("measures a steady server at its steady rate, where the whole run is diluted by ramp and drain", () => {
    // One request leaves each second, takes 10 s and brings 20 tokens, evenly: 20 tokens/s once ten are under way.
    const rows = Array.from({ length: 60 }, (_, i) => ({ scheduled: i, first: i + 0.5, last: i + 10, output: 20 }));
    const steady = summarize(makeRun(rows), { window: "steady" });
    expect(steady.outputTokensPerSecond).toBeGreaterThan(19.8);
    expect(steady.outputTokensPerSecond).toBeLessThan(20.2);
    expect(steady.requestsPerSecond).toBeCloseTo(1, 1);
    expect(summarize(makeRun(rows)).outputTokensPerSecond).toBeLessThan(18);
    expect(steady.ttft.n).toBe(50);
  });

  it("says when there is no steady window", () => {
    const s = summarize(makeRun([{ first: 1, last: 2, output: 3 }]), { window: "steady" });
    expect(s.approximate.join()).toMatch(/never steady/);
  });

  it("reads ITL from the histogram where chunks were not kept, and says so", () => {
    const run = {
      ...makeRun([{ first: 1, last: 2, output: 11 }]),
      itl: { upper: Float64Array.of(0.1, 0.2), count: Float64Array.of(9, 1), sum: 1, max: 0.15 },
    };
    const s = summarize(run);
    expect([s.itl.n, s.itl.mean, s.itl.p(50), s.itl.max]).toEqual([10, 0.1, 0.1, 0.15]);
    expect(s.approximate.join()).toMatch(/^icl/);
  });

  it("has an empty ITL, with the reason, where neither was kept", () => {
    const s = summarize(makeRun([{ first: 1, last: 2, output: 11 }]));
    expect(s.itl.n).toBe(0);
    expect(s.approximate.join()).toMatch(/chunks were not kept/);
    expect(s.itl.p(50)).toBeNaN();
  });

  it("shares of the prompt found in the cache, over successful requests", () => {
    const s = summarize(
      makeRun([
        { first: 1, last: 2, output: 2, prompt: 100, cached: 75 },
        { first: 1, last: 2, output: 2, prompt: 100 },
        { status: "failed", prompt: 800, cached: 800 },
      ]),
    );
    expect(s.cacheHitRate).toBe(0.375);
  });

  it("calls a run client-limited only where its own p99 lag is large enough to change results", () => {
    const rows: Row[] = [
      {
        chunks: [
          [1, 1, "content"],
          [1.2, 1, "content"],
        ],
        output: 2,
      },
    ];
    // A tenth of the TTFT of 1 s; half the gap of 0.2 s.
    expect(summarize(makeRun(rows, 0.099)).clientLimited).toBe(false);
    expect(summarize(makeRun(rows, 0.101)).clientLimited).toBe(true);
    const quick: Row[] = [
      {
        chunks: [
          [1, 1, "content"],
          [1.01, 1, "content"],
        ],
        output: 2,
      },
    ];
    expect(summarize(makeRun(quick, 0.0049)).clientLimited).toBe(false);
    expect(summarize(makeRun(quick, 0.0051)).clientLimited).toBe(true);
    expect(summarize(makeRun(rows)).clientLimited).toBe(false);
    // Where nothing was answered there is no result to change.
    expect(summarize(makeRun([{ status: "failed" }], 3)).clientLimited).toBe(false);
  });

  it("refuses unknown options by name", () => {
    const run = makeRun([]);
    expect(() => summarize(run, { definition: "llmperf" as Definition })).toThrow(InputError);
    expect(() => summarize(run, { window: "middle" as "all" })).toThrow("window");
    expect(() => summarize(run, { from: "first" as "started" })).toThrow("from");
  });
});
