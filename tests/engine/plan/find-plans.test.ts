/** "Find it for me" against trying everything, and its rows against whole simulations. */
import { describe, expect, test } from "vitest";
import { goodput } from "../../../src/engine/metrics/goodput.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import { memoryBudget } from "../../../src/engine/estimate/memory.ts";
import { findPlans } from "../../../src/engine/plan/find-plans.ts";
import { frontOf } from "../../../src/engine/plan/front.ts";
import { simulated, trafficOf } from "../../../src/engine/plan/traffic.ts";
import type { PlanQuestion } from "../../../src/engine/plan/types.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { bruteForce } from "./brute-force.ts";
import { questions } from "./questions.ts";

const answers = questions.map((question) => findPlans(question));

describe("ten seeded questions", () => {
  test("some have rows with several replicas, and some questions have none", () => {
    expect(answers.some(({ rows }) => rows.some(({ replicas }) => replicas > 1))).toBe(true);
    expect(answers.filter(({ rows }) => rows.length > 0).length).toBeGreaterThanOrEqual(7);
  });

  test.each(questions.map((question, i) => [i + 1, question] as const))(
    "question %i: the search finds what trying everything finds",
    (i, question) => {
      const all = bruteForce(question);
      expect(answers[i - 1]!.rows.map(({ id, usdPerMonth }) => [id, usdPerMonth]).sort()).toEqual(
        all.rows.map(({ id, usd }) => [id, usd]).sort(),
      );
      expect(all.screenedWrongly, "plans that the closed form kept from a simulation they would have passed").toBe(0);
    },
  );

  test.each(questions.map((question, i) => [i + 1, question] as const))(
    "question %i: every row fits, and keeps the SLO when all its replicas are simulated under another seed",
    (i, question) => {
      for (const row of answers[i - 1]!.rows) {
        expect(memoryBudget(row.server).fits).toBe(true);
        const { rate } = question.workload;
        const traffic = trafficOf(question.workload, rate, 1000 + i, row.replicas * simulated.requests);
        const run = simulate(row.server, traffic);
        expect(run.ended).toBeUndefined();
        const summary = summarize(run);
        expect(summary.succeeded).toBe(traffic.requests);
        for (const { metric, percentile, seconds } of question.slo.bounds ?? [])
          expect(summary[metric].p(percentile), `${row.id}: ${metric} p${percentile}`).toBeLessThanOrEqual(seconds);
        if (question.slo.goodput) {
          const { share, ...slo } = question.slo.goodput;
          expect(goodput(run, slo).attainment).toBeGreaterThanOrEqual(share);
        }
      }
    },
  );

  test("every configuration is a row or is refused for one reason", () => {
    for (const { rows, refused, configurations } of answers) {
      const inRows = new Set(rows.map(({ id }) => id.replace(/^\d+ × /, "")));
      expect(inRows.size + refused.reduce((sum, { configurations: n }) => sum + n, 0)).toBe(configurations);
    }
  });

  test("rows go by price, within the budget, and the front loses in neither price nor p99", () => {
    answers.forEach(({ rows, rankBy }, i) => {
      const usd = rows.map(({ usdPerMonth }) => usdPerMonth);
      expect(usd).toEqual([...usd].sort((a, b) => a - b));
      for (const each of usd) expect(each).toBeLessThanOrEqual(questions[i]!.usdPerMonth ?? Infinity);
      const front = rows.filter(({ onFront }) => onFront);
      expect(front).toEqual(frontOf(rows, rankBy));
      for (const row of rows)
        expect(
          front.some((f) => f.usdPerMonth <= row.usdPerMonth && f.confirmed[rankBy].p99 <= row.confirmed[rankBy].p99),
        ).toBe(true);
    });
  });
});

const chat: PlanQuestion = {
  model: "llama-3.1-8b",
  workload: { rate: 8, prompt: { kind: "fixed", value: 500 }, output: { kind: "fixed", value: 100 } },
  slo: { bounds: [{ metric: "ttft", percentile: 95, seconds: 0.5 }] },
  asOf: "2026-11-28",
  space: { gpus: ["l40s", "h100-sxm-80", "t4"], weights: ["bf16"], kv: ["bf16"], tensorParallel: [1, 2] },
};

describe("what nothing meets", () => {
  test("too small a budget: the cheapest that keeps every goal, and what it takes more", () => {
    const { rows } = findPlans(chat);
    const answer = findPlans({ ...chat, usdPerMonth: 300 });
    expect(answer.rows).toEqual([]);
    expect(answer.nearest[0]!.row.id).toBe(rows[0]!.id);
    expect(answer.nearest[0]!.words).toContain(`raise the budget by $${Math.round(rows[0]!.usdPerMonth - 300)}`);
  });

  test("too tight a goal: the nearest, whose relaxed goal is then met", () => {
    const slo = { bounds: [{ metric: "tpot", percentile: 95, seconds: 0.004 }] } as const;
    const answer = findPlans({ ...chat, slo, usdPerMonth: 6000 });
    expect(answer.rows).toEqual([]);
    expect(answer.refused.find(({ reason }) => reason === "tooSlow")!.configurations).toBeGreaterThan(0);
    const { row, words } = answer.nearest.at(-1)!;
    expect(words).toContain("relax TPOT p95 ≤ 4 ms to TPOT ≤");
    const seconds = 0.004 * row.confirmed.goals[0]!.of * 1.001;
    const relaxed = findPlans({ ...chat, usdPerMonth: 6000, slo: { bounds: [{ ...slo.bounds[0], seconds }] } });
    expect(relaxed.rows.length).toBeGreaterThan(0);
  });
});

describe("what a question may say", () => {
  test("a GPU without a price is counted, and a price of one's own makes it a row", () => {
    const unpriced = findPlans(chat).refused.find(({ reason }) => reason === "unpriced");
    expect(unpriced!.words).toContain("t4");
    const priced = findPlans({
      ...chat,
      usdPerGpuHour: { t4: 0.01 },
      slo: { bounds: [{ ...chat.slo.bounds![0]!, seconds: 9 }] },
    });
    expect(priced.refused.some(({ reason }) => reason === "unpriced")).toBe(false);
  });

  test("prices are those of the day asked for, and say when they have grown old", () => {
    const price = (asOf: string) => findPlans({ ...chat, asOf, rows: 1 }).rows[0]!.price;
    expect(price("2026-11-28").stale).toBe(false);
    expect(price("2027-06-01")).toMatchObject({ stale: true });
    expect(findPlans({ ...chat, asOf: "2020-01-01" }).refused).toHaveLength(1);
  });

  test("it can be ended, and then says nothing about what is nearest", () => {
    let told = 0;
    const answer = findPlans({ ...chat, usdPerMonth: 1 }, () => ++told < 2);
    expect(answer).toMatchObject({ ended: true, rows: [], nearest: [] });
  });

  test.each([
    [{ slo: { bounds: [{ metric: "itl", percentile: 95, seconds: 1 }] } }, "slo.bounds[0].metric"],
    [{ slo: { bounds: [{ metric: "ttft", percentile: 99.9, seconds: 1 }] } }, "slo.bounds[0].percentile"],
    [{ slo: { bounds: [{ metric: "ttft", percentile: 95, seconds: 0 }] } }, "slo.bounds[0].seconds"],
    [{ slo: { goodput: { share: 0.999, ttft: 1 } } }, "slo.goodput.share"],
    [{ slo: { goodput: { share: 0.9 } } }, "slo.goodput"],
    [{ usdPerMonth: 0 }, "usdPerMonth"],
    [{ asOf: "yesterday" }, "asOf"],
    [{ asOf: "2026-99-99" }, "asOf"],
    [{ asOf: "2026-02-30" }, "asOf"],
    [{ usdPerGpuHour: { h100: 3 } }, "usdPerGpuHour"],
    [{ usdPerGpuHour: { t4: -1 } }, "usdPerGpuHour.t4"],
    [{ mostLoad: 1 }, "mostLoad"],
    [{ rows: 0 }, "rows"],
    [{ space: { gpus: [] } }, "space.gpus"],
    [{ space: { weights: ["fp7"] } }, "space.weights"],
    [{ budget: 3 }, "question.budget"],
    [{ workload: { ...chat.workload, rate: 0 } }, "workload.rate"],
    [{ workload: { ...chat.workload, output: { kind: "fixed", value: 200_000 } } }, "workload.prompt"],
  ])("%j is refused by name", (change, field) => {
    let thrown: unknown;
    try {
      findPlans({ ...chat, ...change } as PlanQuestion);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: "InputError", field });
  });
});
