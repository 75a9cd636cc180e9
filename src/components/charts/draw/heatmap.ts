/** A grid of cells, darker where the value is higher. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { formatCell, formatNumber, withUnit } from "../../../engine/chart/format.ts";
import { extent, scaleOf } from "../scale.ts";
import { textWidth, type Surface } from "../surface.ts";

type Heatmap = Extract<ChartDescription, { kind: "heatmap" }>;
const FAINTEST = 0.06;
const KEY = 120;

export function drawHeatmap(surface: Surface, { spec }: Heatmap): void {
  const z = scaleOf(spec.z, extent(Array.from(spec.values)), { tight: true });
  const yLabels = spec.y.values.map((v) => formatCell(v));
  const left = Math.max(...yLabels.map((l) => textWidth(l)), 10) + 8;
  const box = { left, top: 46, right: surface.width - 4, bottom: surface.height - 40 };
  const columns = spec.x.values.length;
  const rows = spec.y.values.length;
  const cellWidth = (box.right - box.left) / columns;
  const cellHeight = (box.bottom - box.top) / rows;
  const share = (value: number) => (z.high > z.low ? z.at(value) : 1);
  // No more rectangles than pixels: where cells are smaller, each pixel shows the largest value under it.
  const across = Math.min(columns, Math.floor(box.right - box.left));
  const down = Math.min(rows, Math.floor(box.bottom - box.top));
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) {
      const value = largest(
        spec,
        Math.floor((i * columns) / across),
        Math.floor(((i + 1) * columns) / across),
        Math.floor((j * rows) / down),
        Math.floor(((j + 1) * rows) / down),
      );
      const width = (box.right - box.left) / across;
      const height = (box.bottom - box.top) / down;
      const gap = width > 6 && height > 6 ? 1 : 0;
      surface.rect(
        box.left + i * width,
        box.bottom - (j + 1) * height,
        width - gap,
        height - gap,
        "series-1",
        FAINTEST + (1 - FAINTEST) * share(value),
      );
      const label = formatNumber(value);
      if (textWidth(label, 11) + 6 < width && height > 18)
        surface.text([box.left + (i + 0.5) * width, box.bottom - (j + 0.5) * height + 4], label, {
          anchor: "middle",
          size: 11,
          colour: share(value) > 0.5 ? "paper" : "ink",
        });
    }
  const everyX = Math.ceil((Math.max(...spec.x.values.map((v) => textWidth(formatCell(v)))) + 10) / cellWidth);
  spec.x.values.forEach((v, i) => {
    if (i % everyX === 0)
      surface.text([box.left + (i + 0.5) * cellWidth, box.bottom + 17], formatCell(v), { anchor: "middle" });
  });
  const everyY = Math.ceil(16 / cellHeight);
  yLabels.forEach((label, j) => {
    if (j % everyY === 0)
      surface.text([box.left - 6, box.bottom - (j + 0.5) * cellHeight + 4], label, { anchor: "end" });
  });
  surface.text([0, 36], `↑ ${spec.y.label}${spec.y.unit ? ` (${spec.y.unit})` : ""}`, { colour: "body" });
  surface.text([box.right, box.bottom + 36], `${spec.x.label}${spec.x.unit ? ` (${spec.x.unit})` : ""} →`, {
    anchor: "end",
    colour: "body",
  });
  drawKey(surface, spec.z, z.low, z.high);
}

/** What the shades mean: a ramp from the lowest to the highest value. */
function drawKey(surface: Surface, { label, unit }: { label: string; unit?: string }, low: number, high: number): void {
  const from = withUnit(low, unit);
  let x = 0;
  surface.text([x, 11], `${label}: ${from}`, { colour: "body" });
  x += textWidth(`${label}: ${from}`) + 6;
  for (let i = 0; i < 20; i++)
    surface.rect(x + (i * KEY) / 20, 1, KEY / 20 + 0.3, 12, "series-1", FAINTEST + ((1 - FAINTEST) * i) / 19);
  surface.text([x + KEY + 6, 11], withUnit(high, unit), { colour: "body" });
}

function largest({ x, values }: Heatmap["spec"], x0: number, x1: number, y0: number, y1: number): number {
  let most = -Infinity;
  for (let j = y0; j < y1; j++) for (let i = x0; i < x1; i++) most = Math.max(most, values[j * x.values.length + i]);
  return most;
}
