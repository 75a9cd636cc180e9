import { expect, test } from "vitest";
import { csvOf, find, type Search } from "../../../src/components/measured/find.ts";
import { rowsOf } from "../../../scripts/accuracy/csv.ts";
import { rowWith } from "../accuracy/row.ts";

const any: Search = { show: "tpot", model: "", gpu: "", engine: "", load: "", near: "", sort: "" };

test("rows are found by what was run, and by the figure", () => {
  const [mine, other, ttft] = [rowWith({ gpu: "l4" }), rowWith(), rowWith({ table: "ttft" })];
  expect(find([mine, other, ttft], { ...any, gpu: "l4" })).toEqual([mine]);
  expect(find([mine, other, ttft], any)).toEqual([mine, other]);
});

test("near a load is within a factor of two, the nearest first", () => {
  const rows = [16, 64, 8, 33, null].map((loadValue) => rowWith({ loadValue }));
  expect(find(rows, { ...any, near: "17" }).map(({ loadValue }) => loadValue)).toEqual([16, 33]);
  expect(find(rows, { ...any, near: "0" })).toHaveLength(5);
});

test("what is not known is sorted last, whichever way", () => {
  const rows = [0.02, null, 0.01].map((predicted) => rowWith({ predicted }));
  const order = (sort: string) => find(rows, { ...any, sort }).map(({ predicted }) => predicted);
  expect(order("predicted")).toEqual([0.01, 0.02, null]);
  expect(order("-predicted")).toEqual([0.02, 0.01, null]);
  expect(order("__proto__")).toEqual([0.02, null, 0.01]);
  expect(find(rows, { ...any, sort: "error" })[2]!.predicted).toBeNull();
});

test("the CSV comes back as it was, quotes and all", () => {
  const text = csvOf([rowWith({ publisher: 'A "B", C', loadValue: null })]);
  const [row] = rowsOf("taken.csv", text);
  expect(row!.cell("publisher")).toBe('A "B", C');
  expect(row!.cell("loadValue")).toBe("");
  expect(row!.cell("measured")).toBe("0.01");
  expect(csvOf([rowWith({ publisher: "=HYPERLINK(1)" })])).toContain(",'=HYPERLINK(1),");
});
