/** What every benchmark prints: a table, or with --json one object with stable ids. */
export interface Row {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** value ÷ peerValue, or the value itself where it is a ratio already. */
  readonly ratio: number | null;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

export function print(bench: string, rows: readonly Row[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ bench, rows: rows.map(({ note: _, ...row }) => row) }));
    return;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const row of rows) {
    const peer = row.peer ? `  ${row.peer}: ${digits(row.peerValue ?? NaN)}, ${digits(row.ratio ?? NaN)}×` : "";
    console.log(
      `${row.id.padEnd(width)}  ${digits(row.value).padStart(9)} ${row.unit}${peer}${row.note ? `  (${row.note})` : ""}`,
    );
  }
}

function digits(value: number): string {
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
