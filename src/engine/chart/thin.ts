/** Fewer points with the same look: what a screen can't show is left out, extremes never. */
import type { Point } from "./types.ts";

/** Points that one chart keeps, over all of its series: several for each pixel, so that zooming in finds more. */
export const MOST_POINTS = 20_000;

/** How many points each of `series` may keep. */
export function pointsEach(series: number): number {
  return Math.max(600, Math.floor(MOST_POINTS / series));
}

/** Of points in order of x: the first, last, lowest and highest of each stretch (the M4 rule, Jugel 2014), bands included. */
export function thinLine(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const stretches = Math.max(1, Math.floor(most / 6));
  const kept: Point[] = [];
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * points.length) / stretches);
    const to = Math.floor(((s + 1) * points.length) / stretches);
    let [low, high, bottom, top] = [from, from, from, from];
    for (let i = from; i < to; i++) {
      const p = points[i];
      if (p.y < points[low].y) low = i;
      if (p.y > points[high].y) high = i;
      if ((p.low ?? p.y) < (points[bottom].low ?? points[bottom].y)) bottom = i;
      if ((p.high ?? p.y) > (points[top].high ?? points[top].y)) top = i;
    }
    const places = [...new Set([from, low, high, bottom, top, to - 1])].sort((a, b) => a - b);
    for (const i of places) kept.push(points[i]);
  }
  return kept;
}

/** One point for each occupied cell of a fine grid, twice as many columns as rows. */
export function thinScatter(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const rows = Math.floor(Math.sqrt(most / 2));
  const columns = 2 * rows;
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  // Halves, since the distance of the largest numbers has no number.
  const cell = (v: number, low: number, high: number, cells: number) =>
    Math.min(cells - 1, Math.floor(((v / 2 - low / 2) / (high / 2 - low / 2)) * cells) || 0);
  const seen = new Uint8Array(columns * rows);
  const extremes = new Set<string>();
  return points.filter(({ x, y }) => {
    const at = cell(y, y0, y1, rows) * columns + cell(x, x0, x1, columns);
    // One point at each end, and not all that lie there.
    const edge = [x === x0 && "left", x === x1 && "right", y === y0 && "low", y === y1 && "high"];
    const extreme = edge.some((side) => side && !extremes.has(side));
    for (const side of edge) if (side) extremes.add(side);
    const first = seen[at] === 0;
    seen[at] = 1;
    return first || extreme;
  });
}

/**
 * Places (from 0) of a sorted sample of n to draw: all of the first and last fifty, those around the percentiles `named` (0–1),
 * and evenly spaced ones between.
 */
export function thinRanks(n: number, named: readonly number[] = [], most = 500): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const kept = new Set<number>();
  const edge = 50;
  for (let i = 0; i < edge; i++) kept.add(i).add(n - 1 - i);
  for (const q of named) kept.add(Math.floor((n - 1) * q)).add(Math.ceil((n - 1) * q));
  const middle = most - kept.size;
  for (let i = 0; i < middle; i++) kept.add(edge + Math.floor(((i + 0.5) * (n - 2 * edge)) / middle));
  // Where two rules took the same place, the next ones from the edge fill up.
  for (let i = edge; kept.size < most; i++) kept.add(i);
  return [...kept].sort((a, b) => a - b);
}
