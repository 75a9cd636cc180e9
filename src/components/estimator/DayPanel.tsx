/** The day: what is asked for hour by hour, and what is paid for. */
import { useMemo } from "preact/hooks";
import { line } from "../../engine/chart/line.ts";
import { OneChart } from "../charts/OneChart.tsx";
import type { OwnAnswer } from "./own-answer.ts";
import type { Load, OwnPlan } from "./plan.ts";
import { count, number, percent, perSecond } from "./words.ts";

const origin = { kind: "calculated" } as const;

export function DayPanel({
  plan,
  load,
  told,
}: {
  readonly plan: OwnPlan;
  readonly load: Load;
  readonly told: OwnAnswer;
}) {
  const { bill, peak } = told;
  const chart = useMemo(() => {
    if (!bill || !peak) return null;
    const perReplica = peak.capacity.value / plan.resolved.replicas;
    const asked = load.hours.map((share, x) => ({ x, y: (share * load.callsPerDay) / 3600 }));
    const paid = bill.replicas.map((replicas, x) => ({ x, y: replicas * perReplica }));
    return line({
      title: "A day of requests, and what is paid for",
      x: { label: "Hour of the day", unit: "h" },
      y: { label: "Requests per second", unit: "/s" },
      series: [
        { name: "asked for", points: asked },
        { name: "capacity, estimated", points: paid },
      ],
    });
  }, [plan, load, bill, peak]);
  if (!bill || !chart) return null;
  return (
    <section data-part="day">
      <h2>The day</h2>
      <p>
        {perSecond(told.rates.mean)} in the mean hour, {perSecond(told.rates.peak)} in the busiest. The GPUs are busy{" "}
        {percent(bill.utilisation)} of the {count(bill.gpuHours)} hours that are paid for
        {bill.utilisation < 0.4
          ? `, so a token costs ${number(1 / bill.utilisation)} times what it would on full ones`
          : ""}
        .
      </p>
      <OneChart class="lab-chart" description={chart} origin={origin} />
    </section>
  );
}
