/** What the live search figure shows of its measurement: the curve, a sentence, and numbers to read off. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { line } from "../../../engine/chart/line.ts";
import { count, number, percent, time } from "../../format.ts";
import type { SearchPoint, SearchSeries } from "./measure.ts";

/** A recall that one would ask for. */
const wanted = 0.95;

export const searchTitle = "Recall and distances, three ways to search";

/** The cheapest point that reaches the recall asked for. */
function enough({ points }: SearchSeries): SearchPoint | undefined {
  return points.find((point) => point.recall >= wanted);
}

export function searchChart(vectors: number, series: readonly SearchSeries[]): ChartDescription {
  return line({
    title: searchTitle,
    says: says(vectors, series),
    x: { label: "Distances computed for a question", scale: "log" },
    y: { label: "Recall of the nearest ten", unit: "%" },
    series: series.map(({ kind, index, points }) => ({
      name: `${index}, ${kind}`,
      points: points.map(({ distances, recall }) => ({ x: distances, y: 100 * recall })),
    })),
    marks: [{ x: vectors, label: "exact" }],
  });
}

export function says(vectors: number, series: readonly SearchSeries[]): string {
  const parts = series
    .filter(({ index }) => index === "graph")
    .map((one) => {
      const point = enough(one);
      return point === undefined
        ? `never for ${one.kind} vectors`
        : `with ${count(point.distances)} distances for ${one.kind} vectors`;
    });
  return `Of ${count(vectors)} vectors a graph finds ${percent(wanted)} of the true ten ${parts.join(", and ")}.`;
}

/** Seconds are this machine's; the picture made at build has none worth showing. */
export function searchReadings(series: readonly SearchSeries[]): readonly (readonly [name: string, value: string])[] {
  return series.flatMap((one) => {
    const point = enough(one);
    const name = `${one.index}, ${one.kind}`;
    const took =
      point === undefined ? "not reached" : `${time(point.seconds)}, ${number(one.exact / point.seconds)}× as fast`;
    return [
      [`${name}: built in`, time(one.build)],
      [`${name}: a question at 95 %`, took],
    ] as const;
  });
}
