/** What is typed, what is said about it, and what can be taken away. */
import { describe, expect, test } from "vitest";
import { answer } from "../../../src/components/estimator/answer.ts";
import { examples } from "../../../src/components/estimator/examples.ts";
import { questionOf } from "../../../src/components/estimator/estimator-state.ts";
import { fromParams, names, toParams, untouched } from "../../../src/components/estimator/fields.ts";
import { apiFigures } from "../../../src/components/estimator/figures-api.ts";
import { latencyFigures, ownFigures } from "../../../src/components/estimator/figures-own.ts";
import {
  attainmentFigure,
  cacheFigure,
  percentileFigures,
  safeFigure,
} from "../../../src/components/estimator/figures-simulated.ts";
import { labCode } from "../../../src/components/estimator/lab-code.ts";
import { read } from "../../../src/components/estimator/read.ts";
import { refine } from "../../../src/components/estimator/refine.ts";
import { resultRows, resultsToCsv, resultsToJson } from "../../../src/components/estimator/results.ts";
import * as perflab from "../../../src/engine/index.ts";
import { answered, chat, readWith, type Change } from "./typed.ts";

describe("what is typed", () => {
  test("an untouched page is empty: no plan, and nothing wrong", () => {
    expect(read(untouched, "2026-08-05")).toEqual({ plan: null, problems: {}, missing: [] });
  });

  test("what is still to be filled in is no mistake, but named", () => {
    const { plan, problems, missing } = read({ ...untouched, in: "2000" }, "2026-08-05");
    expect(plan).toBeNull();
    expect(problems).toEqual({});
    expect(missing).toEqual(["out", "calls"]);
  });

  test.each<[Change, keyof Change, RegExp]>([
    [{ in: "many" }, "in", /“many” is not a number/],
    [{ in: "-5" }, "in", /from 1/],
    [{ calls: "0" }, "calls", /above 0/],
    [{ inKind: "percentiles", in: "2000", in2: "1000" }, "in2", /p95 is below p50, 2000/],
    [{ outKind: "uniform", out: "10", out2: "5" }, "out2", /upper end/],
    [{ outKind: "values", out: "12" }, "out", /At least two/],
    [{ outKind: "values", out: "120 -5" }, "out", /-5 is no length/],
    [{ outKind: "values", out: "1,500,200" }, "out", /“1,500,200” is not one number: put spaces/],
    [{ curve: "own", hours: `${"1 ".repeat(23)}-1` }, "hours", /-1 is no number of calls/],
    [{ curve: "own", hours: `${"1 ".repeat(23)}x` }, "hours", /“x” is not one number/],
    [{ curve: "own", hours: "1 2 3" }, "hours", /24 numbers.*there are 3/],
    [{ attainment: "120" }, "attainment", /99.9/],
    [{ gpus: "6", tp: "4" }, "gpus", /can’t be parted/],
    [{ tp: "3", gpus: "3" }, "tp", /divisor/],
    [{ gpu: "apple-m4" }, "usd", /no price/],
    [{ seqs: "9000", batch: "100" }, "seqs", /at most/],
    [{ set: "own", mfu: "200", mbu: "80" }, "mfu", /at most|to 100/],
    [{ zone: "99" }, "zone", /from -12 to 14/],
  ])("%j is said beside its field", (change, field, words) => {
    expect(readWith(change).problems[field]).toMatch(words);
  });

  test.each(names)("an address may say anything of %s", (name) => {
    for (const garbage of ["constructor", "__proto__"]) {
      const { plan, problems } = readWith({ [name]: garbage });
      if (plan === null) expect(problems).not.toEqual({});
    }
  });

  test("numbers are read as people write them", () => {
    const calls = (text: string) => answered({ calls: text }).plan.load.callsPerDay;
    expect([calls("1,500"), calls("50k"), calls("2M"), calls("1.5k"), calls("12 000")]).toEqual([
      1500, 50_000, 2_000_000, 1500, 12_000,
    ]);
    expect(answered({ ttft: "1.5 s" }).plan.objective.slo).toEqual({ ttft: 1.5 });
    expect(answered({ prefix: "60 %" }).plan.load.prefixShare).toBeCloseTo(0.6, 12);
  });

  test("p50 and p95 give the lognormal that has them", () => {
    const { prompt } = answered({ inKind: "percentiles", in: "1000", in2: "4000" }).plan.load;
    const drawn = [...perflab.sample(prompt, 40_000)].sort((a, b) => a - b);
    expect(drawn[20_000]! / 1000).toBeCloseTo(1, 1);
    expect(drawn[38_000]! / 4000).toBeCloseTo(1, 1);
  });

  test("an address brings back every field, and names that nobody knows do no harm", () => {
    const typed = { ...chat, gpu: "l4", hours: "1 2 3 & 4=5", config: "packed~", mode: "own" };
    expect(fromParams(toParams(typed, "packed~"))).toEqual(typed);
    expect(toParams(untouched).toString()).toBe("");
    expect(fromParams(new URLSearchParams("in=5&evil=1&mode=own"))).toEqual({ ...untouched, in: "5", mode: "own" });
  });
});

test("every example can be read, and its server is stable", () => {
  for (const { id, typed } of examples) {
    const { plan, problems } = read({ ...untouched, ...typed }, "2026-08-05");
    expect(problems, id).toEqual({});
    const told = answer(plan!);
    expect(told.own!.peak!.stable, id).toBe(true);
    expect(told.api!.perMonth.total, id).toBeGreaterThan(0);
  }
});

test("every number has a formula, and the formula its values", () => {
  const { plan, api, own } = answered({ ttft: "800", reasoning: "50", cached: "1500", apiTtft: "400", apiSpeed: "80" });
  const refined = refine(questionOf(plan)!, () => {});
  const figures = [
    ...Object.values(apiFigures(plan.api!, plan.load, api!)).flat(),
    ...Object.values(ownFigures(plan.own!, plan.load, plan.objective, own!)!),
    ...Object.values(latencyFigures(plan.own!, plan.load, plan.objective, own!.peak!)!),
    ...(["ttft", "tpot", "e2e"] as const).flatMap((name) => percentileFigures(plan, name, refined, own!.peak![name])),
    safeFigure(plan, refined),
    attainmentFigure(plan, refined),
    cacheFigure(plan, refined),
  ];
  expect(figures).toHaveLength(8 + 9 + 3 + 9 + 3);
  expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
  for (const { id, formula, filled, text } of figures) {
    expect(formula, id).not.toBe("");
    expect(`${text} ${filled}`, id).not.toMatch(/NaN|undefined|Infinity/);
    expect(filled, id).toMatch(/\d|typed|measured/);
  }
  const { filled, source } = apiFigures(plan.api!, plan.load, api!).perRequest;
  expect(filled).toBe("500 × $0.2/M + 1,500 cached × $0.02/M + 350 out × $1.2/M");
  expect(source).toContain("simonw/llm-prices");
});

test("an API's E2E follows the speed that was typed, and its percentiles the lengths of its answers", () => {
  const typed = {
    mode: "api",
    rtt: "100",
    apiTtft: "500",
    apiSpeed: "100",
    outKind: "uniform",
    out: "100",
    out2: "500",
  };
  const { e2e, e2eAt } = answered(typed).api!;
  expect(e2e).toBeCloseTo(0.1 + 0.5 + 300 / 100, 9);
  expect(e2eAt!.map(({ value }) => value)).toEqual([
    expect.closeTo(3.6, 0),
    expect.closeTo(5.4, 0),
    expect.closeTo(5.56, 1),
  ]);
  expect(answered({ ...typed, tier: "batch" }).api!.e2e).toBeUndefined();
  expect(answered({ mode: "api" }).api!.e2e).toBeUndefined();
});

describe("what is taken away", () => {
  const told = answered({ ttft: "800", tpot: "40", calls: "50000" });
  const refined = refine(questionOf(told.plan)!, () => {});

  test("the simulation has percentiles, a capacity near the estimate's, and a rate that keeps the promise", () => {
    expect(refined.stable).toBe(true);
    expect(refined.ttft!.at.map(({ q }) => q)).toEqual([50, 95, 99]);
    expect(refined.ttft!.at[2]!.value).toBeGreaterThan(refined.ttft!.at[0]!.value);
    expect(refined.capacity / told.own!.peak!.capacity.value).toBeGreaterThan(0.8);
    expect(refined.capacity / told.own!.peak!.capacity.value).toBeLessThan(1.2);
    expect(refined.attainment).toBe(1);
    expect(refined.safe!).toBeGreaterThan(told.own!.rates.peak);
    expect(refined.safe!).toBeLessThan(refined.capacity);
    expect(refine(questionOf(told.plan)!, () => {})).toEqual(refined);
  });

  test("CSV and JSON hold every result with its kind", () => {
    const rows = resultRows(told, refined);
    const lines = resultsToCsv(rows).trim().split("\r\n");
    expect(lines[0]).toBe("result,unit,value,low,high,kind");
    expect(lines).toHaveLength(rows.length + 1);
    for (const kind of ["calculated", "estimated", "simulated"])
      expect(rows.some((row) => row.kind === kind)).toBe(true);
    const json = resultsToJson({ ...chat, ttft: "800" }, told, rows);
    expect(json["given"]).toEqual({ in: "2000", out: "300", calls: "10000", ttft: "800" });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test.each<[string, Change]>([
    ["both", { ttft: "800" }],
    [
      "a pasted config",
      {
        model: "config",
        config:
          '{"model_type":"llama","hidden_size":2048,"intermediate_size":8192,"num_hidden_layers":16,"num_attention_heads":32,"num_key_value_heads":8,"head_dim":64,"vocab_size":128256,"max_position_embeddings":131072}',
      },
    ],
    ["the API alone, at a price of one's own", { mode: "api", api: "own", priceIn: "1", priceOut: "2" }],
    ["the API in dear hours", { mode: "api", api: "deepseek-v4-flash", prefix: "60" }],
    ["a prefix too short for the API's cache", { mode: "api", prefix: "30" }],
    ["replicas with a prefix and bursts", { mode: "own", gpus: "2", prefix: "50", burstiness: "0.5" }],
  ])("the code of the lab runs: %s", (_, change) => {
    const told = answered(change);
    const { plan } = told;
    const code = labCode(told, change.config ?? "").replace(/import \{(.*)\} from "perflab";/, "const {$1} = perflab;");
    const said: string[] = [];

    new Function("perflab", "console", code)(perflabInLab(), {
      log: (...words: unknown[]) => said.push(words.join(" ")),
    });
    const all = said.join("\n");
    if (plan.own) expect(all).toMatch(/p99: TTFT \d/);
    if (plan.api) expect(Number(/API: \$([\d.e-]+)/.exec(all)?.[1])).toBeCloseTo(told.api!.perRequest.total, 15);
    expect(all).not.toMatch(/NaN|undefined/);
  });
});

/** What a lab imports; its charts go nowhere here. */
function perflabInLab(): object {
  return { ...perflab, chart: { ecdf: () => {} } };
}
