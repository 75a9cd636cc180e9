/** Where an attempt stands beside the front, and what its report card still lacks. */
import { describe, expect, it } from "vitest";
import {
  attemptsOf,
  placeChart,
  standing,
  type Attempt,
  type FoundFront,
} from "../../../src/components/capstone/attempts.ts";
import { cardMarkdown, cardRows, missing, type Card } from "../../../src/components/capstone/card.ts";
import type { RunRecord } from "../../../src/lab/storage-records.ts";

const found: FoundFront = {
  tried: 300,
  best: 92.8,
  budget: 6000,
  promise: { ttft: 1, tpot: 0.03, kept: 0.95 },
  rate: 14,
  models: [],
  gpus: [],
  passageTokens: 1800,
  front: [
    { usd: 1400, kept: 0.7, worst: 1.2, points: 71, plan: "small" },
    { usd: 2200, kept: 1, worst: 0.8, points: 92.8, plan: "good" },
    { usd: 4700, kept: 1, worst: 0.2, points: 84, plan: "fast" },
  ],
};
const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  id: "capstone:2026-11-27T10:00:00Z",
  name: "Run 1",
  date: "2026-11-27T10:00:00Z",
  points: 88,
  kept: 1,
  worst: 0.8,
  usd: 2200,
  ofSolution: false,
  ...over,
});

describe("an attempt beside the front", () => {
  it.each([
    ["on the front where nothing is better for the money", {}, "On the front"],
    ["told what is cheaper and does as well", { usd: 3000 }, "$800 a month less"],
    ["told that more can be kept for the money", { kept: 0.6, usd: 1400 }, "70.0 % could be kept"],
    ["told that it could be faster for the money", { usd: 4700, worst: 0.5 }, "slowest requests could be faster"],
    ["over the budget", { usd: 7000 }, "$1,000 over the budget"],
    ["not counted, where it has no points", { points: 0 }, "does not count"],
  ])("is %s", (_, over, says) => {
    expect(standing(attempt(over), found)).toContain(says);
  });

  it("is the better by no more than two samples of traffic differ", () => {
    expect(standing(attempt({ kept: 0.995, worst: 0.75 }), found)).toContain("On the front");
  });
});

it("attempts are the capstone's runs that say all four numbers, oldest first", () => {
  const run = (id: string, lab: string, summary: RunRecord["summary"], date = id): RunRecord => ({
    id,
    lab,
    name: id,
    date,
    origin: "simulated",
    target: "simulated server",
    pinned: false,
    summary,
    code: "",
    seed: 1,
    params: {},
    runs: 1,
  });
  const all = { points: 90, keptPercent: 99, worstPercent: 80, monthlyUsd: 2372.5 };
  const runs = [
    run("2", "capstone", all),
    run("1", "capstone", all),
    run("3", "kv-ledger", all),
    run("4", "capstone", {}),
  ];
  expect(attemptsOf(runs).map(({ id }) => id)).toEqual(["1", "2"]);
  expect(attemptsOf(runs)[0]).toMatchObject({ kept: 0.99, worst: 0.8, usd: 2372.5 });
});

it("the figure shows the front alone until there is an attempt, and every attempt after", () => {
  const series = (attempts: Attempt[]) => placeChart(found, attempts).table.rows.length;
  expect(series([])).toBe(3);
  expect(series([attempt(), attempt({ usd: 3000 })])).toBe(5);
});

describe("the report card", () => {
  const card = (over: Partial<Card> = {}): Card => ({
    attempt: attempt(),
    checked: 91.2,
    plan: [["Model", "qwen3-30b-a3b"]],
    said: { diagnosis: "Prefill.", tradeoff: "Headroom.", risk: "Bursts." },
    found,
    ...over,
  });
  it("is complete once it was checked, its plan is there and three things are said", () => {
    expect(missing(card())).toEqual([]);
    expect(cardMarkdown(card())).not.toContain("Incomplete");
  });
  it("names each thing that it lacks", () => {
    const empty = card({ checked: null, plan: [], said: { diagnosis: " ", tradeoff: "", risk: "x" } });
    expect(missing(empty)).toHaveLength(4);
    expect(cardMarkdown(empty)).toContain("Incomplete. It lacks a passed Check");
  });
  it("holds each value against the brief's", () => {
    const broken = cardRows(card({ attempt: attempt({ kept: 0.9, worst: 1.1, usd: 6100 }) }));
    expect(broken.filter(({ holds }) => holds === false).map(({ name }) => name)).toEqual([
      "Promises kept",
      "Slower of the two p99s",
      "USD a month",
    ]);
  });
});
