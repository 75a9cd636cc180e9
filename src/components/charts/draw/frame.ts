/** The quiet parts of a plot: grid, tick labels, axis titles, legend, marks. */
import { roomyTicks, type Scale } from "../scale.ts";
import type { LegendEntry } from "../legend.ts";
import type { SeriesStyle } from "../series-style.ts";
import { FONT_SIZE, textWidth, type Box, type Surface } from "../surface.ts";

const GAP = 6;
const LINE = 18;
/** Labels of categories narrower than this are thinned out instead of wrapped. */
const NARROWEST_LABEL = 44;

/** Where the data go, once there is room for labels: `legend` entries are wrapped above, the y title stands over its axis. */
export function plotBox(surface: Surface, y: Scale, legend: readonly LegendEntry[], foot = 2 * LINE + 4): Box {
  const labels = Math.min(Math.max(...y.ticks.map((t) => textWidth(y.label(t))), 8), surface.width / 3);
  return {
    left: Math.ceil(labels) + GAP + 2,
    top: legendHeight(surface.width, legend) + LINE + 6,
    right: surface.width - 10,
    bottom: surface.height - foot,
  };
}

export function xOf(box: Box, scale: Scale): (value: number) => number {
  return (value) => box.left + scale.at(value) * (box.right - box.left);
}

export function yOf(box: Box, scale: Scale): (value: number) => number {
  return (value) => box.bottom - scale.at(value) * (box.bottom - box.top);
}

export function drawYAxis(surface: Surface, box: Box, y: Scale): void {
  const at = yOf(box, y);
  for (const tick of roomyTicks(y, box.bottom - box.top, () => FONT_SIZE)) {
    surface.line(
      [
        [box.left, at(tick)],
        [box.right, at(tick)],
      ],
      "line",
    );
    surface.text([box.left - GAP, at(tick) + 4], y.label(tick), { anchor: "end" });
  }
  surface.text([0, box.top - 10], `↑ ${y.title}`, { colour: "body" });
}

export function drawXAxis(surface: Surface, box: Box, x: Scale): void {
  const at = xOf(box, x);
  surface.line(
    [
      [box.left, box.bottom],
      [box.right, box.bottom],
    ],
    "line-strong",
  );
  for (const tick of roomyTicks(x, box.right - box.left, textWidth)) {
    surface.line(
      [
        [at(tick), box.bottom],
        [at(tick), box.bottom + 4],
      ],
      "line-strong",
    );
    const label = x.label(tick);
    const half = textWidth(label) / 2;
    const middle = Math.min(Math.max(at(tick), half), surface.width - half);
    surface.text([middle, box.bottom + LINE], label, { anchor: "middle" });
  }
  surface.text([box.right, box.bottom + 2 * LINE], `${x.title} →`, { anchor: "end", colour: "body" });
}

/** Names of the categories under a band axis, thinned and shortened to fit. Returns each band's left edge and width. */
export function drawBands(
  surface: Surface,
  box: Box,
  names: readonly string[],
): { left(i: number): number; width: number } {
  const step = (box.right - box.left) / Math.max(1, names.length);
  surface.line(
    [
      [box.left, box.bottom],
      [box.right, box.bottom],
    ],
    "line-strong",
  );
  const every = Math.ceil(Math.min(NARROWEST_LABEL, Math.max(...names.map((name) => textWidth(name))) + 6) / step);
  const room = step * every - 3;
  const words = names.flatMap((name) => name.split(/(?<=-)| /));
  const size = words.every((word) => textWidth(word) <= room) ? FONT_SIZE : FONT_SIZE - 2;
  names.forEach((name, i) => {
    if (i % every !== 0) return;
    wrap(name, (room * FONT_SIZE) / size, 2).forEach((line, row) =>
      surface.text([box.left + (i + 0.5) * step, box.bottom + LINE + row * 14], line, { anchor: "middle", size }),
    );
  });
  return { left: (i) => box.left + i * step + step * 0.14, width: step * 0.72 };
}

/** Words in at most `rows` lines of `width` pixels, cut with an ellipsis. */
export function wrap(text: string, width: number, rows: number): string[] {
  const fits = (line: string) => textWidth(line) <= width;
  const lines: string[] = [];
  // Words may also part after a hyphen.
  for (const word of text.split(/(?<=-)| /)) {
    const last = lines[lines.length - 1];
    const joined = last?.endsWith("-") ? last + word : `${last} ${word}`;
    if (last !== undefined && fits(joined)) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  const shown = lines.slice(0, rows);
  if (lines.length > rows) shown[rows - 1] += "…";
  return shown.map((line) => {
    if (fits(line)) return line;
    return `${line.slice(0, Math.max(1, Math.floor(width / textWidth("n")) - 1))}…`;
  });
}

/** Marked places: a dashed rule and its label. */
export function drawMarks(
  surface: Surface,
  box: Box,
  marks: readonly { x?: number; y?: number; label: string }[] | undefined,
  at: { x(v: number): number; y(v: number): number },
): void {
  let row = 0;
  for (const { x, y, label } of marks ?? []) {
    if (x !== undefined && inside(at.x(x), box.left, box.right)) {
      surface.line(
        [
          [at.x(x), box.top],
          [at.x(x), box.bottom],
        ],
        "ink",
        { dash: [2, 3] },
      );
      const toLeft = at.x(x) + textWidth(label) + 6 > box.right;
      surface.text([at.x(x) + (toLeft ? -5 : 5), box.top + 10 + 15 * row++], label, {
        colour: "ink",
        anchor: toLeft ? "end" : "start",
        halo: true,
      });
    }
    if (y !== undefined && inside(at.y(y), box.top, box.bottom)) {
      surface.line(
        [
          [box.left, at.y(y)],
          [box.right, at.y(y)],
        ],
        "ink",
        { dash: [2, 3] },
      );
      surface.text([box.right, at.y(y) - 5], label, { colour: "ink", anchor: "end", halo: true });
    }
  }
}

function inside(v: number, low: number, high: number): boolean {
  return v >= low - 0.5 && v <= high + 0.5;
}

const SWATCH = 26;

function legendRows(
  width: number,
  entries: readonly LegendEntry[],
): { name: string; style: SeriesStyle; x: number; row: number }[] {
  let x = 0;
  let row = 0;
  return entries.map(({ name: full, style }) => {
    const name = textWidth(full) <= width - SWATCH ? full : `${full.slice(0, 40)}…`;
    const w = SWATCH + textWidth(name) + 16;
    if (x > 0 && x + w > width) {
      x = 0;
      row++;
    }
    const place = { name, style, x, row };
    x += w;
    return place;
  });
}

export function legendHeight(width: number, entries: readonly LegendEntry[]): number {
  return entries.length === 0 ? 0 : ((legendRows(width, entries).at(-1)?.row ?? 0) + 1) * 20;
}

/** Swatches as the series look: lines with their dash and point, or blocks of colour. */
export function drawLegend(
  surface: Surface,
  entries: readonly LegendEntry[],
  look: "line" | "stroke" | "dot" | "block",
): void {
  for (const { name, style, x, row } of legendRows(surface.width, entries)) {
    const y = 10 + row * 20;
    const { colour, dash, shape } = style;
    if (look === "line" || look === "stroke")
      surface.line(
        [
          [x, y - 4],
          [x + 20, y - 4],
        ],
        colour,
        { width: 2, dash },
      );
    if (look === "block") surface.rect(x + 4, y - 10, 12, 12, colour);
    else if (look !== "stroke") surface.dot([x + 10, y - 4], shape, colour);
    surface.text([x + SWATCH, y], name, { colour: "body" });
  }
}
