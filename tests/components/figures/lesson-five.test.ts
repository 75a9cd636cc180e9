/** Lesson 5's numbers, as the engine works them out, against the fact base (2026-11-24) within its tolerances. */
import { describe, expect, test } from "vitest";
import * as five from "../../../src/components/figures/lesson-five.ts";

/** Within so many per cent. */
function near(actual: number, expected: number, per: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(per / 100);
}

test("a token takes 131,072 bytes; reserving 2,048 for 500 tokens uses 24 %, blocks of 16 waste 1.6 %", () => {
  expect(five.tokenBytes).toBe(131_072);
  near(five.reservedUse, 0.24, 2);
  near(five.pagedWaste, 0.016, 2);
});

describe("one pool of 100,000 tokens", () => {
  test("holds 48 chats that reserve, seven times as many in blocks, and those write 1.6 times the tokens", () => {
    expect(five.derby("reserve").residents).toBe(48);
    expect(five.derby("blocks of 16").residents).toBeGreaterThanOrEqual(5 * 48);
    near(five.derby("reserve").tokens, 4800, 5);
    near(five.derby("blocks of 16").tokens, 7650, 5);
    expect(five.pagedGain()).toBeGreaterThan(1.45);
    expect(five.pagedGain()).toBeLessThan(1.75);
  });

  test("where the rest of six times goes: four times the batch in the mean, and steps nearly twice as long at the peak", () => {
    near(five.derby("blocks of 16").meanBatch / five.derby("reserve").meanBatch, 3.9, 5);
    expect(five.crowded()).toBeLessThan(five.chat);
    near(five.peakStep().step / five.crowd(48).step, 1.84, 3);
    expect(five.peakStep().arithmetic).toBeGreaterThan(five.peakStep().cache);
    near(five.peakStep().cache, 1 / 3, 8);
    near(five.fullBatch(), 204, 2);
  });

  test("blocks of 256 cost 2 % at most, and reserving preempts nobody", () => {
    expect(five.derby("blocks of 16", 256).tokens / five.derby("blocks of 16").tokens).toBeGreaterThan(0.98);
    expect(five.derby("reserve").preemptions).toBe(0);
    expect(five.derby("blocks of 16").preemptions).toBeGreaterThan(0);
  });
});

describe("6,000 shared tokens and 200 of its own", () => {
  test("are prefilled in 202 ms, and in 7.8 ms where the shared ones are found; with 95 % of finds the mean is 17.5 ms", () => {
    near(five.prefill(false), 0.202, 1);
    near(five.prefill(true), 0.0078, 2);
    near(five.meanPrefill(), 0.0175, 2);
  });

  test("have a mean above that of 19 finds and a miss: the first prompt misses too, and finds wait behind misses", () => {
    expect(five.hits().mean).toBeGreaterThan((379 * five.prefill(true) + 21 * five.prefill(false)) / 400);
    near(five.hits().share, (379 * 6000) / (400 * 6200), 0.01);
  });

  test("leave a p99 that is a full miss", () => {
    near(five.hits().p99, five.prefill(false), 0.1);
    near(five.hits().p50, five.prefill(true), 0.1);
  });
});

describe("the cache of the figure of evictions", () => {
  const found = Object.fromEntries(five.evicted().map((each) => [each.name, each]));

  test("finds the shared system prompt, then all but the question, in whole blocks", () => {
    expect(found["first"]?.found).toBe(0);
    expect(found["other document"]?.found).toBe(128);
    expect(found["A again"]?.found).toBe(288);
    for (const { found: tokens } of five.evicted()) expect(tokens % 16).toBe(0);
  });

  test("throws out the least recently used text, its end first", () => {
    expect(found["third document"]?.kept).toMatchObject({ "document A": 160, "document B": 16, "document C": 160 });
  });

  test("finds nothing behind a time in the first line, and loses what others needed for it", () => {
    expect(found["B again"]?.kept).toMatchObject({ system: 128, "document B": 160 });
    expect(found["time first"]?.found).toBe(0);
    expect(found["B once more"]!.found).toBeLessThan(found["A again"]!.found);
  });
});

test("an hour of recorded conversations: 4.4 % of the blocks with 512,000 tokens, 21 % with ten times that, 37 % without end", () => {
  expect(Math.abs(five.recordedShare(1000) - 0.044)).toBeLessThan(0.006);
  expect(Math.abs(five.recordedShare(10_000) - 0.21)).toBeLessThan(0.006);
  expect(Math.abs(five.recordedShare(200_000) - 0.366)).toBeLessThan(0.006);
  near(five.recordedMemory(1000), 67, 1);
});

test("four replicas find 46 % by turns and 77 % with affinity, which by turns takes four times the room; bounded, 72 % and more", () => {
  expect(Math.abs(five.routed("round-robin", 20).share - 0.465)).toBeLessThan(0.02);
  expect(Math.abs(five.routed("affinity", 20).share - 0.775)).toBeLessThan(0.02);
  expect(Math.abs(five.routed("round-robin", 80).share - 0.77)).toBeLessThan(0.02);
  expect(five.routed("bounded", 20).share).toBeGreaterThanOrEqual(0.7);
  expect(five.routed("bounded", 20).busiest).toBeLessThanOrEqual(1.251);
});

test("FP8 doubles the room within half a per cent, and the measured lines meet at 7,000 tokens", () => {
  near(five.roomFor("fp8") / five.roomFor("bf16"), 2, 0.5);
  near(five.breakEven, 7000, 10);
  expect(five.fp8Gain(2048)).toBeLessThan(0);
});

test("of the decision's options only the order of the prompt keeps 400 ms on one GPU", () => {
  const names = Object.keys(five.options) as (keyof typeof five.options)[];
  expect(names.filter((name) => five.keeps(name))).toEqual(["order"]);
});
