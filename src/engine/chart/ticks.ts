/** Round numbers for axes and bins. Every loop here is bounded by a count, whatever the numbers. */
import { exp, log } from "../numeric.ts";

const LARGEST = Number.MAX_VALUE;
const SMALLEST = Number.MIN_VALUE;
/** Ticks that no axis has room for. */
const MOST_TICKS = 60;
/** Powers of ten on a logarithmic axis beyond which only some are named. */
const MOST_DECADES = 12;

/** The largest of 1, 2, 2.5, 5 × 10ᵏ that still cuts `range` into at least `count` steps, or the next above it. */
export function niceStep(range: number, count: number): number {
  const rough = Math.min(range, LARGEST) / count;
  if (!(rough > 0)) return SMALLEST;
  const power = powerOfTen(exponentOf(rough));
  if (power === 0) return SMALLEST;
  const ratio = rough / power;
  const step = power * (ratio <= 1.01 ? 1 : ratio <= 2 ? 2 : ratio <= 2.5 ? 2.5 : ratio <= 5 ? 5 : 10);
  return Math.min(step, LARGEST);
}

/** Round values within [low, high], about `count` of them. */
export function linearTicks(low: number, high: number, count = 6): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  const step = niceStep(high - low, count);
  const ticks: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  for (let n = 0; n < MOST_TICKS; n++) {
    const tick = Number(((first + n) * step).toPrecision(12));
    if (!(tick <= high + 1e-9 * step) || !Number.isFinite(tick)) break;
    if (tick !== ticks.at(-1)) ticks.push(tick);
  }
  return ticks.length > 0 ? ticks : [low];
}

/** Powers of ten within [low, high], with 2 and 5 between where there is room, and only some of them where there is none. */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !(high > low)) return [low];
  const [first, last] = [exponentOf(low), exponentOf(high)];
  const within = (factors: readonly number[], stride = 1) => {
    const ticks: number[] = [];
    for (let exponent = Math.ceil(first / stride) * stride - stride; exponent <= last; exponent += stride)
      for (const factor of factors) {
        const tick = Number(`${factor}e${exponent}`);
        if (tick >= low * (1 - 1e-9) && tick <= Math.min(high * (1 + 1e-9), LARGEST)) ticks.push(tick);
      }
    return ticks;
  };
  const decades = (log(high) - log(low)) / log(10);
  if (decades <= 1) {
    const fine = within([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    return fine.length >= 3 ? fine : linearTicks(low, high, 4);
  }
  return decades <= 3.5 ? within([1, 2, 5]) : within([1], Math.ceil(decades / MOST_DECADES));
}

/** `count` + 1 edges, each the same factor above the one before. */
export function geometricEdges(low: number, high: number, count: number): number[] {
  const start = log(low);
  const width = (log(high) - start) / count;
  return Array.from({ length: count + 1 }, (_, i) =>
    i === count ? high : i === 0 ? low : Math.min(high, Math.max(low, exp(start + width * i))),
  );
}

/** Edges around [low, high], about `count` bins, at round numbers where the numbers leave room for them. */
export function linearEdges(low: number, high: number, count: number): number[] {
  const step = niceStep(high / 2 - low / 2, count / 2);
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  // Whole numbers of steps stay exact, and so tell apart, well below 2⁵³.
  const round = Number.isFinite(first * step) && Number.isFinite(last * step) && Math.max(-first, last) < 1e12;
  if (!round)
    return Array.from({ length: count + 1 }, (_, i) =>
      i === count ? high : low * (1 - i / count) + high * (i / count),
    );
  const bins = Math.min(Math.max(1, last - first), 2 * count + 2);
  return Array.from({ length: bins + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** k of the 10ᵏ at or below `x`, for x above 0. */
function exponentOf(x: number): number {
  return Number(x.toExponential().split("e")[1]);
}

function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}
