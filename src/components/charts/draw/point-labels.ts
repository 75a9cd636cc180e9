/** Where the names of points go: on whichever side of its point there is room, or nowhere. */
import { textWidth, type Place } from "../surface.ts";
import type { Box } from "./frame.ts";

export const LABEL_SIZE = 11.5;

/** Start of the baseline of every name that fits in `box` without covering a point or another name. */
export function placeLabels(
  points: readonly { at: Place; label: string | undefined }[],
  box: Box,
): { at: Place; label: string }[] {
  const taken = points.map(({ at: [x, y] }): Box => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  const placed: { at: Place; label: string }[] = [];
  for (const { at, label } of points) {
    if (!label) continue;
    const width = textWidth(label, LABEL_SIZE);
    const [x, y] = at;
    const sides: Place[] = [
      [x + 7, y - 6],
      [x - 7 - width, y - 6],
      [x + 7, y + 13],
      [x - 7 - width, y + 13],
    ];
    for (const [left, baseline] of sides) {
      const room = { left, right: left + width, top: baseline - LABEL_SIZE, bottom: baseline + 2 };
      const inside = left >= box.left && room.right <= box.right + 10 && room.top >= 0 && room.bottom <= box.bottom;
      if (!inside || taken.some((other) => overlap(room, other))) continue;
      placed.push({ at: [left, baseline], label });
      taken.push(room);
      break;
    }
  }
  return placed;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
