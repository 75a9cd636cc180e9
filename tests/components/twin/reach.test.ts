import { describe, expect, it } from "vitest";
import type { Observation } from "../../../src/engine/calibrate/observation.ts";
import { calibrate } from "../../../src/engine/index.ts";
import { beyond, placesOf } from "../../../src/components/twin/reach.ts";
import { examples } from "../../../src/components/twin/examples.ts";
import { readRows } from "../../../src/components/twin/rows.ts";
import { ChoiceProblem, serverOf, usualServer } from "../../../src/components/twin/server-choice.ts";

const at = (concurrency: number, prompt: number): Observation => ({
  load: { prompt, output: 128, concurrency },
  cached: 0,
  ingress: true,
  measured: { tpot: 0.01 },
});
const points = [at(1, 512), at(8, 512), at(16, 2048)];

describe("a load", () => {
  it("between the points is within what was measured", () => {
    expect(beyond({ prompt: 1000, output: 128, concurrency: 12 }, points)).toEqual([]);
  });
  it.each([
    [{ prompt: 1000, output: 128, concurrency: 64 }, "64 users is 4 times the most that was measured (16)"],
    [{ prompt: 8192, output: 128, concurrency: 8 }, "8,190 tokens of prompt is 4 times the most"],
    [{ prompt: 1000, output: 8, concurrency: 8 }, "8 tokens of answer is less than the least"],
    [{ prompt: 1000, output: 128, rate: 2 }, "No point was measured at a rate of arrivals"],
  ])("beyond them says why: %j", (load, says) => {
    expect(beyond(load, points).join(" ")).toContain(says);
  });
});

describe("the server's own limit", () => {
  const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
  it("is the KV cache for long requests, and the places for short ones", () => {
    expect(placesOf({ ...server, scheduler: { maxNumSeqs: 1024 } }, { prompt: 16_000, output: 1000 })).toMatchObject({
      by: "KV cache",
    });
    expect(placesOf({ ...server, scheduler: { maxNumSeqs: 32 } }, { prompt: 512, output: 128 })).toEqual({
      users: 32,
      by: "maxNumSeqs",
    });
  });
});

describe("the server that is typed", () => {
  it.each([
    [{ tp: "two" }, "tp"],
    [{ seqs: "0" }, "seqs"],
    [{ model: "", config: "{ not json" }, "config"],
    [{ model: "", config: "" }, "config"],
    [{ weights: "int3" }, "weights"],
  ] as const)("%j is refused beside its field", (typed, field) => {
    let caught: unknown;
    try {
      serverOf({ ...usualServer, ...typed });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ChoiceProblem);
    expect((caught as ChoiceProblem).field).toBe(field);
  });
});

describe("examples", () => {
  it.each(examples.map((example) => [example.id, example] as const))(
    "%s can be fitted",
    (_id, { rows, server }) => {
      const read = readRows(rows);
      expect(read.problems).toEqual([]);
      const twin = calibrate(
        serverOf({ ...usualServer, ...server }),
        read.observations.map(({ load, measured }) => ({ ...load, ...measured })),
      );
      const inside = twin.heldOut.filter(
        ({ measured, predicted }) => predicted.low <= measured && measured <= predicted.high,
      );
      expect(inside.length).toBeGreaterThanOrEqual(twin.heldOut.length - 1);
    },
    60_000,
  );
});
