import { expect, test } from "vitest";
import { readChoices, writeChoices } from "../../../src/components/accuracy/choices.ts";
import {
  addressOfSource,
  errorOf,
  medianOf,
  packMeasurements,
  unpackMeasurements,
} from "../../../src/components/accuracy/measurements.ts";
import { scatterOf } from "../../../src/components/accuracy/scatter-chart.ts";
import { rowWith as row } from "./row.ts";
import { loadInWords, quantities } from "../../../src/components/accuracy/words.ts";

test("rows come out of the file as they went in, to five digits", () => {
  const rows = [row(), row({ gpu: "l4", loadValue: null, predicted: null, measured: 0.0123456789 })];
  expect(unpackMeasurements(JSON.parse(JSON.stringify(packMeasurements(rows, "", "fitted"))))).toEqual([
    rows[0],
    { ...rows[1], measured: 0.012346 },
  ]);
});

test("a source is a link where it has an address, and none where it has not", () => {
  expect(addressOfSource("github:a/b@1f2e3d:docs/x.md#id=4")).toBe("https://github.com/a/b/blob/1f2e3d/docs/x.md");
  expect(addressOfSource("github:a/b-c@1f2e (fork copy of a doc):docs/x.md")).toBe(
    "https://github.com/a/b-c/blob/1f2e/docs/x.md",
  );
  expect(addressOfSource("https://example.org/a b")).toBe("https://example.org/a");
  expect(addressOfSource("repository not known")).toBeUndefined();
});

test("an error is a share of what was measured, and the median leaves out what was not predicted", () => {
  expect(errorOf(row())).toBeCloseTo(0.2);
  expect(medianOf([NaN, 3, 1, 2, NaN, 4])).toBe(2.5);
  expect(medianOf([])).toBeNaN();
});

test("each point of the scatter knows its row, the line of agreement has none, and rare names are drawn together", () => {
  const rows = Array.from({ length: 10 }, (_, i) => row({ gpu: `gpu-${i}`, measured: 0.01 + i / 1000 }));
  const found = scatterOf([...rows, row({ predicted: null })], quantities[0]!, "gpu")!;
  if (found.chart.kind !== "scatter") throw new Error("a scatter");
  const { series } = found.chart.spec;
  expect(series.map(({ name }) => name).slice(-2)).toEqual(["4 others", "predicted = measured"]);
  const read = series.flatMap(({ points }, s) => points.map((_, i) => found.rowAt(s, i)));
  expect(new Set(read.filter((each) => each !== undefined))).toEqual(new Set(rows));
  expect(found.rowAt(series.length - 1, 0)).toBeUndefined();
  expect(scatterOf([row({ predicted: null })], quantities[0]!, "gpu")).toBeUndefined();
});

test("a row is of one quantity at most", () => {
  for (const table of ["tpot", "ttft", "throughput", "step", "latency", "memory"])
    for (const unit of ["s", "tok/s", "tok/s/GPU", "req/s", "B", "B/s", "tokens"])
      expect(quantities.filter(({ holds }) => holds(row({ table, unit }))).length).toBeLessThanOrEqual(1);
});

test("a load is said in words", () => {
  expect(loadInWords({ load: "burst", loadValue: 1000 })).toBe("1,000 at once");
  expect(loadInWords({ load: "closed", loadValue: null })).toBe("closed loop");
});

test("choices live in the address, defaults don't, and what is not ours stays", () => {
  const defaults = { show: "tpot", gpu: "" };
  const search = writeChoices({ show: "ttft", gpu: "" }, defaults, "?other=1&gpu=l4");
  expect(search).toBe("?other=1&show=ttft");
  expect(readChoices(defaults, search)).toEqual({ show: "ttft", gpu: "" });
});
