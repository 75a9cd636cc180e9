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

describe("a spreadsheet of any country is read, and what commas mean is taken from all of it", () => {
  const second = (text: string) => [...readTable(text).columns[1]!.values];
  test.each<[what: string, text: string, values: number[]]>([
    ["semicolons: the comma parts decimals", "id;s\n1;1,234\n2;2,345\n", [1.234, 2.345]],
    ["the point parts thousands beside decimal commas", "id;ms\n1;1.234\n2;345,1\n3;2.345,5\n", [1234, 345.1, 2345.5]],
    ["one column tells of another", "a\tb\n0,5\t1,234\n0,25\t2,345\n", [1.234, 2.345]],
    ["thousands where a cell can't be read otherwise", "id;ms\n1;1,234.5\n2;2,345\n", [1234.5, 2345]],
    ["Excel's line above the table", "sep=;\nttft;e2e\n0,5;1,5\n0,25;2,5\n", [1.5, 2.5]],
    ["old line ends", "a,b\r1,2\r3,4\r", [2, 4]],
    ["byte order mark and CRLF", "\uFEFFa,b\r\n1,2\r\n3,4\r\n", [2, 4]],
    ["bars, as Markdown has them", "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |\n", [2, 4]],
    ["a title above", "Benchmark of Friday\n\na,b\n1,2\n3,4\n", [2, 4]],
    ["no head: the first row is a row", "ok,120\nok,130\nbad,140\n", [120, 130, 140]],
    ["quoted cells over several lines", 'a,b\n"x\ny, ""z""",2\n"\n\n",4\n', [2, 4]],
  ])("%s", (_, text, values) => {
    expect(second(text)).toEqual(values);
  });

  test("more different cells than words are kept are numbers still", () => {
    const cells = Array.from({ length: 70_000 }, (_, i) => i + 0.5);
    const text = `id;ms\n${cells.map((value, i) => `${i};${String(value).replace(".", ",")}`).join("\n")}`;
    expect(second(text)).toEqual(cells);
    const timed = readTable(cells.map((value) => `${value} ms`).join("\n")).columns[0]!;
    expect([timed.unit, timed.values.at(-1)]).toEqual(["ms", 69_999.5]);
  });

  test("values in a row with decimal commas, and one a line with spaces between thousands", () => {
    expect(first("0,12 0,13 0,14")).toEqual([0.12, 0.13, 0.14]);
    expect(first("1 234\n987\n12 001\n")).toEqual([1234, 987, 12001]);
    expect(first("1 120\n2 130\n3 140\n")).toEqual([1, 2, 3]);
  });

  test("a row of units under the head", () => {
    const [ttft, e2e] = guessColumns(readTable("ttft,e2e\nms,s\n1.5,150\n2.5,170\n"));
    expect([ttft!.unit, e2e!.unit]).toEqual(["ms", "s"]);
  });
});

describe("moments are no latencies: spans are worked out from them", () => {
  const columns = (text: string) =>
    guessColumns(readTable(text)).map(({ name, role, unit }) => [name, role, unit] as const);
  const values = (text: string, column: number) => [...readTable(text).columns[column]!.values];

  test("start, first token and end, in seconds", () => {
    const text = "start,first_token,end\n0.5,0.75,1\n1.5,2,4.5\n2.5,2.75,3\n";
    expect(columns(text).map(([, role]) => role)).toEqual(["time", "ttft", "e2e"]);
    expect(values(text, 1)).toEqual([0.25, 0.5, 0.25]);
    expect(values(text, 2)).toEqual([0.5, 3, 0.5]);
  });

  test("nanoseconds since 1970, and dates", () => {
    expect(values("startTimeUnixNano,endTimeUnixNano\n1764244800000000000,1764244801000000000\n", 1)).toEqual([1]);
    const dates = "sent_at,finished_at\n2026-11-27T12:00:00Z,2026-11-27T12:00:01.5Z\n";
    expect(values(dates, 1)).toEqual([1.5]);
  });

  test("a latency whose name is short stays one, and so does one that is there beside an end", () => {
    const text = "start,first_token_ms,x\n0.1,150,1\n0.2,90,1\n0.3,120,1\n0.4,100,1\n";
    expect(columns(text)[1]).toEqual(["first_token_ms", "ttft", "ms"]);
    expect(columns("start,end,latency_ms\n1,2,900\n2,4,1900\n").at(-1)).toEqual(["latency_ms", "latency", "ms"]);
  });

  test("times since 1970 are never taken for latencies, whatever their column is called", () => {
    expect(columns("seconds,wait\n1764244800,12\n1764244801,15\n").map(([, role]) => role)).toEqual([
      "time",
      "latency",
    ]);
  });
});

describe("JSON of others", () => {
  test("rows within an envelope", () => {
    expect(first('{"data":{"requests":[{"ttft":1},{"ttft":4}]}}')).toEqual([1, 4]);
    expect(first('{"runs":[{"spans":[{"ms":1},{"ms":4}]}]}')).toEqual([1, 4]);
  });
  test("an object that holds no requests is no request", () => {
    expect(() => readTable('{"p50":120,"p99":900,"count":4000}')).toThrow("without a list of requests");
  });
  test("a cut-off end is said; a broken line in the middle is named by its number", () => {
    expect(readTable('{"ms":1}\n{"ms":2}\n{"ms":').lacks?.join()).toContain("cut off");
    expect(() => readTable('{"ms":1}\n{"ms":2\n{"ms":3}\n')).toThrow("line 2");
  });
  test("a head alone is said to be one", () => {
    expect(() => readTable("ttft_ms,e2e_ms\n")).toThrow("rows with numbers under it");
  });
});
