/** The Artillery engine's own rules, without Artillery: slices over workers and hosts, and options as the command line has them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flagsOf, sliceOf } from "../../tools/artillery-engine-perflab/src/script.ts";

const target = "http://127.0.0.1:9/v1";
const one = { index: 0, of: 1 };

describe("virtual users", () => {
  test("have each slice once, over any number of workers and hosts", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (workers, each, hosts) => {
          const shards = workers * each;
          const slices: number[] = [];
          for (let host = 0; host < hosts; host++)
            for (let worker = 1; worker <= workers; worker++)
              for (let ordinal = 0; ordinal < each; ordinal++) {
                const config = { shards, host: `${host}/${hosts}` };
                const slice = sliceOf(config, { worker, totalWorkers: workers }, ordinal);
                expect(slice.of).toBe(shards * hosts);
                slices.push(slice.index);
              }
          expect(slices.sort((a, b) => a - b)).toEqual(slices.map((_, i) => i));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("too many, or a host that is none, are refused in words", () => {
    expect(() => sliceOf({}, {}, 1)).toThrow(/virtual user 2 has no slice: config.perflab.shards is 1/);
    expect(() => sliceOf({ shards: "two" }, {}, 0)).toThrow(/shards is two/);
    expect(() => sliceOf({ host: "one" }, {}, 0)).toThrow(/write 0\/4/);
  });
});

describe("a bench step", () => {
  test("has the options of perflab bench, under their names", () => {
    const step = { model: "m", "request-rate": 8, "num-prompts": 60, goodput: ["ttft:200", "tpot:50"], insecure: true };
    expect(flagsOf(step, target, {}, one)).toMatchObject({
      baseUrl: target,
      model: "m",
      requestRate: 8,
      numPrompts: 60,
      insecure: true,
      clockProbes: 12,
    });
  });

  test("of several slices carries shard and start, and names each slice's file", () => {
    const config = { shards: 2, startAt: "1800000000" };
    const flags = flagsOf({ "save-result": "s-{shard}.jsonl" }, target, config, { index: 1, of: 2 });
    expect(flags).toMatchObject({ shard: { index: 1, of: 2 }, startAt: 1_800_000_000, saveResult: "s-1.jsonl" });
    expect(() => flagsOf({ "save-result": "s.jsonl" }, target, config, { index: 1, of: 2 })).toThrow(/needs \{shard\}/);
  });

  test("that can't be is refused in the command's words", () => {
    expect(() => flagsOf({ "num-prompt": 3 }, target, {}, one)).toThrow(/unknown option '--num-prompt'/);
    expect(() => flagsOf({ "request-rate": "fast" }, target, {}, one)).toThrow(/It must be a number/);
    expect(() => flagsOf({}, target, {}, { index: 0, of: 2 })).toThrow(/startAt is missing/);
    expect(() => flagsOf({ shard: "0/2" }, target, {}, one)).toThrow(/shard belongs in config.perflab/);
  });
});
