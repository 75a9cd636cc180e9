/** What it costs, both ways side by side, and what it is made of. */
import { useMemo } from "preact/hooks";
import { bars } from "../../engine/chart/bars.ts";
import { OneChart } from "../charts/OneChart.tsx";
import type { Answer } from "./answer.ts";
import type { Figure } from "./figure.ts";
import { apiFigures } from "./figures-api.ts";
import { ownFigures } from "./figures-own.ts";
import { Shown } from "./Shown.tsx";

const origin = { kind: "calculated" } as const;
const rows = [
  ["perRequest", "per request"],
  ["perDay", "per day"],
  ["perMonth", "per month"],
  ["perMillion", "per million tokens out"],
] as const;
const partNames: Readonly<Record<string, string>> = {
  input: "tokens in",
  cached: "cached tokens",
  cacheWrite: "cache writes",
  output: "tokens out",
  busy: "busy GPUs",
  idle: "idle GPUs",
  operations: "operations",
};

export function CostPanel({ told }: { readonly told: Answer }) {
  const { plan, api, own } = told;
  const ofApi = plan.api && api ? apiFigures(plan.api, plan.load, api) : null;
  const ofOwn = plan.own && own ? ownFigures(plan.own, plan.load, plan.objective, own) : null;
  if (!ofApi && !ofOwn) return null;
  const cell = (figure: Figure | undefined) => (
    <td>{figure ? <Shown figure={figure} /> : <span class="lab-muted">–</span>}</td>
  );
  return (
    <section data-part="cost">
      <h2>Cost</h2>
      <div class="tool-scroll" role="region" aria-label="Cost" tabIndex={0}>
        <table class="est-table">
          <thead>
            <tr>
              <td />
              {ofApi && <th scope="col">{plan.api!.price.id}</th>}
              {ofOwn && (
                <th scope="col">
                  {plan.own!.gpus} × {plan.own!.resolved.gpu.name}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, label]) => (
              <tr key={name}>
                <th scope="row">{label}</th>
                {ofApi && cell(ofApi[name])}
                {ofOwn && cell(ofOwn[name])}
              </tr>
            ))}
            {ofOwn && (
              <tr>
                <th scope="row">per million, if always busy</th>
                {ofApi && cell(undefined)}
                {cell(ofOwn.perMillionFull)}
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <Stack told={told} />
    </section>
  );
}

/** A month by what it pays for. */
function Stack({ told: { plan, api, own } }: { readonly told: Answer }) {
  const chart = useMemo(() => {
    const bills = [
      ...(api && plan.api ? [{ name: plan.api.price.id, parts: api.perMonth.parts }] : []),
      ...(own?.perMonth && plan.own
        ? [{ name: `${plan.own.gpus} × ${plan.own.resolved.gpu.name}`, parts: own.perMonth.parts }]
        : []),
    ];
    const names = Object.keys(partNames).filter((name) => bills.some(({ parts }) => (parts[name] ?? 0) > 0));
    if (names.length === 0) return null;
    return bars({
      title: "A month’s bill by part",
      y: { label: "USD a month", unit: "$" },
      categories: bills.map(({ name }) => name),
      series: names.map((name) => ({ name: partNames[name]!, values: bills.map(({ parts }) => parts[name] ?? 0) })),
      stacked: true,
    });
  }, [plan, api, own]);
  return chart && <OneChart class="lab-chart" description={chart} origin={origin} />;
}
