/** Reads option values, with a sentence when one can't be used. */
import { InvalidArgumentError } from "commander";

/** A finite number from `least` up. */
export function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < least)
      throw new InvalidArgumentError(`It must be a number from ${least} up.`);
    return value;
  };
}

/** A share from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError("It must be a share from 0 to 1, such as 0.01.");
  return value;
}

export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number from ${least} up.`);
    return value;
  };
}

/** Requests per second; "inf" sends all at once, as in vLLM. */
export function rate(text: string): number {
  if (text === "inf") return Infinity;
  return atLeast(1e-6)(text);
}

export function numbers(text: string): number[] {
  return text.split(",").map((part) => atLeast(0)(part));
}

/** Percentiles, each from 0 to 100. */
export function percentiles(text: string): number[] {
  const values = numbers(text);
  const wrong = values.find((value) => value > 100);
  if (wrong !== undefined) throw new InvalidArgumentError(`${wrong} is no percentile; each must be from 0 to 100.`);
  return values;
}

/** Positive numbers, separated by commas. */
export function loads(text: string): number[] {
  return text.split(",").map((part) => atLeast(0.001)(part));
}

/** Whole numbers from 1, separated by commas. */
export function wholes(text: string): number[] {
  return text.split(",").map((part) => wholeFrom(1)(part));
}

export function list(value: string, before: string[]): string[] {
  return [...before, value];
}
