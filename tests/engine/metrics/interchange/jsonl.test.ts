import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromJsonl, toJsonl } from "../../../../src/engine/metrics/interchange/index.ts";
import type { Run } from "../../../../src/engine/run.ts";
import { makeRun } from "../runs.ts";
import { anyRun } from "./arbitrary-run.ts";

describe("our own JSONL", () => {
  it("loses nothing of any run", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(fromJsonl(toJsonl(run))).toEqual(run);
      }),
    );
  });

  it("keeps timeline, histogram, explanations, failures and measurement bit by bit", () => {
    const run: Run = {
      ...makeRun([{ first: 0.1 + 0.2, last: 1 / 3, output: 2 }, { status: "failed" }], 0.001),
      date: "2026-11-24",
      ended: { reason: "stopped", message: "by hand" },
      itl: { upper: Float64Array.of(0.1, Infinity), count: Float64Array.of(2, 1), sum: 0.3, max: 0.2 },
      timeline: {
        t: Float64Array.of(0),
        batch: Uint32Array.of(1),
        tokens: Uint32Array.of(2),
        blocks: Uint32Array.of(3),
        waiting: Uint32Array.of(4),
        bound: Uint8Array.of(1),
        busy: 0.5,
      },
      failures: [{ request: 1, kind: "reset", phase: "stream", message: "socket hang up" }],
    };
    const back = fromJsonl(toJsonl(run));
    expect(back).toEqual(run);
    expect(back.requests.first[0]).toBe(0.1 + 0.2);
  });

  it("writes one line about the run and one a request, with the failure beside its request", () => {
    const lines = toJsonl({
      ...makeRun([{ first: 1, last: 2, output: 3 }, { status: "unsent" }], 0),
      failures: [{ request: 1, kind: "refused", phase: "connect", message: "no" }],
    })
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.length).toBe(3);
    expect(lines[0]).toMatchObject({ format: "perflab-run", version: 1, requests: 2 });
    expect(lines[2]).toMatchObject({ status: "unsent", first: null, error: { kind: "refused" } });
  });

  it.each([
    ["", "format"],
    ['{"format":"other"}', "format"],
    ['{"format":"perflab-run","version":2}', "version is 2"],
    ['{"format":"perflab-run","version":1,"requests":3,"run":{}}', "number of request lines"],
    ["not json", "line 1 of the file"],
  ])("refuses %j: %s", (file, message) => {
    expect(() => fromJsonl(file)).toThrow(message);
  });

  it("names line and field of a damaged request", () => {
    const file = toJsonl(makeRun([{ first: 1, last: 2, output: 3 }], 0));
    expect(() => fromJsonl(file.replace('"first":1', '"first":"soon"'))).toThrow("first of request 0");
    expect(() => fromJsonl(file.replace('"succeeded"', '"fine"'))).toThrow("status of request 0");
  });
});
