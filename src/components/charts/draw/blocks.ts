/** KV blocks as a map: neighbours of one colour belong to one request. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { seriesStyle } from "../series-style.ts";
import type { Surface } from "../surface.ts";

type BlocksDescription = Extract<ChartDescription, { kind: "blocks" }>;
const KEY = 24;
/** Not the eighth, a grey: grey is free. */
const OWNER_COLOURS = 7;

export function drawBlocks(surface: Surface, { spec }: BlocksDescription): void {
  const columns = surface.width < 480 ? spec.columns / 2 : spec.columns;
  const rows = Math.max(1, Math.ceil(spec.owners.length / columns));
  const side = Math.min(surface.width / columns, (surface.height - KEY) / rows);
  const gap = side > 5 ? 1 : 0;
  for (let i = 0; i < spec.owners.length;) {
    const owner = spec.owners[i];
    const row = Math.floor(i / columns);
    // Cells of one owner in one row are one rectangle, cut by thin lines below.
    let end = i + 1;
    while (end < spec.owners.length && end % columns !== 0 && spec.owners[end] === owner) end++;
    const style = owner < 0 ? "line" : seriesStyle(owner % OWNER_COLOURS).colour;
    surface.rect(
      (i % columns) * side,
      row * side,
      (end - i) * side - gap,
      side - gap,
      style,
      owner < 0 ? 0.55 : owner % (2 * OWNER_COLOURS) < OWNER_COLOURS ? 1 : 0.6,
    );
    i = end;
  }
  if (gap > 0)
    for (let c = 1; c < columns; c++)
      surface.line(
        [
          [c * side - 0.5, 0],
          [c * side - 0.5, rows * side],
        ],
        "paper",
      );
  const cell = spec.blocksPerCell === 1 ? "One cell is one block" : `One cell is ${spec.blocksPerCell} blocks`;
  surface.text([0, rows * side + 16], `${cell}; a colour is a request, grey is free.`);
}
