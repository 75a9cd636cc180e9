/** Refuses what can't be drawn, naming the place: `series[0].points[3].y is NaN; it must be a finite number`. */
import { InputError } from "../errors.ts";
import { checkOptions, checkNames, type Known, optionsNamed } from "../options.ts";
import type { Axis } from "./types.ts";

const MAX_TEXT = 200;

export function checkText(text: unknown, field: string): void {
  if (typeof text !== "string" || text.trim() === "" || text.length > MAX_TEXT)
    throw new InputError(field, text, `a text of 1 to ${MAX_TEXT} characters`);
}

const MAX_SENTENCE = 600;

/** Refuses what is no object, an option that this kind of chart doesn't have, and a `says` that is no sentence. */
export function checkChart(c: { says?: string }, known: Known): void {
  checkOptions("", c, known);
  if (c.says !== undefined && (typeof c.says !== "string" || c.says.trim() === "" || c.says.length > MAX_SENTENCE))
    throw new InputError("says", c.says, `a text of 1 to ${MAX_SENTENCE} characters`);
}

const axisOptions = optionsNamed({ others: ["label", "unit", "scale"] });
const gridAxisOptions = optionsNamed({ others: ["label", "unit", "scale", "values"] });

/** `holdsValues`: an axis of a grid also has its places. */
export function checkAxis(axis: Axis | undefined, field: string, holdsValues = false): void {
  if (typeof axis !== "object" || axis === null)
    throw new InputError(field, axis, 'an axis such as { label: "TTFT", unit: "ms" }');
  checkNames(field, axis, holdsValues ? gridAxisOptions : axisOptions);
  checkText(axis.label, `${field}.label`);
  if (axis.unit !== undefined && typeof axis.unit !== "string")
    throw new InputError(`${field}.unit`, axis.unit, "a text");
  if (axis.scale !== undefined && axis.scale !== "linear" && axis.scale !== "log")
    throw new InputError(`${field}.scale`, axis.scale, '"linear" or "log"');
}

/** A finite number, above 0 on a log axis. */
export function checkNumber(value: unknown, axis: Pick<Axis, "scale">, field: string): void {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new InputError(field, value, "a finite number");
  if (axis.scale === "log" && value <= 0) throw new InputError(field, value, "above 0, since its axis is logarithmic");
}

export function checkList(list: unknown, field: string): void {
  if (!Array.isArray(list) && !(ArrayBuffer.isView(list) && "length" in list))
    throw new InputError(field, list, "a list");
}

/** A non-empty list of at most `most`. */
export function checkSome(list: unknown, field: string, most: number): void {
  checkList(list, field);
  const { length } = list as ArrayLike<unknown>;
  if (length === 0 || length > most) throw new InputError(`the length of ${field}`, length, `from 1 to ${most}`);
}

const markOnX = optionsNamed({ numbers: ["x"], others: ["label"] });
const markAnywhere = optionsNamed({ numbers: ["x", "y"], others: ["label"] });

/** Marks: a place on x or y (or both) and a label. */
export function checkMarks(
  marks: readonly { x?: number; y?: number; label: string }[] | undefined,
  x: Axis,
  y: Axis | undefined,
): void {
  if (marks === undefined) return;
  checkList(marks, "marks");
  marks.forEach((mark, i) => {
    checkOptions(`marks[${i}]`, mark, y === undefined ? markOnX : markAnywhere);
    checkText(mark.label, `marks[${i}].label`);
    if (mark.x === undefined && mark.y === undefined)
      throw new InputError(`marks[${i}]`, mark, "given a place: x, y or both");
    if (mark.x !== undefined) checkNumber(mark.x, x, `marks[${i}].x`);
    if (mark.y !== undefined) checkNumber(mark.y, y ?? {}, `marks[${i}].y`);
  });
}
