/** Seeded random streams: the same seed and label give the same bits in every engine, and streams don't disturb each other. */
import { InputError } from "./errors.ts";
import { exp, log, normalQuantile, pow } from "./numeric.ts";

const UNIT = 1 / 9007199254740992;

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A 32-bit hash of a word under a 32-bit state; used for streams and for block hashes. */
export function hashWord(state: number, word: number): number {
  return mix((Math.imul(state, 0x9e3779b1) + word + 0x85ebca6b) >>> 0);
}

/**
 * One stream of random numbers: sfc32 (Chris Doty-Humphrey's small fast chaotic generator, from PractRand).
 * Every draw of `normal` and `exponential` takes exactly one uniform, so that two runs that share a seed stay in step.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;
  readonly #key: number;

  constructor(key: number) {
    this.#key = key >>> 0;
    // As 32-bit integers with a sign, which is how they stay.
    this.#a = hashWord(this.#key, 1) | 0;
    this.#b = hashWord(this.#key, 2) | 0;
    this.#c = hashWord(this.#key, 3) | 0;
    for (let i = 0; i < 12; i++) this.word();
  }

  /** 32 random bits, 0 … 2^32 − 1. */
  word(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + t) | 0;
    return t >>> 0;
  }

  /** Uniform on [0, 1), 53 bits. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67108864 + low) * UNIT;
  }

  /** Uniform on (0, 1): never 0, so that its logarithm is finite. */
  open(): number {
    return this.uniform() + UNIT / 2;
  }

  /** An integer in [0, n). */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal. */
  normal(): number {
    return normalQuantile(this.open());
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -log(this.open());
  }

  /** Gamma with the given shape and scale 1 (G. Marsaglia and W. W. Tsang, ACM TOMS 26, 2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * pow(this.open(), 1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const z = this.normal();
      const v = 1 + c * z;
      if (v <= 0) continue;
      const cube = v * v * v;
      if (log(this.open()) < 0.5 * z * z + d - d * cube + d * log(cube)) return d * cube;
    }
  }

  /** Lognormal with the given median and sigma of the logarithm. */
  lognormal(median: number, sigma: number): number {
    return median * exp(sigma * this.normal());
  }

  /** An independent stream of its own; drawing from either leaves the other as it was. */
  split(label: string | number): Random {
    return new Random(hashWord(this.#key ^ 0x5bf03635, hashLabel(label)));
  }
}

function hashLabel(label: string | number): number {
  if (typeof label === "number") {
    return hashWord(hashWord(0x2545f491, label >>> 0), Math.floor(label / 4294967296) >>> 0);
  }
  let h = 0x811c9dc5;
  for (let i = 0; i < label.length; i++) h = hashWord(h, label.charCodeAt(i));
  return h;
}

/**
 * The random stream of a seed (a non-negative integer below 2^53) and a label, such as "arrivals" or "lengths".
 * Throws InputError on any other seed.
 */
export function createRandom(seed: number, label: string | number = ""): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InputError("seed", seed, "an integer from 0 to 2^53 − 1");
  return new Random(hashWord(hashLabel(seed), hashLabel(label)));
}
