/** `npm run fit`: fits the step model to tests/accuracy/measured, writes its parameters and the record of errors. */
import { writeFileSync } from "node:fs";
import { readCase, type Case } from "./accuracy/case.ts";
import { readRows } from "./accuracy/csv.ts";
import { baselines } from "./accuracy/baseline.ts";
import { groupsOf, headlines, quantile, type Headline, type Scored } from "./accuracy/score.ts";
import type { Table } from "./accuracy/metrics.ts";
import { fit, problemOf, residual, spread, without } from "./fit/fit.ts";
import { parametersAt, unknownsOf } from "./fit/plan.ts";

const measured = "tests/accuracy/measured";
const parametersFile = "src/engine/step/fitted.json";
const recordFile = "tests/accuracy/record.json";
const rounds = Number(process.argv[2] ?? 60);

const cases = readRows(measured)
  .map(readCase)
  .flatMap((read) => ("case" in read && read.case.table !== "memory" ? [read.case] : []));
const unknowns = unknownsOf(cases);
const problem = problemOf(cases, unknowns);
console.log(`${cases.length} rows, ${unknowns.length} unknowns`);
const solution = fit(problem, rounds, console.log);
const parameters = parametersAt(unknowns, solution.theta);
const deviation = spread(problem, solution);

// Leave one (model, GPU) out at a time.
const deployments = new Map<string, number[]>();
cases.forEach((c, i) => {
  const key = `${c.model} ${c.gpu}`;
  deployments.set(key, [...(deployments.get(key) ?? []), i]);
});
const leftOut = new Float64Array(cases.length);
for (const rows of deployments.values()) {
  const p = parametersAt(unknowns, without(problem, solution, rows));
  for (const i of rows) leftOut[i] = residual(cases[i]!, p);
}

const base = cases.map(baselines);
const within = scored(solution.residuals);
const outside = scored(leftOut);

const scatter = Object.fromEntries(
  (["ttft", "tpot", "throughput", "step"] as const).map((table) => [
    table,
    // The factor that four of five left-out rows stay within.
    Number(
      Math.exp(
        quantile(
          rowsOf(table).map((i) => Math.abs(leftOut[i]!)),
          0.8,
        ),
      ).toFixed(3),
    ),
  ]),
);
const counts = unknowns.map((u) => cases.filter((c) => u.affects(c)).length);
const values = Object.fromEntries(
  Object.entries(parameters.values).map(([name, parameter]) => {
    const j = unknowns.findIndex((u) => u.name === name);
    const factor = j < 0 ? 1 : Math.exp(1.96 * deviation[j]!);
    return [
      name,
      {
        value: digits(parameter.value),
        low: digits(parameter.value / factor),
        high: digits(
          j < 0 ? parameter.value : Math.max(parameter.value, Math.min(unknowns[j]!.most, parameter.value * factor)),
        ),
        source: j < 0 ? parameter.source : `${unknowns[j]!.about}; fitted on ${counts[j]} rows of ${measured}`,
      },
    ];
  }),
);
writeFileSync(
  parametersFile,
  `${JSON.stringify({ name: "fitted", form: "roofline", date: "2026-11-24", scatter, values }, null, 2)}\n`,
);
const record = {
  note: "Errors as shares. Written by npm run fit; npm test fails when one grows by more than 0.002.",
  inSample: summary(within),
  leaveOneOut: summary(outside),
};
writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
show("in sample", headlines(within));
show("leaving out one (model, GPU) at a time", headlines(outside));
console.log("The ten worst groups, left out:");
for (const group of [...groupsOf(outside)].sort((a, b) => b.error - a.error).slice(0, 10))
  console.log(
    `  ${group.key} (${group.rows}): ${(100 * group.error).toFixed(0)} %, roofline ${(100 * group.roofline).toFixed(0)} %`,
  );
if (process.argv.includes("--bias")) bias();

/** Signed medians, for those who improve the model. */
function bias(): void {
  const by = new Map<string, number[]>();
  const unseen = new Map<string, number[]>();
  cases.forEach((c, i) => {
    const key = [c.table, c.model, c.gpu, c.server.engine, c.metric, c.load, c.server.weights].join(" · ");
    by.set(key, [...(by.get(key) ?? []), solution.residuals[i]!]);
    unseen.set(key, [...(unseen.get(key) ?? []), leftOut[i]!]);
  });
  for (const [key, list] of [...by].sort())
    console.log(
      `${key} (${list.length}) ${quantile(list, 0.1).toFixed(2)} ${quantile(list, 0.5).toFixed(2)} ${quantile(list, 0.9).toFixed(2)}; left out ${quantile(unseen.get(key)!, 0.5).toFixed(2)}`,
    );
}

function rowsOf(table: Table): number[] {
  return cases.flatMap((c, i) => (c.table === table ? [i] : []));
}

function scored(residuals: Float64Array): Scored[] {
  return cases.map((c, i) => ({
    table: c.table,
    metric: c.metric,
    model: c.model,
    gpu: c.gpu,
    engine: c.engine,
    error: Math.abs(Math.exp(residuals[i]!) - 1),
    roofline: relative(c, base[i]!.roofline),
    rule: relative(c, base[i]!.rule),
  }));
}

function relative(c: Case, predicted: number): number {
  return Math.abs(predicted / c.scale - c.measured) / c.measured;
}

function summary(rows: readonly Scored[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headlines(rows)).map(([table, h]) => [
      table,
      {
        group: share(h.group),
        row: share(h.row),
        p90: share(h.p90),
        roofline: share(h.roofline),
        rule: share(h.rule),
        worseThanRoofline: share(h.worseThanRoofline),
        groups: h.groups,
        rows: h.rows,
      },
    ]),
  );
}

function show(title: string, heads: Partial<Record<Table, Headline>>): void {
  console.log(title);
  for (const [table, h] of Object.entries(heads))
    console.log(
      `  ${table.padEnd(11)} group ${(100 * h.group).toFixed(1)} %  row ${(100 * h.row).toFixed(1)} %  p90 ${(100 * h.p90).toFixed(0)} %  roofline ${(100 * h.roofline).toFixed(0)} %  rule ${(100 * h.rule).toFixed(0)} %  worse ${(100 * h.worseThanRoofline).toFixed(0)} %`,
    );
}

function share(value: number): number {
  return Number(value.toFixed(4));
}

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
