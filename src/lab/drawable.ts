/** What a picture can't show of a wrong answer is left out and said, so that the lab goes on to the checks that explain it. */
import type {
  CategoryChart,
  DistributionChart,
  GridChart,
  Point,
  SeriesChart,
  TableChart,
} from "../engine/chart/types.ts";
import { checkNumber } from "../engine/chart/validate.ts";
import { InputError } from "../engine/errors.ts";

export interface Drawable<Chart> {
  readonly chart: Chart;
  /** "3 of 400 points are left out. The first: series[0].points[3].y is NaN; it must be a finite number." */
  readonly note: string | undefined;
}

/** Counts what is looked at and remembers the first that is refused. */
class Sieve {
  #all = 0;
  #refused = 0;
  #first = "";
  passes(check: () => void): boolean {
    this.#all++;
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (this.#refused++ === 0) this.#first = error.message.slice(0, 300);
      return false;
    }
  }
  note(what: string): string | undefined {
    if (this.#refused === 0) return undefined;
    return `${this.#refused} of ${this.#all} ${what} ${this.#refused === 1 ? "is" : "are"} left out. The first: ${this.#first}.`;
  }
}

/** Without the points that have no place. */
export function drawableSeries(c: SeriesChart): Drawable<SeriesChart> {
  if (!Array.isArray(c?.series)) return { chart: c, note: undefined };
  const sieve = new Sieve();
  const series = c.series.map((one, s) => {
    if (!Array.isArray(one?.points)) return one;
    const fits = (p: Point | undefined, i: number) =>
      sieve.passes(() => {
        const field = `series[${s}].points[${i}]`;
        if (typeof p !== "object" || p === null) throw new InputError(field, p, "a point such as { x: 1, y: 2 }");
        checkNumber(p.x, c.x ?? {}, `${field}.x`);
        for (const name of ["y", "low", "high"] as const)
          if (name === "y" || p[name] !== undefined) checkNumber(p[name], c.y ?? {}, `${field}.${name}`);
      });
    return { ...one, points: one.points.filter(fits) };
  });
  return { chart: { ...c, series }, note: sieve.note("points") };
}

/** Without the values that have no place. */
export function drawableSamples(c: DistributionChart): Drawable<DistributionChart> {
  if (!Array.isArray(c?.samples)) return { chart: c, note: undefined };
  const sieve = new Sieve();
  const samples = c.samples.map((one: DistributionChart["samples"][number], s) => {
    if (typeof one?.values !== "object" || one.values === null || !(one.values.length >= 0)) return one;
    const kept: number[] = [];
    for (let i = 0; i < one.values.length; i++) {
      const value = one.values[i];
      if (sieve.passes(() => checkNumber(value, c.x ?? {}, `samples[${s}].values[${i}]`))) kept.push(value);
    }
    return { ...one, values: kept };
  });
  return { chart: { ...c, samples }, note: sieve.note("values") };
}

/** Without the categories of which a value has no height. */
export function drawableCategories(c: CategoryChart): Drawable<CategoryChart> {
  const even = Array.isArray(c?.categories) && Array.isArray(c.series);
  if (!even || c.series.some((s) => s?.values?.length !== c.categories.length)) return { chart: c, note: undefined };
  const sieve = new Sieve();
  const kept = c.categories.map((_, i) =>
    sieve.passes(() =>
      c.series.forEach(({ values }, s) => checkNumber(values[i], c.y ?? {}, `series[${s}].values[${i}]`)),
    ),
  );
  return {
    chart: {
      ...c,
      categories: c.categories.filter((_, i) => kept[i]),
      series: c.series.map((s) => ({ ...s, values: Array.from(s.values).filter((_, i) => kept[i]) })),
    },
    note: sieve.note("categories"),
  };
}

/** With gaps in place of values that have no shade. */
export function drawableGrid(c: GridChart): Drawable<GridChart> {
  const length = c?.values?.length;
  if (typeof c?.values !== "object" || !(length >= 0 && length <= 160_000)) return { chart: c, note: undefined };
  const sieve = new Sieve();
  const values = Array.from(c.values, (value, i) =>
    sieve.passes(() => checkNumber(value, c.z ?? {}, `values[${i}]`)) ? value : NaN,
  );
  return { chart: { ...c, values }, note: sieve.note("cells") };
}

/** Numbers that are none are shown as the words they print as. */
export function drawableTable(c: TableChart): Drawable<TableChart> {
  if (!Array.isArray(c?.rows)) return { chart: c, note: undefined };
  const cell = (value: unknown) => (typeof value === "string" || Number.isFinite(value) ? value : String(value));
  const rows = c.rows.map((row) => (Array.isArray(row) ? (row.map(cell) as (string | number)[]) : row));
  return { chart: { ...c, rows }, note: undefined };
}
