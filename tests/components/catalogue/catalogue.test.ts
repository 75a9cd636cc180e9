import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCells, nextOrder } from "../../../src/components/catalogue/sorting.ts";
import { catalogues, tables } from "../../../src/components/catalogue/tables.ts";
import { gpu } from "../../../src/engine/catalog/gpu.ts";
import { kvBytesPerToken } from "../../../src/engine/estimate/memory.ts";

const row = (table: (typeof tables)[keyof typeof tables], id: string) => table.data.find((each) => each["id"] === id)!;

test("the ridge is 16-bit arithmetic over bandwidth, and the cache is what the engine says", () => {
  const h100 = gpu("h100-sxm-80");
  expect(row(tables.gpus, "h100-sxm-80")["ridge"]).toBeCloseTo(h100.peakFlops.bf16! / h100.hbmBandwidth);
  // 32 layers × 8 KV heads × 128 × 2 (K and V) × 2 bytes.
  expect(row(tables.models, "llama-3.1-8b")["kvBytesPerToken"]).toBe(131_072);
  expect(row(tables.models, "deepseek-v3")["kvBytesPerToken"]).toBe(kvBytesPerToken("deepseek-v3"));
});

test("only chips with FP8 units have a figure for FP8", () => {
  expect(row(tables.gpus, "a100-sxm-80")["flops8"]).toBeNull();
  expect(row(tables.gpus, "h100-sxm-80")["flops8"]).toBeGreaterThan(1.5e15);
});

test("a price is in USD a token in the data, and a million tokens in the table", () => {
  const [first] = tables.prices.data;
  const shown = tables.prices.rows[0]!.cells[1]!;
  expect(shown.text).toBe(`$${((first!["input"] as number) * 1e6).toFixed(2)}`);
});

test("every row has a source and the day it was read, no figure is NaN, and the data survive JSON", () => {
  for (const { tables: list } of catalogues)
    for (const { rows, data, columns } of list) {
      expect(rows.length).toBe(data.length);
      expect(JSON.parse(JSON.stringify(data))).toEqual(data);
      for (const { source, date, cells } of rows) {
        expect(source).not.toBe("");
        expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
        expect(cells.length).toBe(columns.length);
        for (const { value } of cells) expect(value).not.toBeNaN();
      }
    }
});

test("what is not verified says so in its row", () => {
  expect(tables.gpus.rows.find(({ id }) => id === "t4")!.flag).toContain("memory not verified against a data sheet");
});

test("cells sort as numbers or words, each way, and empty ones last", () => {
  const sorted = (cells: string[], down: boolean) => cells.toSorted((a, b) => compareCells(a, b, down));
  expect(sorted(["10", "", "9", "1e3"], false)).toEqual(["9", "10", "1e3", ""]);
  expect(sorted(["10", "", "9", "1e3"], true)).toEqual(["1e3", "10", "9", ""]);
  expect(sorted(["b", "", "a10", "a9"], false)).toEqual(["a9", "a10", "b", ""]);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ noNaN: true }).map(String), fc.constant(""))),
      fc.boolean(),
      (cells, down) => {
        const numbers = sorted(cells, down)
          .filter((cell) => cell !== "")
          .map(Number);
        expect(numbers.every((n, i) => i === 0 || (down ? n <= numbers[i - 1]! : n >= numbers[i - 1]!))).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test("a heading pressed again turns the order round; figures begin with the largest, words with a", () => {
  expect(nextOrder(null, 2, true)).toEqual({ column: 2, down: true });
  expect(nextOrder({ column: 2, down: true }, 2, true)).toEqual({ column: 2, down: false });
  expect(nextOrder({ column: 2, down: true }, 1, false)).toEqual({ column: 1, down: false });
});
