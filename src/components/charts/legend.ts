/** What a legend names: series, or phases of requests that occur; nothing where there is one thing to see. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import { seriesStyles, type SeriesStyle } from "./series-style.ts";

export interface LegendEntry {
  readonly name: string;
  /** Its place among all series or phases. */
  readonly entry: number;
  readonly style: SeriesStyle;
}

export function legendOf(description: ChartDescription): readonly LegendEntry[] {
  const names = namesOf(description);
  const styles = seriesStyles(names);
  const all = names.map((name, entry) => ({ name, entry, style: styles[entry] }));
  if (description.kind !== "gantt") return all.length > 1 ? all : [];
  const used = new Set(description.spec.rows.flatMap(({ spans }) => spans.map(({ kind }) => kind)));
  return all.filter(({ entry }) => used.has(entry));
}

function namesOf(description: ChartDescription): readonly string[] {
  if (description.kind === "gantt") return description.spec.kinds;
  const { spec } = description;
  return "series" in spec ? spec.series.map((s) => s.name) : [];
}
