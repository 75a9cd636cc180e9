/**
 * exp, log, pow and friends built from + − × ÷ only, so that every JavaScript engine gives the same bits.
 *
 * Engines may compute `Math.exp` and its relatives as they like (ECMA-262 §21.3.2 calls them implementation-approximated), and
 * they do differ in the last bit. IEEE 754 fixes + − × ÷ and √, which is all that is used here. Errors stay below 2 ulp
 * (pow: below 4 ulp while |y·ln x| ≤ 100). The polynomials are Remez or Taylor forms of textbook argument reductions.
 */

const LN2_HI = 6.9314718036912381649e-1;
const LN2_LO = 1.90821492927058770002e-10;
/** ln 2 as a sum of two doubles. */
const LN2_A = 0.6931471805599453;
const LN2_B = 2.3190468138462996e-17;

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
bits[0] = 1;
/** Index of the word that holds sign and exponent. */
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;

/** 2^k for −1074 ≤ k ≤ 1023. */
const powersOfTwo = new Float64Array(2098);
for (let k = 0, p = Number.MIN_VALUE; k < powersOfTwo.length; k++, p *= 2) powersOfTwo[k] = p;
const twoTo = (k: number): number => powersOfTwo[k + 1074] as number;

/** x·2^k without double rounding in the normal range. */
function scale(x: number, k: number): number {
  if (k > 1023) return x * twoTo(1023) * twoTo(Math.min(k - 1023, 1023));
  if (k < -1022) return x * twoTo(-1000) * twoTo(Math.max(k + 1000, -1074));
  return x * twoTo(k);
}

/** e^(hi + lo) for a small correction lo. */
function expSum(hi: number, lo: number): number {
  if (hi > 709.782712893384) return Infinity;
  if (hi < -745.2) return 0;
  const k = Math.floor(hi * 1.4426950408889634 + 0.5);
  const a = hi - k * LN2_HI;
  const b = k * LN2_LO - lo;
  const r = a - b;
  const t = r * r;
  // r·coth(r/2) is even; its minimax polynomial gives e^r = 1 + 2r / (coth form − r).
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  return scale(1 - (b - (r * c) / (2 - c) - a), k);
}

/** e^x. */
export function exp(x: number): number {
  return x !== x ? NaN : expSum(x, 0);
}

/** Exponent of the last `split`, and its mantissa in [√½, √2). */
let splitExponent = 0;
function split(x: number): number {
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  bits[0] = x;
  const exponent = ((words[HIGH] as number) >>> 20) - 1023;
  k += exponent;
  let m = x * twoTo(-exponent);
  if (m >= 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  splitExponent = k;
  return m;
}

/** Σ of the odd series of ln((1+s)/(1−s)) beyond 2s, divided by s: minimax on |s| ≤ 0.1716, t = s². */
function oddTail(t: number): number {
  return (
    t *
    (6.66666666666673513e-1 +
      t *
        (3.999999999940941908e-1 +
          t *
            (2.857142874366239149e-1 +
              t *
                (2.222219843214978396e-1 +
                  t * (1.818357216161805012e-1 + t * (1.531383769920937332e-1 + t * 1.479819860511658591e-1))))))
  );
}

/** Natural logarithm. */
export function log(x: number): number {
  if (x !== x || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  const f = split(x) - 1;
  const k = splitExponent;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + oddTail(s * s)) + k * LN2_LO) - f);
}

/** ln(1 + x), accurate for small x. */
export function log1p(x: number): number {
  if (x !== x || x < -1) return NaN;
  const u = 1 + x;
  if (u === 1) return x;
  if (u === Infinity || u === 0) return log(u);
  // Correct for what 1 + x lost.
  return log(u) + (x - (u - 1)) / u;
}

/** e^x − 1, accurate for small x. */
export function expm1(x: number): number {
  if (x !== x) return NaN;
  if (Math.abs(x) < 0.5) {
    // e^x − 1 by its Taylor series; 15 terms leave less than 1e-18 of x.
    let term = 1;
    for (let n = 17; n > 1; n--) term = 1 + (term * x) / n;
    return x * term;
  }
  return exp(x) - 1;
}

const SPLITTER = 134217729;

/** Rounding error of the product p = a·b (Dekker). */
function productError(a: number, b: number, p: number): number {
  const ca = SPLITTER * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = SPLITTER * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return al * bl - (p - ah * bh - al * bh - ah * bl);
}

/** x^y. Negative x needs an integer y; pow(x, 0) is 1. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === 0.5 && x >= 0) return Math.sqrt(x);
  if (x === 1) return 1;
  if (x < 0) {
    if (Math.floor(y) !== y) return NaN;
    const magnitude = pow(-x, y);
    return y % 2 === 0 ? magnitude : -magnitude;
  }
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x === Infinity) return y > 0 ? Infinity : 0;
  if (y === Infinity || y === -Infinity) return x > 1 === y > 0 ? Infinity : 0;
  // ln x as hi + lo: 2s exactly in two parts, the rest of the series in one.
  const m = split(x);
  const k = splitExponent;
  const f = m - 1;
  const d = 2 + f;
  const dLow = f - (d - 2);
  const s = f / d;
  const p = s * d;
  const sLow = (f - p - productError(s, d, p) - s * dLow) / d;
  const tail = s * oddTail(s * s);
  const kh = k * LN2_A;
  const kl = productError(k, LN2_A, kh) + k * LN2_B;
  const sum = kh + 2 * s;
  const part = sum - kh;
  const error = kh - (sum - part) + (2 * s - part);
  const small = error + (kl + (2 * sLow + tail));
  const hi = sum + small;
  const lo = sum - hi + small;
  const product = y * hi;
  if (product > 710) return Infinity;
  if (product < -746) return 0;
  return expSum(product, productError(y, hi, product) + y * lo);
}

/**
 * The standard normal quantile: the z below which a share p of a normal distribution lies. p in (0, 1); 0 and 1 give ∓∞.
 * Source: M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988); relative error about 1e-16.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
          45921.953931549871457) *
          r +
          13731.693765509461125) *
          r +
          1971.5909503065514427) *
          r +
          133.14166789178437745) *
          r +
          3.387132872796366608)) /
      (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
        21213.794301586595867) *
        r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
        1)
    );
  }
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  let r = Math.sqrt(-log(tail));
  let z: number;
  if (r <= 5) {
    r -= 1.6;
    z =
      (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
        1.27045825245236838258) *
        r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
        1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r +
        0.14810397642748007459) *
        r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
        1);
  } else {
    r -= 5;
    z =
      (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
        0.026532189526576123093) *
        r +
        0.29656057182848504891) *
        r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
        6.6579046435011037772) /
      (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
        7.868691311456132591e-4) *
        r +
        0.0148753612908506148525) *
        r +
        0.13692988092273580531) *
        r +
        0.59983220655588793769) *
        r +
        1);
  }
  return q < 0 ? -z : z;
}
