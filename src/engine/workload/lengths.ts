/** Token lengths (and think times): constructors, checks and seeded sampling. */
import { InputError } from "../errors.ts";
import { exp } from "../numeric.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { createRandom, type Random } from "../random.ts";
import type { Lengths } from "./types.ts";

const MAX_TOKENS = 1e9;

function positive(field: string, value: number): number {
  if (!(value > 0 && value <= MAX_TOKENS)) throw new InputError(field, value, "a number above 0, at most 1e9");
  return value;
}

function nonNegative(field: string, value: number): number {
  if (!(value >= 0 && value <= MAX_TOKENS)) throw new InputError(field, value, "a number from 0 to 1e9");
  return value;
}

/** Always n. */
export function fixed(n: number): Lengths {
  return { kind: "fixed", value: nonNegative("fixed(n)", n) };
}

/** Every whole number from min to max alike. */
export function uniform(min: number, max: number): Lengths {
  nonNegative("uniform min", min);
  if (!(max >= min && max <= MAX_TOKENS)) throw new InputError("uniform max", max, `a number from min (${min}) to 1e9`);
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
  if (!(sigma >= 0 && sigma <= 5)) throw new InputError("lognormal sigma", sigma, "a number from 0 to 5");
  const median =
    "median" in o
      ? positive("lognormal median", o.median)
      : positive("lognormal mean", o.mean) * exp((-sigma * sigma) / 2);
  return { kind: "lognormal", median, sigma };
}

/** Draws from the values given, each alike. */
export function empirical(values: ArrayLike<number>): Lengths {
  if (!(values?.length > 0)) throw new InputError("empirical values", values, "a list of at least one number");
  return { kind: "empirical", values: Array.from(values, (v) => nonNegative("empirical value", v)) };
}

/** The same lengths, cut to [min, max]. */
export function clamp(lengths: Lengths, min: number, max: number): Lengths {
  nonNegative("clamp min", min);
  if (!(max >= min)) throw new InputError("clamp max", max, `a number not below min (${min})`);
  return { kind: "clamp", of: lengths, min, max };
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
  const draw = tokenSampler(lengths, createRandom(seed, "sample"), 0);
  return Float64Array.from({ length: n }, draw);
}
