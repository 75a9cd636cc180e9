/** How a series looks: never by colour alone, and what has a name of the field in the same colour all over the site. */
import type { Colour, PointShape } from "./surface.ts";

const shapes: readonly PointShape[] = ["circle", "rect", "triangle", "rectRot", "crossRot", "star"];
const dashes: readonly (readonly number[])[] = [
  [],
  [7, 4],
  [2, 3],
  [9, 3, 2, 3],
  [4, 2],
  [12, 4],
  [1, 4],
  [6, 2, 2, 2, 2, 2],
];
/** Colours of series without a name of the field; those that phases have come last. */
const order = [1, 2, 4, 7, 6, 3, 5, 8];

/** Phases of a request, wherever they are drawn. */
const phases: readonly (readonly [RegExp, number])[] = [
  [/^decode\b/i, 3],
  [/^(prefill|queue and prefill)\b/i, 5],
  [/^(queue|queued|wait|waiting|waits)\b/i, 2],
  [/^network\b/i, 6],
  [/^(lost to )?preempt/i, 4],
  [/^held by the client\b/i, 8],
];

export interface SeriesStyle {
  readonly colour: Colour;
  readonly dash: readonly number[];
  readonly shape: PointShape;
}

/** The look of the index-th of several series of which none has a colour of its own. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    colour: `series-${order[index % order.length]}`,
    dash: dashes[index % dashes.length],
    shape: shapes[index % shapes.length],
  };
}

/** The looks of the series of one chart: the others take the colours that its phases leave. */
export function seriesStyles(names: readonly string[]): SeriesStyle[] {
  const own = names.map((name) => phases.find(([is]) => is.test(name))?.[1]);
  const left = order.filter((colour) => !own.includes(colour));
  const free = left.length > 0 ? left : order;
  let next = 0;
  return names.map((_, i) => ({ ...seriesStyle(i), colour: `series-${own[i] ?? free[next++ % free.length]}` }));
}
