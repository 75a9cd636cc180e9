/** Latency in the busiest hour: means at once, percentiles as they are simulated. */
import type { ComponentChildren } from "preact";
import { Button } from "../lab/Button.tsx";
import { Working } from "../tools/Working.tsx";
import type { Answer } from "./answer.ts";
import type { EstimatorState, Simulation } from "./estimator-state.ts";
import type { Figure } from "./figure.ts";
import { apiFigures } from "./figures-api.ts";
import { latencyFigures, objectiveWords, ownFigures } from "./figures-own.ts";
import { attainmentFigure, cacheFigure, percentileFigures, safeFigure } from "./figures-simulated.ts";
import { percentilesShown, type Refined } from "./refine.ts";
import { Shown } from "./Shown.tsx";
import { boundWords, count, perSecond, time } from "./words.ts";

const metrics = ["ttft", "tpot", "e2e"] as const;

export function LatencyPanel({ state, told }: { readonly state: EstimatorState; readonly told: Answer }) {
  const { own } = told;
  const refined = state.refined.value;
  const stable = own?.peak?.stable === true && refined?.stable !== false;
  return (
    <section data-part="latency">
      <h2>Latency and load</h2>
      {own?.peak && !stable && (
        <p class="est-unstable" data-part="unstable" role="status">
          <b>Unstable.</b> In the busiest hour {perSecond(own.rates.peak)} come and at most{" "}
          {perSecond(refined?.capacity ?? own.peak.capacity.value)} can be served. The queue grows as long as that
          lasts, so there is no latency to print. More GPUs, a smaller model or shorter requests would help.
        </p>
      )}
      {own?.peak && stable && <p>What holds it back: {boundWords[own.peak.bound] ?? own.peak.bound}</p>}
      <Table told={told} refined={refined} stable={stable} />
      {own?.peak && (
        <>
          <SimulationBar state={state} simulation={state.simulation.value} />
          <Facts told={told} refined={refined} />
        </>
      )}
    </section>
  );
}

function Table({
  told,
  refined,
  stable,
}: {
  readonly told: Answer;
  readonly refined: Refined | null;
  readonly stable: boolean;
}) {
  const { plan, own, api } = told;
  const means = plan.own && own?.peak && stable ? latencyFigures(plan.own, plan.load, plan.objective, own.peak) : null;
  const ofApi = plan.api && api ? apiFigures(plan.api, plan.load, api) : null;
  const { reasoning } = plan.load;
  return (
    <>
      <div class="tool-scroll" role="region" aria-label="Latency in the busiest hour" tabIndex={0}>
        <table class="est-table" data-part="percentiles">
          <thead>
            <tr>
              <td />
              <th scope="col">{means ? "mean, estimated" : "mean"}</th>
              {percentilesShown.map((q) => (
                <th scope="col" key={q}>
                  p{q}
                  {means && ", simulated"}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {means &&
              metrics.map((name) => (
                <Row
                  key={name}
                  name={name}
                  label={name.toUpperCase()}
                  mean={means[name]}
                  percentiles={refined ? percentileFigures(plan, name, refined, own!.peak![name]) : []}
                />
              ))}
            {ofApi && <Row name="api" label="API, E2E, calculated" mean={ofApi.e2e} percentiles={ofApi.e2eAt} />}
          </tbody>
        </table>
      </div>
      {means && reasoning > 0 && (
        <p class="lab-muted">
          The first visible token comes {time(own!.peak!.ttft.value + reasoning * own!.peak!.tpot.value)} after the
          request, in the mean, because {count(reasoning)} tokens of reasoning come before it.
        </p>
      )}
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly label: string;
  readonly mean: Figure;
  readonly percentiles: readonly Figure[];
}

function Row({ name, label, mean, percentiles }: RowProps) {
  return (
    <tr data-metric={name}>
      <th scope="row">{label}</th>
      <td>
        <Shown figure={mean} />
      </td>
      {percentilesShown.map((q, i) => (
        <td key={q} data-q={q}>
          {percentiles[i] ? <Shown figure={percentiles[i]} /> : <span class="lab-muted">–</span>}
        </td>
      ))}
    </tr>
  );
}

function Facts({ told, refined }: { readonly told: Answer; readonly refined: Refined | null }) {
  const { plan, own } = told;
  const figures = ownFigures(plan.own!, plan.load, plan.objective, own!)!;
  const promised = objectiveWords(plan.objective) !== null;
  return (
    <dl class="est-facts">
      <Fact label="Busiest hour">
        <Shown figure={figures.load} />
      </Fact>
      <Fact label="Capacity, estimated">
        <Shown figure={figures.capacity} />
      </Fact>
      {promised && (
        <Fact label="Goodput-safe rate">
          <Shown figure={refined && refined.safe !== null ? safeFigure(plan, refined) : figures.safe} />
        </Fact>
      )}
      {refined && refined.attainment !== null && (
        <Fact label="Promise kept in the busiest hour">
          <Shown figure={attainmentFigure(plan, refined)} />
        </Fact>
      )}
      <Fact label="In flight in the busiest hour">
        <Shown figure={figures.inFlight} />
      </Fact>
      {refined?.stable === true && plan.load.prefixShare > 0 && (
        <Fact label="Prompt tokens found in the cache">
          <Shown figure={cacheFigure(plan, refined)} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function SimulationBar({ state, simulation }: { readonly state: EstimatorState; readonly simulation: Simulation }) {
  return (
    <div class="est-simulation" role="status" data-part="simulation" data-state={simulation.kind}>
      {simulation.kind === "running" && (
        <Working
          what="Simulating"
          text="Simulating the busiest hour"
          share={simulation.share}
          percent
          onStop={() => state.stop()}
        />
      )}
      {simulation.kind === "stopped" && (
        <>
          <span>The simulation was stopped; what you see is estimated. </span>
          <Button action="simulate" onPress={() => void state.simulate()}>
            Simulate
          </Button>
        </>
      )}
      {simulation.kind === "failed" && <span class="lab-problem">It could not be simulated: {simulation.text}.</span>}
      {simulation.kind === "done" && (
        <span class="lab-muted">
          Simulated: {count(simulation.refined.requests)} requests at random on one replica, seed{" "}
          {simulation.refined.seed}; capacity {perSecond(simulation.refined.capacity)}
          {simulation.refined.preemptions > 0 ? `; ${count(simulation.refined.preemptions)} preemptions` : ""}. Ranges
          are those that four of five published measurements stay within.
        </span>
      )}
    </div>
  );
}
