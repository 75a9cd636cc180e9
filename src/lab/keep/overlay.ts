/** Charts of several kept runs laid over one another: one series a run and name, the same data as one table. */
import { bars } from "../../engine/chart/bars.ts";
import { line } from "../../engine/chart/line.ts";
import { scatter } from "../../engine/chart/scatter.ts";
import type { ChartDescription, ChartOrigin, ChartTable, SeriesChart } from "../../engine/chart/types.ts";

export interface ChartOfRun {
  /** The run's name. */
  readonly run: string;
  readonly description: ChartDescription;
  readonly origin: ChartOrigin;
}

export interface Overlaid {
  readonly description: ChartDescription;
  /** null where the runs differ in what their data are; the names then say it. */
  readonly origin: ChartOrigin | null;
}

/** One chart for each kind and title that at least two runs drew and that can lie over one another; the others' titles. */
export function overlay(charts: readonly ChartOfRun[]): {
  readonly overlaid: readonly Overlaid[];
  readonly apart: readonly string[];
} {
  const groups = new Map<string, ChartOfRun[]>();
  for (const chart of charts) {
    const key = `${chart.description.kind} ${chart.description.title}`;
    groups.set(key, [...(groups.get(key) ?? []), chart]);
  }
  const overlaid: Overlaid[] = [];
  const apart: string[] = [];
  for (const group of groups.values()) {
    const kinds = new Set(group.map(({ origin }) => origin.kind));
    const named = kinds.size > 1 ? group.map((c) => ({ ...c, run: `${c.run} (${c.origin.kind})` })) : group;
    const description = group.length > 1 ? merged(named) : null;
    if (description === null) apart.push(group[0]!.description.title);
    else overlaid.push({ description, origin: originOf(group) });
  }
  return { overlaid, apart };
}

function originOf(group: readonly ChartOfRun[]): ChartOrigin | null {
  const [{ origin } = { origin: null }] = group;
  if (origin === null || group.some((each) => each.origin.kind !== origin.kind)) return null;
  const same = <Key extends "seed" | "target">(key: Key) => group.every((each) => each.origin[key] === origin[key]);
  const { kind, seed, target } = origin;
  return {
    kind,
    ...(seed !== undefined && same("seed") ? { seed } : {}),
    ...(target !== undefined && same("target") ? { target } : {}),
  };
}

function merged(group: readonly ChartOfRun[]): ChartDescription | null {
  const first = group[0]!.description;
  switch (first.kind) {
    case "line":
    case "scatter": {
      const specs = specsOf(group);
      if (!sameAxes(specs.map(({ spec }) => spec))) return null;
      const { says: _, ...rest } = first.spec;
      return (first.kind === "line" ? line : scatter)({ ...rest, series: seriesOf(specs) });
    }
    case "ecdf":
    case "percentiles": {
      const specs = specsOf(group);
      const table = joined(group);
      if (table === null || !sameAxes(specs.map(({ spec }) => spec))) return null;
      return { ...first, finding: findings(group), table, spec: { ...first.spec, series: seriesOf(specs) } };
    }
    case "bars": {
      const specs = group.flatMap(({ run, description }) =>
        description.kind === "bars" ? [{ run, spec: description.spec }] : [],
      );
      const categories = JSON.stringify(first.spec.categories);
      const { says: _, ...rest } = first.spec;
      const fit = specs.every(
        ({ spec }) =>
          JSON.stringify(spec.categories) === categories && spec.stacked !== true && sameUnit(spec.y, rest.y),
      );
      const series = specs.flatMap(({ run, spec }) =>
        spec.series.map((each) => ({ ...each, name: nameOf(run, each.name, spec.series.length) })),
      );
      return fit ? bars({ ...rest, series }) : null;
    }
    default:
      return null;
  }
}

function specsOf(group: readonly ChartOfRun[]): readonly { readonly run: string; readonly spec: SeriesChart }[] {
  return group.flatMap(({ run, description }) =>
    description.kind === "line" ||
    description.kind === "scatter" ||
    description.kind === "ecdf" ||
    description.kind === "percentiles"
      ? [{ run, spec: description.spec }]
      : [],
  );
}

function seriesOf(specs: readonly { readonly run: string; readonly spec: SeriesChart }[]): SeriesChart["series"] {
  return specs.flatMap(({ run, spec }) =>
    spec.series.map((each) => ({ ...each, name: nameOf(run, each.name, spec.series.length) })),
  );
}

function nameOf(run: string, series: string, of: number): string {
  return of === 1 ? run : `${run} · ${series}`;
}

function sameAxes(specs: readonly SeriesChart[]): boolean {
  return specs.every(({ x, y }) => sameUnit(x, specs[0]!.x) && sameUnit(y, specs[0]!.y));
}

function sameUnit(a: SeriesChart["x"], b: SeriesChart["x"]): boolean {
  return a.unit === b.unit && a.label === b.label && a.scale === b.scale;
}

/** Tables with the same first column side by side; null where the rows are not the same ones. */
function joined(group: readonly ChartOfRun[]): ChartTable | null {
  const [first, ...others] = group.map(({ description }) => description.table);
  const keys = (table: ChartTable) => JSON.stringify([table.columns[0], table.rows.map(([key]) => key)]);
  if (first === undefined || others.some((table) => keys(table) !== keys(first))) return null;
  return {
    columns: [
      first.columns[0] ?? "",
      ...group.flatMap(({ run, description }) =>
        description.table.columns.slice(1).map((column) => `${run} · ${column}`),
      ),
    ],
    rows: first.rows.map(([key = ""], i) => [
      key,
      ...group.flatMap(({ description }) => description.table.rows[i]?.slice(1) ?? []),
    ]),
  };
}

function findings(group: readonly ChartOfRun[]): string {
  return group.map(({ run, description }) => `${run}: ${description.finding}`).join(" ");
}
