/** Which value an arrow key leads to: along a row, or to the nearest of another row. What is switched off is passed over. */
import type { Readings, Spot } from "./readings.ts";

/** Values that are looked at for one that is shown, before a key gives up. */
const FAR = 64;

interface Ground {
  readonly readings: Readings;
  /** Legend entries that are switched off. */
  readonly hidden: ReadonlySet<number>;
}

/** `by`: −1, 1, or an infinity for the ends of the row. null where nothing is shown. */
export function along(ground: Ground, spot: Spot | null, by: number): Spot | null {
  const { readings } = ground;
  const row = spot?.row ?? firstRow(ground, 0, 1);
  if (row < 0) return null;
  const from = spot?.i ?? (by === 1 ? -1 : 0);
  const count = readings.count(row);
  let i = by === -Infinity ? 0 : by === Infinity ? count - 1 : from + by;
  const way = by === -1 || by === Infinity ? -1 : 1;
  for (let n = 0; n < FAR && i >= 0 && i < count && !isShown(ground, row, i); n++) i += way;
  return isShown(ground, row, i) ? { row, i } : spot;
}

/** `x`: where a value lies in the picture. Stays where no other row shows anything. */
export function across(ground: Ground, spot: Spot, by: number, x: (spot: Spot) => number): Spot {
  const row = firstRow(ground, spot.row + by, by);
  if (row < 0) return spot;
  const here = x(spot);
  let best = spot;
  let least = Infinity;
  for (let i = 0; i < ground.readings.count(row); i++) {
    if (!isShown(ground, row, i)) continue;
    const distance = Math.abs(x({ row, i }) - here);
    if (distance < least) [best, least] = [{ row, i }, distance];
  }
  return best;
}

function isShown({ readings, hidden }: Ground, row: number, i: number): boolean {
  return i >= 0 && i < readings.count(row) && !hidden.has(readings.entry(row, i));
}

/** The first row from `row` on that shows a value, or −1. */
function firstRow(ground: Ground, row: number, by: number): number {
  for (let r = row; r >= 0 && r < ground.readings.rows; r += by)
    for (let i = 0; i < Math.min(FAR, ground.readings.count(r)); i++) if (isShown(ground, r, i)) return r;
  return -1;
}
