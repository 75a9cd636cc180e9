/** Token lengths (and think times): constructors, checks and seeded sampling. */
import { InputError } from "../errors.ts";
import { exp } from "../numeric.ts";
import { checkOptions, type Known, optionsNamed } from "../options.ts";
import { createRandom, type Random } from "../random.ts";
import { checkKind } from "./kind.ts";
import type { Lengths } from "./types.ts";
import { above, within } from "../within.ts";

const MAX_TOKENS = 1e9;
const MOST_VALUES = 1e8;

function positive(field: string, value: number): number {
  if (!(above(value, 0) && value <= MAX_TOKENS)) throw new InputError(field, value, "a number above 0, at most 1e9");
  return value;
}

/** Lists that can't change any more and were found good: they are as long as a trace, and drawn from again and again. */
const good = new WeakSet<object>();

function isAmount(value: unknown): boolean {
  return within(value, 0, MAX_TOKENS);
}

function nonNegative(field: string, value: number): number {
  if (!isAmount(value)) throw new InputError(field, value, "a number from 0 to 1e9");
  return value;
}

/** Always n. */
export function fixed(n: number): Lengths {
  return { kind: "fixed", value: nonNegative("fixed(n)", n) };
}

/** Every whole number from min to max alike. */
export function uniform(min: number, max: number): Lengths {
  nonNegative("uniform min", min);
  if (!within(max, min, MAX_TOKENS)) throw new InputError("uniform max", max, `a number from min (${min}) to 1e9`);
  return { kind: "uniform", min, max };
}

/** Exponential with the given mean. */
export function exponential(mean: number): Lengths {
  return { kind: "exponential", mean: positive("exponential mean", mean) };
}

const lognormalOptions = optionsNamed({ numbers: ["mean", "median", "sigma"] });

/** Lognormal by its mean or its median; sigma is the standard deviation of the logarithm. */
export function lognormal(o: { mean: number; sigma: number } | { median: number; sigma: number }): Lengths {
  checkOptions("lognormal", o, lognormalOptions);
  const sigma = o.sigma;
  if (!within(sigma, 0, 5)) throw new InputError("lognormal sigma", sigma, "a number from 0 to 5");
  const median =
    "median" in o
      ? positive("lognormal median", o.median)
      : positive("lognormal mean", o.mean) * exp((-sigma * sigma) / 2);
  return { kind: "lognormal", median, sigma };
}

/** Draws from the values given, each alike. */
export function empirical(values: ArrayLike<number>): Lengths {
  checkValues("empirical values", values);
  const own = Object.freeze(Array.from(values));
  good.add(own);
  return { kind: "empirical", values: own };
}

function checkValues(field: string, values: ArrayLike<number>): void {
  const { length } = (values ?? {}) as Partial<ArrayLike<number>>;
  if (typeof values !== "object" || !within(length, 1, MOST_VALUES))
    throw new InputError(field, values, "a list of at least one number");
  // A name for each good value would cost more than drawing it.
  for (let i = 0; i < length; i++) if (!isAmount(values[i])) nonNegative(`${field}[${i}]`, values[i]!);
}

/** The same lengths, cut to [min, max]. */
export function clamp(lengths: Lengths, min: number, max: number): Lengths {
  checkLengths("clamp lengths", lengths);
  checkBounds(min, max);
  return { kind: "clamp", of: lengths, min, max };
}

function checkBounds(min: number, max: number): void {
  nonNegative("clamp min", min);
  if (!within(max, min, Infinity)) throw new InputError("clamp max", max, `a number not below min (${min})`);
}

const lengthKinds: Readonly<Record<Lengths["kind"], Known>> = {
  fixed: optionsNamed({ numbers: ["value"], others: ["kind"] }),
  uniform: optionsNamed({ numbers: ["min", "max"], others: ["kind"] }),
  exponential: optionsNamed({ numbers: ["mean"], others: ["kind"] }),
  lognormal: optionsNamed({ numbers: ["median", "sigma"], others: ["kind"] }),
  empirical: optionsNamed({ others: ["kind", "values"] }),
  clamp: optionsNamed({ numbers: ["min", "max"], others: ["kind", "of"] }),
};
/** Clamps of clamps; deeper ones are a cycle. */
const MOST_NESTED = 32;

/** Throws InputError for anything but lengths; a bare number is told of `fixed`. */
export function checkLengths(field: string, lengths: Lengths, depth = 0): void {
  const example = typeof lengths === "number" ? `lengths: fixed(${lengths as number})` : "lengths such as fixed(512)";
  checkKind(field, lengths, lengthKinds, example);
  if (depth > MOST_NESTED)
    throw new InputError(field, "a clamp of a clamp of …", `nested at most ${MOST_NESTED} times`);
  if (lengths.kind === "fixed") fixed(lengths.value);
  else if (lengths.kind === "uniform") uniform(lengths.min, lengths.max);
  else if (lengths.kind === "exponential") exponential(lengths.mean);
  else if (lengths.kind === "lognormal") lognormal({ median: lengths.median, sigma: lengths.sigma });
  else if (lengths.kind === "empirical") {
    if (!good.has(lengths.values)) checkValues(`${field}.values`, lengths.values);
  } else {
    checkLengths(`${field}.of`, lengths.of, depth + 1);
    checkBounds(lengths.min, lengths.max);
  }
}

/** A sampler of real numbers; every draw takes one uniform number, so that streams stay in step. */
export function sampler(lengths: Lengths, random: Random): () => number {
  switch (lengths.kind) {
    case "fixed": {
      const { value } = lengths;
      return () => value;
    }
    case "uniform": {
      const { min, max } = lengths;
      return () => min + Math.floor(random.uniform() * (max - min + 1));
    }
    case "exponential": {
      const { mean } = lengths;
      return () => mean * random.exponential();
    }
    case "lognormal": {
      const { median, sigma } = lengths;
      return () => random.lognormal(median, sigma);
    }
    case "empirical": {
      const { values } = lengths;
      return () => values[random.integer(values.length)] as number;
    }
    case "clamp": {
      const { min, max } = lengths;
      const of = sampler(lengths.of, random);
      return () => Math.min(max, Math.max(min, of()));
    }
    default:
      throw new InputError(
        "lengths.kind",
        (lengths as { kind: unknown }).kind,
        "fixed, uniform, exponential, lognormal, empirical or clamp",
      );
  }
}

/** The same, rounded to whole tokens and never below `least`. */
export function tokenSampler(lengths: Lengths, random: Random, least = 1): () => number {
  const draw = sampler(lengths, random);
  return () => Math.max(least, Math.round(draw()));
}

/** The mean of the distribution where it has a closed form or few values; used for estimates, not for sampling. */
export function meanLength(lengths: Lengths): number {
  switch (lengths.kind) {
    case "fixed":
      return lengths.value;
    case "uniform":
      return (lengths.min + lengths.max) / 2;
    case "exponential":
      return lengths.mean;
    case "lognormal":
      return lengths.median * exp((lengths.sigma * lengths.sigma) / 2);
    case "empirical":
      return lengths.values.reduce((a, b) => a + b, 0) / lengths.values.length;
    case "clamp": {
      const values = sample(lengths, 4096);
      return values.reduce((a, b) => a + b, 0) / values.length;
    }
  }
}

/** n whole-token draws under a seed (default 0). */
export function sample(lengths: Lengths, n: number, seed = 0): Float64Array {
  if (!Number.isInteger(n) || n < 0 || n > 1e8) throw new InputError("sample n", n, "a whole number from 0 to 1e8");
  checkLengths("lengths", lengths);
  const draw = tokenSampler(lengths, createRandom(seed, "sample"), 0);
  return Float64Array.from({ length: n }, draw);
}
