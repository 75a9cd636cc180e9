/** Round numbers for axes and bins. */
import { exp, log } from "../numeric.ts";

/** The largest of 1, 2, 2.5, 5 × 10ᵏ that still cuts `range` into at least `count` steps, or the next above it. */
export function niceStep(range: number, count: number): number {
  const rough = range / count;
  let power = 1;
  while (power > rough) power /= 10;
  while (power * 10 <= rough) power *= 10;
  const ratio = rough / power;
  return power * (ratio <= 1.01 ? 1 : ratio <= 2 ? 2 : ratio <= 2.5 ? 2.5 : ratio <= 5 ? 5 : 10);
}

/** Round values within [low, high], about `count` of them. */
export function linearTicks(low: number, high: number, count = 6): number[] {
  if (!(high > low)) return [low];
  const step = niceStep(high - low, count);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** Powers of ten within [low, high], with 2 and 5 between where there is room. */
export function logTicks(low: number, high: number): number[] {
  const decades = log(high / low) / log(10);
  const within = (factors: readonly number[]) => {
    const ticks = [];
    let power = 1;
    while (power > low) power /= 10;
    while (power * 10 <= low) power *= 10;
    for (; power <= high * (1 + 1e-9); power *= 10)
      for (const factor of factors) {
        const tick = Number((power * factor).toPrecision(12));
        if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
      }
    return ticks;
  };
  if (decades <= 1) {
    const fine = within([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    return fine.length >= 3 ? fine : linearTicks(low, high, 4);
  }
  return decades <= 3.5 ? within([1, 2, 5]) : within([1]);
}

/** `count` + 1 edges, each the same factor above the one before. */
export function geometricEdges(low: number, high: number, count: number): number[] {
  const width = log(high / low) / count;
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? high : i === 0 ? low : low * exp(width * i)));
}
