/** The rows, by price or by p99. */
import type { PlanRow } from "../../engine/plan/types.ts";
import { Button } from "../lab/Button.tsx";
import type { FinderState } from "./finder-state.ts";
import { detailOf, ms, priceOf, titleOf, usd } from "./plan-words.ts";
import { isPlain } from "./request.ts";

/** Rows that are shown before somebody asks for the rest. */
const FEW = 12;

interface Props {
  readonly state: FinderState;
  readonly rows: readonly PlanRow[];
  readonly rankBy: "ttft" | "tpot" | "e2e";
  use(row: PlanRow): void;
}

export function PlanTable({ state, rows, rankBy, use }: Props) {
  const by = state.sort.value;
  const p99 = (row: PlanRow) => row.confirmed[rankBy].p99;
  const sorted = by === "usd" ? rows : [...rows].sort((a, b) => p99(a) - p99(b));
  const few = state.all.value ? sorted : sorted.filter((row, i) => i < FEW || row === state.chosen.value);
  const head = (key: "usd" | "p99", text: string) => (
    <th scope="col" aria-sort={by === key ? "ascending" : undefined}>
      <Button
        action={`sort-${key}`}
        pressed={by === key}
        label={`${text}: sort by it`}
        onPress={() => (state.sort.value = key)}
      >
        {text}
        {by === key ? " ↑" : ""}
      </Button>
    </th>
  );
  return (
    <>
      <div class="tool-scroll" role="region" aria-label="Servers that keep every goal" tabIndex={0}>
        <table class="finder-table" data-part="plans">
          <thead>
            <tr>
              <th scope="col">Server</th>
              {head("usd", "USD a month")}
              {head("p99", `p99 ${rankBy.toUpperCase()}`)}
              {(["ttft", "tpot", "e2e"] as const)
                .filter((metric) => metric !== rankBy)
                .map((metric) => (
                  <th scope="col" key={metric}>
                    p99 {metric.toUpperCase()}
                  </th>
                ))}
              <th scope="col">Load</th>
              <th scope="col">What limits it</th>
            </tr>
          </thead>
          <tbody>
            {few.map((row) => (
              <tr key={row.id} data-plan={row.id} data-front={row.onFront ? "" : undefined}>
                <th scope="row">
                  {titleOf(row)}
                  <span class="finder-detail">{detailOf(row)}</span>
                  {row.onFront && <span class="finder-detail">on the front</span>}
                  <span class="print:hidden">
                    <Button
                      action="take"
                      label={`Take away ${titleOf(row)}, ${detailOf(row)}`}
                      pressed={state.chosen.value === row}
                      onPress={() => (state.chosen.value = row)}
                    >
                      Take away
                    </Button>
                    {isPlain(row) && (
                      <Button
                        action="use"
                        label={`Use ${titleOf(row)}, ${detailOf(row)} in the estimate`}
                        onPress={() => use(row)}
                      >
                        Use
                      </Button>
                    )}
                  </span>
                </th>
                <td>
                  {usd(row.usdPerMonth)}
                  <span class="finder-detail" data-stale={row.price.stale ? "" : undefined}>
                    {priceOf(row)}
                  </span>
                </td>
                {[rankBy, ...(["ttft", "tpot", "e2e"] as const).filter((metric) => metric !== rankBy)].map((metric) => (
                  <td key={metric}>
                    {ms(row.confirmed[metric].p99)}
                    <span class="finder-detail">
                      p50 {ms(row.confirmed[metric].p50)}, p95 {ms(row.confirmed[metric].p95)}
                    </span>
                  </td>
                ))}
                <td>{Math.round(100 * row.load)} %</td>
                <td class="finder-limit">{row.limit}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > few.length && (
        <p class="print:hidden">
          <Button action="more" onPress={() => (state.all.value = true)}>
            Show all {sorted.length} rows
          </Button>
        </p>
      )}
    </>
  );
}
