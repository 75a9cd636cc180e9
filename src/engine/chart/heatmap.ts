/** A value over two others, as a grid of colours. */
import { InputError } from "../errors.ts";
import { optionsOf } from "../options.ts";
import { axisTitle, inSentence, placeText, sentence, withUnit } from "./format.ts";
import type { ChartDescription, GridChart } from "./types.ts";
import { checkChart, checkAxis, checkNumber, checkSome, checkText, checkList } from "./validate.ts";

const MOST_CELLS_A_SIDE = 400;

const gridOptions = optionsOf<GridChart>({
  title: "anything",
  says: "anything",
  x: "anything",
  y: "anything",
  z: "anything",
  values: "anything",
});

/** `values` row by row: the value at x[i], y[j] is values[j · x.length + i], NaN where there is none. Throws InputError for what can't be drawn. */
export function heatmap(c: GridChart): ChartDescription {
  checkChart(c, gridOptions);
  checkText(c.title, "title");
  for (const side of ["x", "y"] as const) {
    checkAxis(c[side], side, true);
    checkSome(c[side].values, `${side}.values`, MOST_CELLS_A_SIDE);
    c[side].values.forEach((value, i) => checkNumber(value, c[side], `${side}.values[${i}]`));
  }
  checkAxis(c.z, "z");
  const [width, height] = [c.x.values.length, c.y.values.length];
  checkList(c.values, "values");
  if (c.values.length !== width * height)
    throw new InputError("the length of values", c.values.length, `${width} × ${height} = ${width * height}`);
  const values = Array.from(c.values, (value, i) => {
    if (!Number.isNaN(value)) checkNumber(value, c.z, `values[${i}]`);
    return value;
  });

  const place = (i: number) =>
    `${inSentence(c.x.label)} ${placeText(c.x.values[i % width], c.x.unit)} and ${inSentence(c.y.label)} ${placeText(c.y.values[Math.floor(i / width)], c.y.unit)}`;
  let [high, low] = [-1, -1];
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    if (high < 0 || value > values[high]) high = i;
    if (low < 0 || value < values[low]) low = i;
  });
  const rows = Array.from(c.y.values, (y, j) => [
    y,
    ...values.slice(j * width, (j + 1) * width).map((value) => (Number.isNaN(value) ? "" : value)),
  ]);
  return {
    kind: "heatmap",
    title: c.title,
    finding:
      c.says ??
      (high < 0
        ? "There is no data yet."
        : values[high] === values[low]
          ? `${sentence(c.z.label)} is ${withUnit(values[high], c.z.unit)} everywhere.`
          : `${sentence(c.z.label)} is highest, ${withUnit(values[high], c.z.unit)}, at ${place(high)}, and lowest, ${withUnit(values[low], c.z.unit)}, at ${place(low)}.`),
    table: { columns: [`${axisTitle(c.y)} ╲ ${axisTitle(c.x)}`, ...c.x.values.map(String)], rows, ...unitNote(c) },
    spec: { ...c, values },
  };
}

/** Cells hold the values as they are given: what they are, and in which unit, is said once. */
function unitNote({ z }: GridChart): { note?: string } {
  return z.unit ? { note: `Each cell is ${inSentence(z.label)} in ${z.unit}.` } : {};
}
