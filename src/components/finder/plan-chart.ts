/** Price against p99: the front, and what lies behind it. */
import { scatter } from "../../engine/chart/scatter.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { PlanAnswer, PlanRow } from "../../engine/plan/types.ts";
import { ms, titleOf, usd } from "./plan-words.ts";

export function planChart({ rows, rankBy }: PlanAnswer): ChartDescription | null {
  const p99 = (row: PlanRow) => row.confirmed[rankBy].p99;
  const known = rows.filter((row) => p99(row) > 0);
  if (known.length < 2) return null;
  const front = known.filter(({ onFront }) => onFront);
  const point = (row: PlanRow) => ({ x: row.usdPerMonth, y: p99(row) * 1000 });
  const [cheapest, fastest] = [front[0]!, front.at(-1)!];
  const said =
    front.length === 1
      ? `${titleOf(cheapest)} is both the cheapest and the fastest of these.`
      : `From ${titleOf(cheapest)} for ${usd(cheapest.usdPerMonth)} a month and ${ms(p99(cheapest))} to ${titleOf(fastest)} for ${usd(fastest.usdPerMonth)} and ${ms(p99(fastest))}.`;
  const others = known.filter(({ onFront }) => !onFront);
  return scatter({
    title: `Price and p99 ${rankBy.toUpperCase()}`,
    says: said,
    x: { label: "USD a month", unit: "$", scale: "log" },
    y: { label: `p99 ${rankBy.toUpperCase()}`, unit: "ms", scale: "log" },
    series: [
      { name: "on the front", points: front.map(point) },
      ...(others.length > 0 ? [{ name: "as good in neither", points: others.map(point) }] : []),
    ],
  });
}
