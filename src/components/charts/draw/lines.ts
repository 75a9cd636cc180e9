/** Paths and clouds of points with no more strokes than a screen can show. */
import type { Place } from "../surface.ts";

/** Points a pixel beyond which a path is thinned. */
const DENSE = 4;

/**
 * Of a path whose x never falls: for each pixel column the first, lowest, highest and last place (M4), which draw the same
 * pixels. Short paths come back as they are.
 */
export function thinPath(path: readonly Place[], width: number): readonly Place[] {
  if (path.length <= DENSE * width) return path;
  const kept: Place[] = [];
  for (let i = 0; i < path.length;) {
    const column = Math.floor(path[i][0]);
    let [low, high, end] = [i, i, i];
    for (; end < path.length && Math.floor(path[end][0]) === column; end++) {
      if (path[end][1] < path[low][1]) low = end;
      if (path[end][1] > path[high][1]) high = end;
    }
    // A path that goes back in x, or has no place, still moves on.
    if (end === i) end = i + 1;
    for (const at of [...new Set([i, low, high, end - 1])].sort((a, b) => a - b)) kept.push(path[at]);
    i = end;
  }
  return kept;
}

/** As `thinPath`, of long columns: the indices in [from, to) to draw. `xs` never falls. */
export function thinColumn(xs: Float64Array, values: ArrayLike<number>, from: number, to: number): number[] {
  const kept: number[] = [];
  for (let i = from; i < to;) {
    const column = Math.floor(xs[i]);
    let [low, high] = [i, i];
    let end = i + 1;
    for (; end < to && Math.floor(xs[end]) === column; end++) {
      if (values[end] < values[low]) low = end;
      else if (values[end] > values[high]) high = end;
    }
    const [a, b] = low < high ? [low, high] : [high, low];
    kept.push(i);
    if (a > i) kept.push(a);
    if (b > a) kept.push(b);
    if (end - 1 > b) kept.push(end - 1);
    i = end;
  }
  return kept;
}

/** The places that are not under another within a pixel and a half, for clouds of more than `most`. */
export function thinCloud(places: readonly Place[], most = 3000): readonly Place[] {
  if (places.length <= most) return places;
  const seen = new Set<number>();
  return places.filter(([x, y]) => {
    const at = Math.round(x / 1.5) * 65_536 + Math.round(y / 1.5);
    if (seen.has(at)) return false;
    seen.add(at);
    return true;
  });
}

/** Between which two indices of ascending values those within [low, high] lie, with one more to each side. */
export function window(
  values: { readonly length: number; at(i: number): number },
  low: number,
  high: number,
): [number, number] {
  const below = firstAt(values, low);
  const above = firstAt(values, high);
  return [Math.max(0, below - 1), Math.min(values.length, above + 2)];
}

/** The first index whose value is at least `least`. */
export function firstAt(values: { readonly length: number; at(i: number): number }, least: number): number {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values.at(middle) < least) from = middle + 1;
    else to = middle;
  }
  return from;
}
