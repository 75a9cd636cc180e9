/** How rows of a table are ordered: numbers by size, words by the alphabet, empty cells last whichever way. */

export interface Order {
  readonly column: number;
  readonly down: boolean;
}

/** Pressing a heading again turns the order round; numbers begin with the largest. */
export function nextOrder(now: Order | null, column: number, numeric: boolean): Order {
  return now?.column === column ? { column, down: !now.down } : { column, down: numeric };
}

/** For `sort`, of cells' values as text: "" is an empty cell. */
export function compareCells(a: string, b: string, down: boolean): number {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  const [x, y] = [Number(a), Number(b)];
  const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en", { numeric: true }) : x - y;
  return down ? -order : order;
}
