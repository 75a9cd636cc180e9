import { describe, expect, test } from "vitest";
import { cellOf } from "../../../src/engine/percentiles/cell.ts";
import { guessColumns } from "../../../src/engine/percentiles/columns.ts";
import { readTable } from "../../../src/engine/percentiles/read-table.ts";

const first = (text: string) => [...readTable(text).columns[0]!.values];
const names = (text: string) => readTable(text).columns.map(({ name }) => name);

describe("a cell is read as people write numbers", () => {
  test.each([
    ["1,234", 1234, undefined],
    ["1,234,567.5", 1234567.5, undefined],
    ["1.234,5", 1234.5, undefined],
    ["12,5", 12.5, undefined],
    ["1'234", 1234, undefined],
    ["120ms", 120, "ms"],
    ["1.2 s", 1.2, "s"],
    ["3e-3 s", 0.003, "s"],
    ["850 µs", 850, "us"],
    ["-4", -4, undefined],
  ])("%s", (text, value, unit) => {
    expect(cellOf(text, false)).toEqual(unit ? { value, unit } : { value });
  });

  test("1,234 is 1.234 beside other decimal commas", () => {
    expect(first("1,234\n0,5\n12,75\n")).toEqual([1.234, 0.5, 12.75]);
    expect(first("1,234\n5,678\n")).toEqual([1234, 5678]);
  });

  test.each(["", "NaN", "Infinity", "N/A", "timeout", "12 apples", "1,2,3", "8 12"])("%s is no number", (text) => {
    expect(cellOf(text, false)).toBeUndefined();
  });

  test("cells of different units come to one", () => {
    const [column] = readTable("120ms\n1.5 s\n80 ms\n").columns;
    expect(column!.unit).toBe("ms");
    expect([...column!.values]).toEqual([120, 1500, 80]);
  });
});

describe("a text is a table in whatever form it comes", () => {
  test("values one a line, in a row, with commas between them, or in a JSON list", () => {
    for (const text of ["8\n12\n14\n", "8 12 14", "8, 12, 14", "[8, 12, 14]", "8;12;14", '"8"\n"12"\n"14"'])
      expect(first(text), text).toEqual([8, 12, 14]);
  });

  test("separators and heads", () => {
    expect(names("a,b\n1,2\n3,4\n")).toEqual(["a", "b"]);
    expect(names("a;b\n1,5;2\n3,25;4\n")).toEqual(["a", "b"]);
    expect(first("a;b\n1,5;2\n3,25;4\n")).toEqual([1.5, 3.25]);
    expect(names("a\tb\n1\t2\n")).toEqual(["a", "b"]);
    expect(names("1,120\n2,130\n3,140\n")).toEqual(["column 1", "column 2"]);
    expect(names('"a, b",c\r\n1,2\r\n')).toEqual(["a, b", "c"]);
  });

  test("JSON lines, a list of objects, an object of lists, and objects within objects", () => {
    expect(names('{"ttft":1}\n{"ttft":2,"x":3}\n')).toEqual(["ttft", "x"]);
    expect(names('[{"usage":{"tokens":3},"ms":4}]')).toEqual(["usage.tokens", "ms"]);
    expect(first('{"latencies":[1,2,3],"n":3}')).toEqual([1, 2, 3]);
    expect(first('{"ms":1}\n{"ms":2}\n{"ms":')).toEqual([1, 2]);
  });
});

describe("columns are taken for what they look like, and the unit is guessed and said", () => {
  const guess = (text: string) => guessColumns(readTable(text));
  test("by their names", () => {
    const found = guess(
      "request_id,start_time,ttft_ms,latency (s),output_tokens,status\nx,0.5,120,3.5,200,ok\ny,1.5,130,3.7,210,ok\n",
    );
    expect(found.map(({ role, unit }) => [role, unit])).toEqual([
      [undefined, undefined],
      ["time", "s"],
      ["ttft", "ms"],
      ["latency", "s"],
      ["tokens", undefined],
      ["error", undefined],
    ]);
    expect(found[2]!.because).toBe("its name says so");
  });
  test("by their size where nothing says it", () => {
    expect(guess("8\n12\n45\n120\n")[0]).toMatchObject({ unit: "ms" });
    expect(guess("0.12\n1.3\n2.5\n")[0]).toMatchObject({ unit: "s" });
    expect(guess("120500.5\n220000\n")[0]).toMatchObject({ unit: "us" });
    expect(guess("120500000\n220000000\n")[0]).toMatchObject({ unit: "ns" });
  });
  test("a number of the row is no latency", () => {
    expect(guess("0,120\n1,130\n2,140\n").map(({ role }) => role)).toEqual([undefined, "latency"]);
  });
});
