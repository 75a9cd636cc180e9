/** Checks what line and scatter charts share. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsOf, optionsNamed } from "../options.ts";
import type { Axis, Point, SeriesChart } from "./types.ts";
import { checkChart, checkAxis, checkList, checkMarks, checkNumber, checkSome, checkText } from "./validate.ts";

const MAX_SERIES = 24;

const oneSeries = optionsNamed({ others: ["name", "points"] });
const seriesOptions = optionsOf<SeriesChart>({
  title: "anything",
  says: "anything",
  x: "anything",
  y: "anything",
  series: "anything",
  marks: "anything",
});

/** Throws InputError for anything that can't be drawn. */
export function checkSeriesChart(c: SeriesChart): void {
  checkChart(c, seriesOptions);
  checkText(c.title, "title");
  checkAxis(c.x, "x");
  checkAxis(c.y, "y");
  checkSome(c.series, "series", MAX_SERIES);
  c.series.forEach((one, s) => {
    checkOptions(`series[${s}]`, one, oneSeries);
    const { name, points } = one;
    checkText(name, `series[${s}].name`);
    checkList(points, `series[${s}].points`);
    points.forEach((point, i) => checkPoint(point, c, `series[${s}].points[${i}]`));
  });
  checkMarks(c.marks, c.x, c.y);
}

function checkPoint(point: Point, { x, y }: { x: Axis; y: Axis }, field: string): void {
  if (typeof point !== "object" || point === null) throw new InputError(field, point, "a point such as { x: 1, y: 2 }");
  checkNumber(point.x, x, `${field}.x`);
  checkNumber(point.y, y, `${field}.y`);
  if (point.low !== undefined) checkNumber(point.low, y, `${field}.low`);
  if (point.high !== undefined) checkNumber(point.high, y, `${field}.high`);
  if ((point.low ?? point.y) > (point.high ?? point.y))
    throw new InputError(`${field}.low`, point.low, `at most its high, ${point.high}`);
}
