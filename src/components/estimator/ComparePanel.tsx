/** Up to four configurations beside each other. */
import { useMemo } from "preact/hooks";
import { Button } from "../lab/Button.tsx";
import { answer, type Answer } from "./answer.ts";
import type { EstimatorState } from "./estimator-state.ts";
import { MOST_COMPARED } from "./fields.ts";
import { read } from "./read.ts";
import { titlesOf } from "./results.ts";
import { count, money, percent, perSecond, time } from "./words.ts";

const rows: readonly (readonly [string, (told: Answer) => string])[] = [
  ["calls a day", ({ plan }) => count(plan.load.callsPerDay)],
  ["API, per month", ({ api }) => (api ? money(api.perMonth.total) : "–")],
  ["own GPUs, per month", ({ own }) => (own?.perMonth ? money(own.perMonth.total) : "–")],
  ["own GPUs, per million tokens out", ({ own }) => (own?.perDay ? money(own.perDay.perMillionOutputTokens) : "–")],
  ["TTFT, mean, estimated", ({ own }) => latency(own?.peak, "ttft")],
  ["TPOT, mean, estimated", ({ own }) => latency(own?.peak, "tpot")],
  ["E2E, mean, estimated", ({ own }) => latency(own?.peak, "e2e")],
  ["capacity, estimated", ({ own }) => (own?.peak ? perSecond(own.peak.capacity.value) : "–")],
  ["busiest hour, of the capacity", ({ own }) => (own?.peak ? percent(own.peak.load) : "–")],
  ["such requests at once", ({ own }) => (own ? count(own.sequences) : "–")],
  ["held back by", ({ own }) => own?.peak?.bound ?? "–"],
];

function latency(peak: NonNullable<Answer["own"]>["peak"] | undefined, metric: "ttft" | "tpot" | "e2e"): string {
  if (!peak) return "–";
  if (!peak.stable) return "unstable";
  return Number.isFinite(peak[metric].value) ? time(peak[metric].value) : "–";
}

export function ComparePanel({ state, told }: { readonly state: EstimatorState; readonly told: Answer }) {
  const kept = state.kept.value;
  const others = useMemo(
    () =>
      kept.map((typed) => {
        const { plan } = read(typed, state.today);
        return plan && answer(plan);
      }),
    [kept, state],
  );
  const full = kept.length >= MOST_COMPARED - 1;
  return (
    <section data-part="compare">
      <h2>Beside each other</h2>
      {kept.length === 0 ? (
        <p>
          Keep this configuration, change something, and see both. Up to {MOST_COMPARED} stand beside each other, and in
          the link.
        </p>
      ) : (
        <div class="tool-scroll" role="region" aria-label="Configurations beside each other" tabIndex={0}>
          <table class="est-table">
            <thead>
              <tr>
                <td />
                <th scope="col">
                  <Titles titles={titlesOf(told.plan)} />
                  <span class="lab-muted">this one</span>
                </th>
                {others.map((other, i) => (
                  <th scope="col" key={i}>
                    <Titles titles={other ? titlesOf(other.plan) : ["can’t be read"]} />
                    <span class="print:hidden">
                      <Button action={`use-${i}`} label={`Use number ${i + 2}`} onPress={() => state.swap(i)}>
                        Use
                      </Button>
                      <Button action={`forget-${i}`} label={`Remove number ${i + 2}`} onPress={() => state.forget(i)}>
                        Remove
                      </Button>
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([name, of]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{of(told)}</td>
                  {others.map((other, i) => (
                    <td key={i}>{other ? of(other) : "–"}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="print:hidden">
        <Button kind="plain" action="keep" unusable={full} onPress={() => state.keep()}>
          Keep this one to compare
        </Button>
        {full && <span class="lab-muted"> {MOST_COMPARED} is as many as fit: remove one first.</span>}
      </p>
    </section>
  );
}

function Titles({ titles }: { readonly titles: readonly string[] }) {
  return (
    <>
      {titles.map((title) => (
        <span class="est-title" key={title}>
          {title}
        </span>
      ))}
    </>
  );
}
