/** KV blocks as a map: neighbours of one colour belong to one request. */
import type { ChartDescription } from "../../../engine/chart/types.ts";
import type { Colour, Surface } from "../surface.ts";
import type { Drawing } from "../view.ts";

type BlocksDescription = Extract<ChartDescription, { kind: "blocks" }>;
const KEY = 24;
/** Not the eighth, a grey: grey is free. */
const OWNER_COLOURS = 7;

/** Cells in a row at a width: half as many on a narrow page. */
export function blockColumns({ spec }: BlocksDescription, width: number): number {
  return Math.max(1, Math.floor(width < 480 ? spec.columns / 2 : spec.columns));
}

export function drawBlocks(surface: Surface, description: BlocksDescription): Drawing {
  const { spec } = description;
  const columns = blockColumns(description, surface.width);
  const rows = Math.max(1, Math.ceil(spec.owners.length / columns));
  const side = Math.min(surface.width / columns, (surface.height - KEY) / rows);
  const gap = side > 5 ? 1 : 0;
  for (let i = 0; i < spec.owners.length;) {
    const owner = spec.owners[i];
    const row = Math.floor(i / columns);
    // Cells of one owner in one row are one rectangle, cut by thin lines below.
    let end = i + 1;
    while (end < spec.owners.length && end % columns !== 0 && spec.owners[end] === owner) end++;
    const style: Colour = owner < 0 ? "line" : `series-${(owner % OWNER_COLOURS) + 1}`;
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
  return {
    panels: [{ box: { left: 0, top: 0, right: columns * side, bottom: rows * side }, x: null, y: null }],
    columns,
  };
}
