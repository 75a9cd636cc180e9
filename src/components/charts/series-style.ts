/** How the n-th series looks: never by colour alone. */
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
const COLOURS = 8;

export interface SeriesStyle {
  readonly colour: Colour;
  readonly dash: readonly number[];
  readonly shape: PointShape;
}

export function seriesStyle(index: number): SeriesStyle {
  return {
    colour: `series-${(index % COLOURS) + 1}`,
    dash: dashes[index % dashes.length],
    shape: shapes[index % shapes.length],
  };
}
