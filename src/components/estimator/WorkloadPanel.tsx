/** What a request is, how many come, and what was promised. */
import { BoundChoice, BoundField } from "./Bound.tsx";
import { curves } from "./curves.ts";
import type { EstimatorState } from "./estimator-state.ts";
import { lengthKind, lengthKinds } from "./read-load.ts";

const curveOptions = [
  ...Object.entries(curves).map(([id, { title }]) => [id, title] as const),
  ["own", "my own 24 hours"] as const,
];

export function WorkloadPanel({ state }: { readonly state: EstimatorState }) {
  const typed = state.typed.value;
  return (
    <section class="est-panel" data-part="workload">
      <h2>The requests</h2>
      <Lengths state={state} side="in" label="Tokens in" />
      <Lengths state={state} side="out" label="Tokens out" />
      <div class="est-fields">
        <BoundField state={state} name="calls" label="Calls a day" placeholder="100k" />
        <BoundChoice state={state} name="curve" label="Over the day" options={curveOptions} />
        {typed.curve === "own" && (
          <BoundField state={state} name="hours" label="Load by hour, 24 numbers" placeholder="2 1 1 1 1 2 4 …" />
        )}
        <BoundField state={state} name="prefix" label="Shared prefix" unit="% of tokens in" />
      </div>
      <Objective state={state} />
      <details class="est-more">
        <summary>More about the requests</summary>
        <div class="est-fields">
          <BoundField state={state} name="reasoning" label="Reasoning tokens, hidden" unit="mean" />
          <BoundField state={state} name="groups" label="Different prefixes" />
          <BoundField state={state} name="burstiness" label="Burstiness" unit="1: Poisson, below: bursts" />
          <BoundField state={state} name="zone" label="The day’s clock" unit="hours ahead of UTC" />
          <BoundField state={state} name="rtt" label="Round trip of the network" unit="ms" />
          <BoundChoice
            state={state}
            name="per"
            label="TPOT is over"
            options={[
              ["gaps", "the N − 1 gaps (vLLM, AIPerf)"],
              ["tokens", "all N tokens"],
            ]}
          />
        </div>
        <p class="lab-muted">
          A token is about four characters of English; other languages take more, up to fifteen times (Petrov et al.
          2023). Count yours with the tokenizer of the model you mean.
        </p>
      </details>
    </section>
  );
}

function Lengths({
  state,
  side,
  label,
}: {
  readonly state: EstimatorState;
  readonly side: "in" | "out";
  readonly label: string;
}) {
  const kind = lengthKind(state.typed.value[`${side}Kind`]);
  const second = `${side}2` as const;
  const names: Readonly<Record<typeof kind, readonly [string, string?]>> = {
    point: [label],
    percentiles: [`${label}, p50`, `${label}, p95`],
    lognormal: [`${label}, mean`, "spread σ of the logarithm"],
    uniform: [`${label}, from`, `${label}, to`],
    values: [`${label}, a list`],
  };
  const [first, other] = names[kind];
  return (
    <div class="est-fields">
      <BoundField
        state={state}
        name={side}
        label={first}
        placeholder={kind === "values" ? "120 340 95 …" : side === "in" ? "2000" : "300"}
      />
      {other !== undefined && (
        <BoundField state={state} name={second} label={other} placeholder={kind === "lognormal" ? "0.8" : "4000"} />
      )}
      <BoundChoice state={state} name={`${side}Kind`} label={`${label}, given as`} options={lengthKinds} />
    </div>
  );
}

function Objective({ state }: { readonly state: EstimatorState }) {
  return (
    <fieldset class="est-set">
      <legend>Promised, if anything</legend>
      <div class="est-fields">
        <BoundField state={state} name="ttft" label="TTFT at most" unit="ms" />
        <BoundField state={state} name="tpot" label="TPOT at most" unit="ms" />
        <BoundField state={state} name="e2e" label="E2E at most" unit="ms" />
        <BoundField state={state} name="attainment" label="For" unit="% of requests" />
      </div>
    </fieldset>
  );
}
