/** How far off a curve's shape is, whatever its height: each row against the lowest load of its own series. */
import type { Case } from "../accuracy/case.ts";
import type { Table } from "../accuracy/metrics.ts";
import { median } from "../accuracy/score.ts";

/** Median error of load curves after each is scaled to be right at its lowest load; NaN where no series has two loads. */
export function shapeError(cases: readonly Case[], residuals: ArrayLike<number>, table: Table): number {
  const series = new Map<string, { load: number; residual: number }[]>();
  cases.forEach((c, i) => {
    if (c.table !== table || !(c.value > 0)) return;
    const key = [
      c.file,
      c.model,
      c.gpu,
      c.engine,
      c.version,
      c.metric,
      c.load,
      c.prompt,
      c.output,
      c.gpus,
      c.server.weights,
    ].join(" ");
    series.set(key, [...(series.get(key) ?? []), { load: c.value, residual: residuals[i]! }]);
  });
  const errors = [...series.values()].flatMap((rows) => {
    const lowest = rows.reduce((a, b) => (b.load < a.load ? b : a));
    return rows
      .filter((row) => row.load > lowest.load)
      .map((row) => Math.abs(Math.exp(row.residual - lowest.residual) - 1));
  });
  return errors.length > 0 ? median(errors) : NaN;
}
