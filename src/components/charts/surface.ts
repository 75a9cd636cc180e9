/** What a chart is drawn on: a page of SVG, or a canvas. Colours are names of the course's tokens. */

export type Colour = "ink" | "body" | "muted" | "line" | "line-strong" | "paper" | `series-${number}`;
export type PointShape = "circle" | "rect" | "triangle" | "rectRot" | "crossRot" | "star";
export type Place = readonly [x: number, y: number];

export interface TextStyle {
  readonly colour?: Colour;
  readonly anchor?: "start" | "middle" | "end";
  readonly size?: number;
  readonly bold?: boolean;
  /** A halo of the page's colour, for text that may cross lines. */
  readonly halo?: boolean;
}

export interface Surface {
  readonly width: number;
  readonly height: number;
  rect(x: number, y: number, width: number, height: number, colour: Colour, opacity?: number): void;
  line(
    points: readonly Place[],
    colour: Colour,
    o?: { width?: number; dash?: readonly number[]; opacity?: number },
  ): void;
  area(points: readonly Place[], colour: Colour, opacity: number): void;
  dot(at: Place, shape: PointShape, colour: Colour, o?: { radius?: number; opacity?: number }): void;
  text(at: Place, text: string, style?: TextStyle): void;
  /** Draws, and shows only what lies in the box. */
  clip(box: Box, draw: () => void): void;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const FONT_SIZE = 12.5;

/** About how wide a text is: close enough to keep labels apart, the same at build and in the browser. */
export function textWidth(text: string, size = FONT_SIZE): number {
  return text.length * size * 0.54;
}

/** Corners of a point of the given radius, for shapes with corners. */
export function corners([x, y]: Place, shape: PointShape, r: number): Place[] {
  if (shape === "triangle")
    return [
      [x, y - r * 1.1],
      [x + r, y + r * 0.8],
      [x - r, y + r * 0.8],
    ];
  if (shape === "rectRot")
    return [
      [x, y - r * 1.15],
      [x + r * 1.15, y],
      [x, y + r * 1.15],
      [x - r * 1.15, y],
    ];
  const s = r * 0.9;
  return [
    [x - s, y - s],
    [x + s, y - s],
    [x + s, y + s],
    [x - s, y + s],
  ];
}

/** Strokes of a cross or star of the given radius. */
export function strokes([x, y]: Place, shape: PointShape, r: number): [Place, Place][] {
  const cross: [Place, Place][] = [
    [
      [x - r, y - r],
      [x + r, y + r],
    ],
    [
      [x - r, y + r],
      [x + r, y - r],
    ],
  ];
  return shape === "star"
    ? [
        ...cross,
        [
          [x, y - r * 1.2],
          [x, y + r * 1.2],
        ],
      ]
    : cross;
}
