/** Lesson 7's numbers, as the engine works them out, against the fact base (2026-11-24) within its tolerances; and what its text says of them. */
import { describe, expect, test } from "vitest";
import * as format from "../../../src/components/format.ts";
import * as six from "../../../src/components/figures/lesson-six.ts";
import * as seven from "../../../src/components/figures/lesson-seven.ts";
import { lessonTexts } from "../../content/lesson-text.ts";
import { shape as labShape } from "../../../labs/make-or-buy/day.ts";

const { brief, keeps, load, memoryOf, money, parallel, thousand } = seven;

/** Within so many per cent. */
function near(actual: number, expected: number, per: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(per / 100);
}

describe("memory", () => {
  test.each([
    ["8b-l4", 4.5, 34_000, 16],
    ["8b", 55.5, 424_000, 207],
    ["two-bf16", 2.0, 6100, 3],
    ["four-bf16", 145, 443_000, 216],
    ["one-fp8", 1.0, 3100, 1],
    ["two-fp8", 72.6, 222_000, 108],
    ["two-fp8-fp8", 72.6, 443_000, 216],
    ["h200", 57, 349_000, 170],
  ] as const)("%s has %f GB of room, %i tokens, %i chats of 2,048", (box, gb, tokens, chats) => {
    near(memoryOf.budget(box).kv / 1e9, gb, 5);
    near(memoryOf.budget(box).cacheTokens, tokens, 5);
    expect(Math.abs(memoryOf.holds(box, 2048) - chats)).toBeLessThanOrEqual(1);
  });

  test("the rule of thumb gives 19 GB where 64 users of 8,192 tokens need 85", () => {
    near(memoryOf.ruleOfThumb("8b") / 1e9, 19, 3);
    near(memoryOf.withUsers("8b", 64, 8192) / 1e9, 85, 3);
  });

  test("for 50 users of 4,096 tokens one H200 in fp8 costs little more than half of the cheapest box in bf16", () => {
    expect(memoryOf.holds("h200", 4096)).toBe(85);
    near(memoryOf.boxHour("h200") / (4 * 1.79), 0.55, 5);
  });
});

describe("the cliff", () => {
  test("goodput peaks from 17 to 20 requests a second, tokens a second go on rising", () => {
    expect(load.peak()).toBeGreaterThanOrEqual(17);
    expect(load.peak()).toBeLessThanOrEqual(20);
    near(load.at(18).good, 16.7, 10);
    expect(load.at(22).good).toBeLessThan(0.68 * load.at(load.peak()).good);
    near(load.at(24).good, 4.0, 20);
    for (const [rate, tokens] of [
      [18, 3203],
      [20, 3508],
      [22, 3717],
      [24, 3788],
    ] as const)
      near(load.at(rate).tokens, tokens, 6);
  });

  test("16 a second may be promised, as the lab and its bill say, and a server that refuses keeps its goodput", () => {
    expect(load.safeRate()).toBe(16);
    expect(load.at(24, "careful").good).toBeGreaterThan(0.95 * load.at(18, "careful").good);
    expect(load.at(3).busy).toBeGreaterThan(0.95);
  });

  test("the formula's pace is the simulated mean within a fifth, and at 30 ms it meets the cliff", () => {
    for (const rate of [3, 8, 12, 16, 18, 20, 22, 24]) near(load.loadedPace(rate), load.at(rate).tpot, 20);
    expect(load.rateFor(0.03)).toBeGreaterThan(20);
    expect(load.rateFor(0.03)).toBeLessThan(22);
  });

  test("part 6's capacity and late first tokens are those of 128 seats, where this server has more", () => {
    near(load.capacity(128), six.capacity(), 3);
    expect(load.seats).toBe(1024);
    expect(six.p99(22)).toBeGreaterThan(3 * load.at(22).ttft99);
  });

  test("beyond the cliff a longer look finds less goodput", () => {
    expect(load.at(24, "open", 800).good).toBeGreaterThan(1.3 * load.at(24).good);
  });
});

describe("parallelism", () => {
  test("a step of one sequence takes 30.2, 16.4, 8.8 and 5.1 ms on 1, 2, 4 and 8 GPUs", () => {
    [30.2, 16.4, 8.8, 5.1].forEach((ms, k) => near(1000 * parallel.alone(2 ** k), ms, 2));
  });

  test("four pairs overtake a group of eight at 530 sequences on NVLink and at 84 on a link of 32 GB/s", () => {
    near(parallel.crossover(0, 2, 450), 530, 10);
    near(parallel.crossover(0, 2, 32), 84, 10);
  });

  test("between them two groups of four write most, so that the quiz's 300 sequences on PCIe 4 are for pairs", () => {
    for (const link of [450, 32]) expect(parallel.crossover(0, 1, link)).toBeLessThan(parallel.crossover(1, 2, link));
    expect(parallel.crossover(1, 2, 32)).toBeLessThan(300);
    expect(parallel.crossover(0, 1, 450)).toBeLessThan(384);
    expect(parallel.crossover(1, 2, 450)).toBeGreaterThan(384);
  });
});

describe("make or buy", () => {
  test("a million tokens of an H100 at $3.25 cost $4.51, $0.90, $0.36 and $0.14 at 200, 1,000, 2,500 and 6,450 a second", () => {
    for (const [tokens, usd] of [
      [200, 4.51],
      [1000, 0.9],
      [2500, 0.361],
      [6450, 0.14],
    ] as const)
      near(money.ownPerMillion(tokens, 1), usd, 1);
    near(money.ownPerMillion(1000, 0.3), 3.01, 1);
  });

  test("the figure's day is the lab's", () => {
    expect(money.shape).toEqual(labShape);
  });

  test("GPUs cost most by seven, gemini by ten and not before, luna by one, and deepseek never", () => {
    const spent = (hour: number) => {
      const { own, api } = money.spentBy(hour - 1);
      return { own, gemini: api("gemini"), luna: api("luna"), deepseek: api("deepseek") };
    };
    expect(spent(7).own).toBeGreaterThan(Math.max(spent(7).gemini, spent(7).luna, spent(7).deepseek));
    expect(spent(9).gemini).toBeLessThan(spent(9).own);
    expect(spent(10).gemini).toBeGreaterThan(spent(10).own);
    expect(spent(12).luna).toBeLessThan(spent(12).own);
    expect(spent(13).luna).toBeGreaterThan(spent(13).own);
    expect(spent(24).deepseek).toBeLessThan(spent(24).own);
  });

  test("each new GPU can turn the answer back: owning is cheaper here and there before it is so for good", () => {
    const cheaper = (api: "luna" | "deepseek", peak: number) => money.ownMonth(peak) <= money.apiMonth(api, peak);
    for (const api of ["luna", "deepseek"] as const) {
      const [first, good] = [money.cheaperFirst(api), money.cheaperFrom(api)];
      expect([cheaper(api, first - 1), cheaper(api, first), cheaper(api, good - 1), cheaper(api, good)]).toEqual([
        false,
        true,
        false,
        true,
      ]);
      expect(first).toBeLessThan(good);
    }
    expect(money.cheaperFirst("luna-before")).toBe(money.cheaperFrom("luna-before"));
  });

  test("an earlier price of the same model moves the answer, and each API has one", () => {
    expect(money.cheaperFrom("luna-before")).toBeLessThan(money.cheaperFrom("luna"));
    for (const api of ["luna", "luna-before", "gemini", "deepseek"] as const)
      expect(money.cheaperFrom(api)).toBeLessThan(256);
  });
});

test("a thousand people are some sixty requests in flight, for which two GPUs and a spare do", () => {
  near(thousand().inFlight, 60, 5);
  expect(thousand().gpus).toBe(3);
});

test("of the decision's boxes only one B200 keeps all limits", () => {
  const kept = (["four-bf16", "two-fp8-fp8", "h200", "b200", "two-h200"] as const).filter(keeps);
  expect(kept).toEqual(["b200"]);
  expect(memoryOf.pace("two-fp8-fp8", 54, brief.context)).toBeLessThan(brief.tpot);
});

test("every number that the text computes is a number", () => {
  const { body } = lessonTexts().find(({ id }) => id === "07-throughput-and-sizing")!;
  const expressions = [...body.matchAll(/\{((?:\w+\()*seven\.[^{}]*)\}/g)].map(([, text = ""]) => text.trim());
  expect(expressions.length).toBeGreaterThan(80);
  const scope = { ...format, seven, six };
  for (const expression of expressions) {
    const value: unknown = new Function(...Object.keys(scope), `return (${expression});`)(...Object.values(scope));
    expect(value, expression).toBeDefined();
    if (typeof value === "string" || typeof value === "number")
      expect(String(value), expression).not.toMatch(/NaN|undefined|Infinity/);
  }
});
