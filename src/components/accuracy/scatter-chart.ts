/** Predicted against measured, on logarithmic axes, coloured by what the reader chose. */
import { scatter } from "../../engine/chart/scatter.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import { percent } from "../format.ts";
import { errorOf, medianOf, type Measurement } from "./measurements.ts";
import type { Quantity } from "./words.ts";

export const colourings = {
  family: "family of GPUs",
  gpu: "GPU",
  engine: "engine",
  metric: "metric",
  publisher: "publisher",
} as const;
export type Colouring = keyof typeof colourings;

/** Series with a name of their own; what is rarer is drawn as "others". */
const NAMED = 6;
/** Points of the line on which prediction and measurement agree. */
const LINE = 90;

export interface Scattered {
  readonly chart: ChartDescription;
  /** The row of a point, by series and place; undefined on the line of agreement. */
  readonly rowAt: (series: number, i: number) => Measurement | undefined;
}

/** Of `rows`, those that have a prediction; undefined where there is none. */
export function scatterOf(rows: readonly Measurement[], quantity: Quantity, by: Colouring): Scattered | undefined {
  const known = rows.filter((row) => row.predicted !== null && row.predicted > 0 && row.measured > 0);
  if (known.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const row of known) counts.set(row[by], (counts.get(row[by]) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const named = names.length <= NAMED + 1 ? names : names.slice(0, NAMED);
  const series = named.map((name) => ({ name: name || "not stated", rows: known.filter((row) => row[by] === name) }));
  const rest = known.filter((row) => !named.includes(row[by]));
  if (rest.length > 0) series.push({ name: `${names.length - named.length} others`, rows: rest });
  const rowOf = new Map<object, Measurement>();
  const drawn = series.map(({ name, rows: own }) => ({
    name,
    points: own.map((row) => {
      const point = { x: row.measured, y: row.predicted! };
      rowOf.set(point, row);
      return point;
    }),
  }));
  const values = known.flatMap((row) => [row.measured, row.predicted!]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const line = Array.from({ length: LINE }, (_, i) => low * (high / low) ** (i / (LINE - 1)));
  const twice = known.filter((row) => Math.abs(Math.log(row.predicted! / row.measured)) <= Math.log(1.5)).length;
  const chart = scatter({
    title: `Predicted against measured ${quantity.name}`,
    says: `${known.length.toLocaleString("en-GB")} measurements: half are within ${percent(medianOf(known.map(errorOf)))} of what we predict, ${percent(twice / known.length)} within a factor of 1.5.`,
    x: { label: `measured ${quantity.name}`, unit: quantity.unit, scale: "log" },
    y: { label: `predicted ${quantity.name}`, unit: quantity.unit, scale: "log" },
    series: [...drawn, { name: "predicted = measured", points: line.map((at) => ({ x: at, y: at })) }],
  });
  return {
    chart,
    rowAt: (s, i) => {
      const point = chart.kind === "scatter" ? chart.spec.series[s]?.points[i] : undefined;
      return point && rowOf.get(point);
    },
  };
}
