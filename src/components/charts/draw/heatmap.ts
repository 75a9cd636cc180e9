/** A grid of cells, darker where the value is higher; empty where there is none. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { formatNumber } from "../../../engine/chart/format.ts";
import { gridExtents, inUnit, shownIn, withShown, type Shown } from "../extents.ts";
import { scaleOf } from "../scale.ts";
import { textWidth, type Surface } from "../surface.ts";
import type { Drawing } from "../view.ts";

type Heatmap = Extract<ChartDescription, { kind: "heatmap" }>;
const FAINTEST = 0.06;
const KEY = 120;

export function drawHeatmap(surface: Surface, description: Heatmap): Drawing {
  const { spec } = description;
  const extents = gridExtents(description);
  const z = scaleOf(spec.z, extents.z, { tight: true });
  const [xIn, yIn] = [shownIn(spec.x, extents.x), shownIn(spec.y, extents.y)];
  const yLabels = spec.y.values.map((v) => inUnit(v, yIn));
  const xLabels = spec.x.values.map((v) => inUnit(v, xIn));
  const widest = (labels: readonly string[]) => labels.reduce((most, l) => Math.max(most, textWidth(l)), 10);
  const left = Math.min(widest(yLabels), surface.width / 3) + 8;
  const box = { left, top: 46, right: surface.width - 4, bottom: surface.height - 40 };
  const columns = spec.x.values.length;
  const rows = spec.y.values.length;
  const share = (value: number) => (extents.z.high > extents.z.low ? z.at(value) : 1);
  // No more rectangles than pixels: where cells are smaller, each pixel shows the largest value under it.
  const across = Math.min(columns, Math.floor(box.right - box.left));
  const down = Math.min(rows, Math.floor(box.bottom - box.top));
  const width = (box.right - box.left) / across;
  const height = (box.bottom - box.top) / down;
  const gap = width > 6 && height > 6 ? 1 : 0;
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) {
      const value = largest(
        spec,
        Math.floor((i * columns) / across),
        Math.floor(((i + 1) * columns) / across),
        Math.floor((j * rows) / down),
        Math.floor(((j + 1) * rows) / down),
      );
      if (value === undefined) continue;
      const [x, y] = [box.left + i * width, box.bottom - (j + 1) * height];
      surface.rect(x, y, width - gap, height - gap, "series-1", FAINTEST + (1 - FAINTEST) * share(value));
      const label = formatNumber(value * z.shown.factor);
      if (textWidth(label, 11) + 6 < width && height > 18)
        surface.text([x + width / 2, y + height / 2 + 4], label, {
          anchor: "middle",
          size: 11,
          colour: share(value) > 0.5 ? "paper" : "ink",
        });
    }
  const cellWidth = (box.right - box.left) / columns;
  const cellHeight = (box.bottom - box.top) / rows;
  const everyX = Math.ceil((widest(xLabels) + 10) / cellWidth);
  xLabels.forEach((label, i) => {
    if (i % everyX === 0)
      surface.text([box.left + (i + 0.5) * cellWidth, box.bottom + 17], label, { anchor: "middle" });
  });
  const everyY = Math.ceil(16 / cellHeight);
  yLabels.forEach((label, j) => {
    if (j % everyY === 0)
      surface.text([box.left - 6, box.bottom - (j + 0.5) * cellHeight + 4], label, { anchor: "end" });
  });
  const title = ({ label }: { label: string }, { unit }: Shown) => `${label}${unit ? ` (${unit})` : ""}`;
  surface.text([0, 36], `↑ ${title(spec.y, yIn)}`, { colour: "body" });
  surface.text([box.right, box.bottom + 36], `${title(spec.x, xIn)} →`, { anchor: "end", colour: "body" });
  drawKey(surface, `${spec.z.label}${z.log ? ", log scale" : ""}`, z.shown, z.low, z.high);
  return { panels: [{ box, x: null, y: null }] };
}

/** What the shades mean: a ramp from the lowest to the highest value. */
function drawKey(surface: Surface, label: string, shown: Shown, low: number, high: number): void {
  const from = `${label}: ${withShown(low, shown)}`;
  const x = textWidth(from) + 6;
  surface.text([0, 11], from, { colour: "body" });
  for (let i = 0; i < 20; i++)
    surface.rect(x + (i * KEY) / 20, 1, KEY / 20 + 0.3, 12, "series-1", FAINTEST + ((1 - FAINTEST) * i) / 19);
  surface.text([x + KEY + 6, 11], withShown(high, shown), { colour: "body" });
}

/** undefined where no cell of the range has a value. */
function largest({ x, values }: Heatmap["spec"], x0: number, x1: number, y0: number, y1: number): number | undefined {
  let most: number | undefined;
  for (let j = y0; j < y1; j++)
    for (let i = x0; i < x1; i++) {
      const value = values[j * x.values.length + i];
      if (!Number.isNaN(value) && (most === undefined || value > most)) most = value;
    }
  return most;
}
