/** The front of price and p99: rows that no other beats in one without losing in the other. */
import type { LatencyMetric, PlanRow } from "./types.ts";

type Ranked = Pick<PlanRow, "usdPerMonth" | "confirmed">;

/** From the cheapest to the fastest; of rows that are alike in both, the first. NaN counts as slowest. */
export function frontOf<Row extends Ranked>(rows: readonly Row[], metric: LatencyMetric): Row[] {
  const p99 = (row: Row): number => (row.confirmed[metric].p99 >= 0 ? row.confirmed[metric].p99 : Infinity);
  const sorted = [...rows].sort((a, b) => a.usdPerMonth - b.usdPerMonth || p99(a) - p99(b));
  let fastest = Infinity;
  return sorted.filter((row, i) => {
    if (i > 0 && !(p99(row) < fastest)) return false;
    fastest = p99(row);
    return true;
  });
}
