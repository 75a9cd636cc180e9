/**
 * `npm run fit`: fits the step model to tests/accuracy/measured, writes its parameters and the record of errors. With `--judge` the
 * constants stay as they are: only what is said of them (the record, the widths of intervals) is worked out again.
 */
import { writeFileSync } from "node:fs";
import { readCase, type Case } from "./accuracy/case.ts";
import { readRows } from "./accuracy/csv.ts";
import { baselines } from "./accuracy/baseline.ts";
import { groupsOf, headlines, quantile, type Headline, type Scored } from "./accuracy/score.ts";
import type { Table } from "./accuracy/metrics.ts";
import { parameters as sets } from "../src/engine/step/parameters.ts";
import { fit, problemOf, solutionAt, spread } from "./fit/fit.ts";
import { parametersAt, thetaOf, unknownsOf } from "./fit/plan.ts";
import { shapeError } from "./fit/shape-error.ts";
import { leaveOut, validations, type Validation } from "./fit/validate.ts";

const measured = "tests/accuracy/measured";
const parametersFile = "src/engine/step/fitted.json";
const recordFile = "tests/accuracy/record.json";
const rounds = 60;
const fittedTables = ["throughput", "tpot", "ttft", "step", "latency"] as const;

const cases = readRows(measured)
  .map(readCase)
  .flatMap((read) => ("case" in read && read.case.table !== "memory" ? [read.case] : []));
const unknowns = unknownsOf(cases);
const problem = problemOf(cases, unknowns);
console.log(`${cases.length} rows, ${unknowns.length} unknowns`);
const judged = process.argv.includes("--judge");
const solution = judged ? solutionAt(problem, thetaOf(unknowns, sets.fitted)) : fit(problem, rounds, console.log);
const parameters = parametersAt(unknowns, solution.theta);
const deviation = spread(problem, solution);

// What rows say that were left out: with everything that shares their group, model, GPU, family of GPUs, engine or publisher.
const names = Object.keys(validations) as Validation[];
const left = Object.fromEntries(names.map((name) => [name, leaveOut(problem, solution, name, console.log)])) as Record<
  Validation,
  Float64Array
>;

const base = cases.map(baselines);
const within = scored(solution.residuals);

/** The factor that four of five rows of a table stay within. */
const factor = (residuals: Float64Array, table: Table): number =>
  Math.exp(
    quantile(
      rowsOf(table).map((i) => Math.abs(residuals[i]!)),
      0.8,
    ),
  );
const factors = (of: (table: Table) => number): Record<string, number> =>
  Object.fromEntries(
    fittedTables.filter((table) => table !== "latency").map((table) => [table, Number(of(table).toFixed(3))]),
  );
// Whole answers get the interval of their parts: they were measured on too few pairs of model and GPU.
// Whoever measures next is a publisher unseen; further away where the GPU, its family or the engine is unseen too.
const widest = (...of: Validation[]): Record<string, number> =>
  factors((table) => Math.max(...of.map((name) => factor(left[name], table))));
const near = widest("group", "model", "publisher");
const far = { gpu: widest("gpu"), architecture: widest("architecture"), engine: widest("generation") };
const distinct = (of: (c: Case) => string): string[] => [...new Set(cases.map(of))].sort();
const fittedOn = {
  gpus: distinct((c) => c.server.gpu.id),
  architectures: distinct((c) => c.server.gpu.architecture ?? "default"),
  engines: distinct((c) => c.server.engine).filter((id) => id !== "other"),
};
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
  `${JSON.stringify(judged ? { ...sets.fitted, scatter: near, scatterFar: far } : { name: "fitted", form: "roofline", date: "2026-11-28", scatter: near, scatterFar: far, fittedOn, values }, null, 2)}\n`,
);
const rowsRead = readRows(measured).map(readCase);
const record = {
  note: "Errors as shares. Written by npm run fit; npm test fails when one grows by more than 0.002.",
  rows: {
    read: rowsRead.length,
    unstated: rowsRead.filter((read) => !("case" in read) && !read.stated).length,
    refused: rowsRead.filter((read) => !("case" in read) && read.stated).length,
    fitted: cases.length,
  },
  inSample: summary(solution.residuals),
  ...Object.fromEntries(names.map((name) => [name, summary(left[name])])),
  worst: {} as Record<string, unknown>,
};
record.worst = Object.fromEntries(
  fittedTables.map((table) => {
    const by = names.map((name) => ({ name, ...(record as never as Record<string, Summary>)[name]![table]! }));
    const { name, ...errors } = by.reduce((a, c) => (c.group > a.group ? c : a));
    return [table, { validation: name, ...errors }];
  }),
);
writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
show("in sample", headlines(within));
for (const name of names) show(`leaving out one ${name} at a time`, headlines(scored(left[name])));
const outside = scored(left.group);
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
    unseen.set(key, [...(unseen.get(key) ?? []), left.group[i]!]);
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

type Summary = Readonly<Record<string, { readonly group: number }>>;

/**
 * The share of a table's rows that lie in an 80 % interval whose factor was taken from the other half of the models and GPUs: what an
 * interval made in this way holds of rows that it was not made from.
 */
function coverage(residuals: Float64Array, table: Table): number {
  const own = rowsOf(table);
  const pairs = [...new Set(own.map((i) => `${cases[i]!.model} ${cases[i]!.gpu}`))].sort();
  const half = (i: number): number => pairs.indexOf(`${cases[i]!.model} ${cases[i]!.gpu}`) % 2;
  const sizes = (side: number): number[] => own.filter((i) => half(i) === side).map((i) => Math.abs(residuals[i]!));
  const widths = [quantile(sizes(1), 0.8), quantile(sizes(0), 0.8)];
  return own.filter((i) => Math.abs(residuals[i]!) <= widths[half(i)]!).length / own.length;
}

function summary(residuals: Float64Array): Record<string, unknown> {
  const rows = scored(residuals);
  return Object.fromEntries(
    Object.entries(headlines(rows)).map(([table, h]) => {
      return [
        table,
        {
          group: share(h.group),
          row: share(h.row),
          mean: share(h.mean),
          p90: share(h.p90),
          shape: share(shapeError(cases, residuals, table as Table)),
          covered: share(coverage(residuals, table as Table)),
          roofline: share(h.roofline),
          rule: share(h.rule),
          worseThanRoofline: share(h.worseThanRoofline),
          groups: h.groups,
          rows: h.rows,
        },
      ];
    }),
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
