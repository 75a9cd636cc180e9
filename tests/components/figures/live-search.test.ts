import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { measureSearches } from "../../../src/components/figures/live-search/measure.ts";
import { says, searchChart, searchReadings } from "../../../src/components/figures/live-search/picture.ts";

const vectors = 1100;
const words = new Int8Array(readFileSync("src/components/figures/live-search/words.i8"));
let ticks = 0;
const shares: number[] = [];
const series = measureSearches(
  vectors,
  words,
  () => (ticks += 0.001),
  (share) => shares.push(share),
);

test("it measures graph and lists over both collections, from few distances to many", () => {
  expect(series.map(({ kind, index }) => `${index}, ${kind}`)).toEqual([
    "graph, clustered",
    "lists, clustered",
    "graph, words",
    "lists, words",
    "graph, independent",
    "lists, independent",
  ]);
  for (const { points } of series)
    for (let i = 1; i < points.length; i++) expect(points[i]!.distances).toBeGreaterThan(points[i - 1]!.distances);
  const [easy, , real, , hard] = series;
  expect(easy!.points[0]!.recall).toBeGreaterThan(real!.points[0]!.recall);
  expect(real!.points[0]!.recall).toBeGreaterThan(hard!.points[0]!.recall);
});

test("its progress only grows and ends with all", () => {
  expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
  expect(shares.at(-1)).toBe(1);
});

test("words of another length are refused", () => {
  expect(() =>
    measureSearches(
      vectors,
      words.slice(1),
      () => 0,
      () => undefined,
    ),
  ).toThrow("405000 are expected");
});

test("it can be drawn, and says when a recall is not reached", () => {
  expect(searchChart(vectors, series).finding).toBe(says(vectors, series));
  expect(`${says(vectors, series)} ${searchReadings(series).flat().join()}`).not.toMatch(/NaN|undefined|Infinity/);
  const low = series.map((one) => ({ ...one, points: one.points.map((point) => ({ ...point, recall: 0.5 })) }));
  expect(says(vectors, low)).toContain("never in clusters");
  expect(searchReadings(low).flat().join()).toContain("95 % not reached");
});
