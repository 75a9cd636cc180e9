/** Where the names of points go: on whichever side of its point there is room, or nowhere. */
import { textWidth, type Box, type Place } from "../surface.ts";

export const LABEL_SIZE = 11.5;
/** Names beyond which looking for room takes longer than a reader would read. */
const MOST = 80;
const MOST_SEGMENTS = 2000;

/** Start of the baseline of every name that fits in `box` without covering a point, another name, or one of the `paths`. */
export function placeLabels(
  points: readonly { at: Place; label: string | undefined }[],
  box: Box,
  paths: readonly (readonly Place[])[] = [],
): { at: Place; label: string }[] {
  const taken = points.map(({ at: [x, y] }): Box => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  const segments = paths.flatMap((path) => path.slice(1).map((to, i): [Place, Place] => [path[i], to]));
  const lines = segments.slice(0, MOST_SEGMENTS);
  const placed: { at: Place; label: string }[] = [];
  for (const { at, label } of points.filter((p) => p.label).slice(0, MOST)) {
    if (!label) continue;
    const width = textWidth(label, LABEL_SIZE);
    for (const [left, baseline] of sides(at, width)) {
      const room = { left, right: left + width, top: baseline - LABEL_SIZE + 1, bottom: baseline + 3 };
      const inside = left >= box.left && room.right <= box.right && room.top >= 0 && room.bottom <= box.bottom;
      if (!inside || taken.some((other) => overlap(room, other)) || lines.some((line) => crosses(line, room))) continue;
      placed.push({ at: [left, baseline], label });
      taken.push(room);
      break;
    }
  }
  return placed;
}

/** Near the point first, then a little further off. */
function sides([x, y]: Place, width: number): Place[] {
  const near: Place[] = [
    [x + 7, y - 6],
    [x - 7 - width, y - 6],
    [x + 7, y + 14],
    [x - 7 - width, y + 14],
    [x + 9, y + 4],
    [x - 9 - width, y + 4],
  ];
  const over: Place[] = [
    [x - width / 2, y - 9],
    [x - width / 2, y + 18],
    [x + 5, y - 18],
    [x - 5 - width, y - 18],
    [x + 5, y + 26],
    [x - 5 - width, y + 26],
  ];
  return [...near, ...over];
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Whether a segment enters the box: Liang and Barsky's clipping, 1984. */
function crosses([[x0, y0], [x1, y1]]: readonly [Place, Place], box: Box): boolean {
  let [from, to] = [0, 1];
  const [dx, dy] = [x1 - x0, y1 - y0];
  for (const [p, q] of [
    [-dx, x0 - box.left],
    [dx, box.right - x0],
    [-dy, y0 - box.top],
    [dy, box.bottom - y0],
  ]) {
    if (p === 0) {
      if (q < 0) return false;
      continue;
    }
    const at = q / p;
    if (p < 0) from = Math.max(from, at);
    else to = Math.min(to, at);
    if (from > to) return false;
  }
  return true;
}
