/** What is typed into the finder, what its address holds, and what its files say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaults, fromText, readForm, toText, type FormName } from "../../../src/components/finder/form.ts";
import { planChart } from "../../../src/components/finder/plan-chart.ts";
import { plansToCsv } from "../../../src/components/finder/plan-export.ts";
import { detailOf, titleOf } from "../../../src/components/finder/plan-words.ts";
import { fieldsOf, questionOf, requestOf } from "../../../src/components/finder/request.ts";
import { findPlans } from "../../../src/engine/plan/find-plans.ts";
import { memoryBudget } from "../../../src/engine/estimate/memory.ts";
import { answered } from "../estimator/typed.ts";

const names = Object.keys(defaults) as FormName[];

test("an address gives back what was typed, whatever it was, and leaves out what nobody typed", () => {
  expect(toText(defaults)).toBe("");
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (typed) => {
      const form = { ...defaults, ...typed };
      expect(fromText(toText(form))).toEqual(form);
    }),
    { numRuns: 50 },
  );
  expect(fromText("budget=5&nonsense=1")).toEqual({ ...defaults, budget: "5" });
});

describe("what is typed is read, or told what is wrong beside its field", () => {
  test("bounds in milliseconds, a budget, GPUs by any of their names, prices of one's own", () => {
    const { wishes, problems } = readForm({
      ...defaults,
      ttft95: "500",
      e2e99: "12,000",
      budget: "9k",
      gpus: "H100 SXM 80GB, l40s",
      prices: "l40s 0.8; h100-sxm-80=$2.10",
      load: "75",
    });
    expect(problems).toEqual({});
    expect(wishes).toMatchObject({
      bounds: [
        { metric: "ttft", percentile: 95, seconds: 0.5 },
        { metric: "e2e", percentile: 99, seconds: 12 },
      ],
      usdPerMonth: 9000,
      mostLoad: 0.75,
      usdPerGpuHour: { l40s: 0.8, "h100-sxm-80": 2.1 },
    });
    expect(wishes!.space!.gpus).toContain("l40s");
  });

  test.each([
    ["ttft95", "soon", /Milliseconds/],
    ["tpot50", "0", /Milliseconds/],
    ["budget", "-1", /USD a month/],
    ["load", "100", /percentage/],
    ["gpus", "h100-sxm-8", /h100/],
    ["prices", "l40s", /USD an hour/],
    ["prices", "l40s 0", /USD an hour/],
  ] as const)("%s: %s", (name, text, says) => {
    const { wishes, problems } = readForm({ ...defaults, [name]: text });
    expect(wishes).toBeNull();
    expect(Object.keys(problems)).toEqual([name]);
    expect(problems[name]).toMatch(says);
  });
});

describe("from the page to an answer and back", () => {
  const { plan } = answered({ mode: "own", ttft: "800", calls: "400000", prefix: "25" });
  const request = requestOf(plan.load, plan.objective, plan.own!, "llama-3.1-8b", "2026-11-28");
  const form = { ...defaults, gpus: "l40s, h100-sxm-80", weights: "own" };
  const question = questionOf(request, form, readForm(form).wishes!, 12);
  const answer = findPlans(question);

  test("the page's promise, busiest hour and checkpoint's format are what is searched for", () => {
    expect(question.slo.goodput).toMatchObject({ ttft: 0.8, share: 0.95 });
    expect(question.workload.rate).toBeCloseTo(400_000 / 86_400, 9);
    expect(question.space!.weights).toEqual(["bf16"]);
    expect(answer.rows.length).toBeGreaterThan(0);
  });

  test("a row that is used becomes the page's configuration: the same server, whose memory is the same", () => {
    const row = answer.rows[0]!;
    const { own } = answered({ mode: "own", ttft: "800", calls: "400000", prefix: "25", ...fieldsOf(row) });
    expect(own!.memory.weights).toBe(memoryBudget(row.server).weights);
  });

  test("a CSV line a row, with as many cells as the head, however the words are", () => {
    const [head, ...lines] = plansToCsv(answer.rows).trimEnd().split("\n");
    expect(lines).toHaveLength(answer.rows.length);
    for (const line of lines) expect(line.replaceAll(/"[^"]*"/g, "").split(",")).toHaveLength(head!.split(",").length);
  });

  test("the chart shows every row, its front apart, and says its ends", () => {
    const chart = planChart(answer)!;
    const points = chart.kind === "scatter" ? chart.spec.series.map((s) => s.points.length) : [];
    expect(points.reduce((sum, n) => sum + n, 0)).toBe(answer.rows.length);
    expect(points[0]).toBe(answer.rows.filter(({ onFront }) => onFront).length);
    expect(chart.finding).toContain(titleOf(answer.rows[0]!));
    expect(planChart({ ...answer, rows: [] })).toBeNull();
  });

  test("rows are named by what they are", () => {
    const row = answer.rows[0]!;
    const server = { ...row.server, gpu: "l40s", tensorParallel: 4, weights: "bf16", kv: "fp8" } as const;
    expect(titleOf({ ...row, replicas: 2, server })).toBe("2 × 4 L40S");
    expect(detailOf({ ...row, server })).toBe("bf16 weights, fp8 KV, TP 4");
  });
});
