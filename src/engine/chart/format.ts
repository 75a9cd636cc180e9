/** Numbers as people read them: three significant digits, thousands apart, the unit beside them. */
import type { Axis } from "./types.ts";

/** "1,230", "0.0457", "−3.2"; beyond 10¹⁵ and below 10⁻⁶ in powers of ten. */
export function formatNumber(x: number, digits = 3): string {
  const sign = x < 0 ? "−" : "";
  const size = Math.abs(x);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size >= 1e15 || size < 1e-6) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
    return `${sign}${Number(mantissa)} × 10${superscript(String(Number(exponent)))}`;
  }
  return sign + group(String(Number(size.toPrecision(digits))));
}

/** Whole numbers in full, others to `digits` significant digits: for tables, where a count must be exact. */
export function formatCell(x: number, digits = 4): string {
  return Number.isInteger(x) && Math.abs(x) < 1e15
    ? (x < 0 ? "−" : "") + group(String(Math.abs(x)))
    : formatNumber(x, digits);
}

/** As `withUnit`, with whole numbers in full: for places on an axis, such as a batch of 2,048. */
export function placeText(x: number, unit: string | undefined): string {
  return Number.isInteger(x) && unit !== "s" && unit !== "B" ? unitAfter(formatCell(x), unit) : withUnit(x, unit);
}

/** Starts with a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A label within a sentence: "Tokens per second" loses its capital, "TTFT" and "KV cache" keep theirs. */
export function inSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

/** A number that is written already, and its unit after or around it. */
export function unitAfter(number: string, unit: string | undefined): string {
  if (unit?.startsWith("$"))
    return number.startsWith("−") ? `−$${number.slice(1)}${unit.slice(1)}` : `$${number}${unit.slice(1)}`;
  if (number === "1" && unit && counted.test(unit)) return `1 ${unit.slice(0, -1)}`;
  return unit ? `${number}${unit.startsWith("/") ? "" : " "}${unit}` : number;
}

/** Units that lose their s after a 1. */
const counted = /^(tokens|requests|sequences|blocks|users|steps|GPUs)$/;

/** In which unit values up to `most` read best, and how many of it make one of `unit`. */
export function displayUnit(unit: string | undefined, most: number): { unit: string | undefined; factor: number } {
  const size = Math.abs(most);
  const smallest = unit === "s" ? seconds : unit === "B" ? bytes : undefined;
  const choice = smallest?.find(({ from }) => size >= from);
  return size > 0 && choice ? { unit: choice.unit, factor: choice.factor } : { unit, factor: 1 };
}

const seconds = [
  { unit: "s", from: 1, factor: 1 },
  { unit: "ms", from: 1e-3, factor: 1e3 },
  { unit: "µs", from: 0, factor: 1e6 },
];
const bytes = [
  { unit: "TB", from: 1e12, factor: 1e-12 },
  { unit: "GB", from: 1e9, factor: 1e-9 },
  { unit: "MB", from: 1e6, factor: 1e-6 },
  { unit: "kB", from: 1e3, factor: 1e-3 },
  { unit: "B", from: 0, factor: 1 },
];

/** "12.3 ms", also for 0.0123 "s"; "45 %"; "$0.35/M tokens" for a unit that starts with a dollar. */
export function withUnit(x: number, unit: string | undefined): string {
  const shown = displayUnit(unit, x);
  return unitAfter(formatNumber(x * shown.factor), shown.unit);
}

/** "TTFT (ms)". */
export function axisTitle(axis: Axis): string {
  return axis.unit ? `${axis.label} (${axis.unit})` : axis.label;
}

/** "a, b and c". */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function group(digits: string): string {
  const [whole, fraction] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction ? `${grouped}.${fraction}` : grouped;
}

function superscript(digits: string): string {
  return Array.from(digits, (d) => (d === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)])).join("");
}
