import { expect, test } from "vitest";
import { goalsOf, worstOf, type Errors, type Validated } from "../../../src/components/accuracy/goals.ts";
import { metrics, validations, type Metric, type Validation } from "../../../src/components/accuracy/words.ts";
import recorded from "../../accuracy/record.json" with { type: "json" };

const good: Errors = {
  group: 0.1,
  row: 0.1,
  mean: 0.1,
  p90: 0.2,
  shape: 0.1,
  covered: 0.8,
  roofline: 1,
  rule: 0.5,
  worseThanRoofline: 0,
  groups: 3,
  rows: 9,
};

function recordWith(validation: Validation, metric: Metric, change: Partial<Errors>): Validated {
  const tables = (own: Validation) =>
    Object.fromEntries(metrics.map((m) => [m, own === validation && m === metric ? { ...good, ...change } : good]));
  return Object.fromEntries(validations.map((v) => [v, tables(v)])) as unknown as Validated;
}

test("all is met where every cell is good", () => {
  expect(goalsOf(recordWith("gpu", "tpot", {})).every(({ met }) => met)).toBe(true);
});

test("one validation that is worse than the must is a miss, named with its figure", () => {
  const goals = goalsOf(recordWith("publisher", "tpot", { group: 0.249, rule: 0.9 }));
  expect(goals.filter(({ met }) => !met)).toEqual([
    expect.objectContaining({
      detail: "24.9 % without one publisher",
      says: expect.stringContaining("TPOT") as string,
    }),
  ]);
});

test("less than 30 % better than the rule of thumb is a miss, and so is an interval that holds too much or too little", () => {
  const rule = goalsOf(recordWith("model", "latency", { rule: 0.14 })).filter(({ met }) => !met);
  expect(rule).toHaveLength(1);
  expect(rule[0]!.detail).toContain("end-to-end latency without one model");
  for (const covered of [0.5, 0.9]) {
    const held = goalsOf(recordWith("gpu", "step", { covered })).filter(({ met }) => !met);
    expect(held).toHaveLength(1);
    expect(held[0]!.detail).toContain("one prefill or decode step without one GPU");
  }
});

test("the worst validation of each metric is the one the record names", () => {
  const record = recorded as unknown as Validated;
  for (const metric of metrics) expect(worstOf(record, metric)).toBe(recorded.worst[metric].validation);
});
