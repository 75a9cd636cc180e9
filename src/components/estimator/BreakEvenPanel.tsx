/** From how many calls on one's own GPUs are cheaper than the API. */
import { useMemo } from "preact/hooks";
import { line } from "../../engine/chart/line.ts";
import { OneChart } from "../charts/OneChart.tsx";
import type { Answer } from "./answer.ts";
import { ownMonth, type BreakEven } from "./break-even.ts";
import type { Figure } from "./figure.ts";
import { HOURS_PER_MONTH } from "../../engine/month.ts";
import { DAYS } from "./money.ts";
import { Shown } from "./Shown.tsx";
import { money, number, percent } from "./words.ts";

const origin = { kind: "calculated" } as const;
const POINTS = 60;

export function BreakEvenPanel({ told, simulated }: { readonly told: Answer; readonly simulated: boolean }) {
  const { plan, api, breakEven } = told;
  const now = plan.load.callsPerDay * DAYS;
  const perCall = api?.perRequest.total ?? 0;
  const chart = useMemo(
    () => (breakEven && perCall > 0 ? chartOf(breakEven, perCall, now) : null),
    [breakEven, perCall, now],
  );
  if (!breakEven || !api) return null;
  const { calls, forGood, share } = breakEven;
  return (
    <section data-part="break-even">
      <h2>Break-even</h2>
      {calls === null ? (
        <p>
          Never, at this price and this objective: even a replica that is as busy as it safely can be costs{" "}
          {Number.isFinite(share) ? `${number(share)} times` : "endlessly more than"} what the API charges for the same
          calls.
        </p>
      ) : (
        <>
          <p>
            One replica is cheaper than the API from <b>{number(calls)}</b> calls a month on, which is {percent(share)}{" "}
            of what it safely takes. You have {number(now)}: {now >= calls ? "own GPUs are" : "the API is"} cheaper
            {now >= calls && breakEven.callsPerReplica < now && forGood !== null && now < forGood
              ? ", unless a replica was just added"
              : ""}
            {forGood !== null && forGood > calls
              ? `. From ${number(forGood)} on, own GPUs are cheaper however many are needed`
              : ""}
            .
          </p>
          <dl class="est-facts">
            <div>
              <dt>Break-even, calls a month</dt>
              <dd>
                <Shown figure={figureOf(breakEven, perCall, simulated)} />
              </dd>
            </div>
          </dl>
        </>
      )}
      {chart && <OneChart class="lab-chart" description={chart} origin={origin} />}
      <p class="lab-muted">
        This compares money only. The two are not the same model: compare their answers before their bills.
      </p>
    </section>
  );
}

function figureOf(told: BreakEven, perCall: number, simulated: boolean): Figure {
  const { calls, perReplica, callsPerReplica } = told;
  return {
    id: "break-even",
    label: "Break-even, calls a month",
    text: number(calls!),
    formula:
      "cost of one replica a month ÷ the API’s cost of a request; it must be within what the replica safely takes",
    filled: `${money(perReplica)} ÷ ${money(perCall)}, of at most ${number(callsPerReplica)}`,
    source: `A month has ${HOURS_PER_MONTH} hours. What a replica safely takes is ${simulated ? "simulated" : "estimated"}, and follows the daily curve.`,
  };
}

function chartOf(told: BreakEven, perCall: number, now: number) {
  const from = Math.min(now, told.calls ?? now) / 10;
  const to = Math.max(now, told.calls ?? now, told.callsPerReplica) * 4;
  const at = Array.from({ length: POINTS }, (_, i) => from * (to / from) ** (i / (POINTS - 1)));
  return line({
    title: "A month’s bill by its calls",
    x: { label: "Calls a month", scale: "log" },
    y: { label: "USD a month", unit: "$", scale: "log" },
    series: [
      { name: "API", points: at.map((x) => ({ x, y: x * perCall })) },
      { name: "own GPUs, as many as needed", points: at.map((x) => ({ x, y: ownMonth(told, x) })) },
    ],
    marks: [{ x: now, label: "you" }, ...(told.calls === null ? [] : [{ x: told.calls, label: "break-even" }])],
  });
}
