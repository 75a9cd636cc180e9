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

const named: Readonly<Record<SearchSeries["kind"], string>> = {
  clustered: "in clusters",
  words: "for English words",
  independent: "for independent numbers",
};

export function says(vectors: number, series: readonly SearchSeries[]): string {
  const parts = series
    .filter(({ index }) => index === "graph")
    .map((one) => {
      const point = enough(one);
      return point === undefined ? `never ${named[one.kind]}` : `${count(point.distances)} ${named[one.kind]}`;
    });
  return `Among ${count(vectors)} made-up vectors or 4,000 words, a graph finds ${percent(wanted)} of the true ten with so many distances: ${parts.join(", ")}.`;
}

/** Seconds are this machine's; the picture made at build has none worth showing. */
export function searchReadings(series: readonly SearchSeries[]): readonly (readonly [name: string, value: string])[] {
  return series.map((one) => {
    const point = enough(one);
    const took =
      point === undefined
        ? "95 % not reached"
        : `${time(point.seconds)} a question, ${number(one.exact / point.seconds)}× as fast as exact`;
    return [`${one.index}, ${one.kind}`, `built in ${time(one.build)}; ${took}`];
  });
}
