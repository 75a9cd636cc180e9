/** Latency in the busiest hour: means at once, percentiles as they are simulated. */
import type { Ranged } from "../../engine/metrics/types.ts";
import { Button } from "../lab/Button.tsx";
import type { Answer } from "./answer.ts";
import type { EstimatorState, Simulation } from "./estimator-state.ts";
import { latencyFigures, objectiveWords, ownFigures, perToken } from "./figures-own.ts";
import { apiFigures } from "./figures-api.ts";
import { generated } from "./plan.ts";
import { percentilesShown, type Quantiles } from "./refine.ts";
import { Shown } from "./Shown.tsx";
import { boundWords, count, percent, perSecond, time } from "./words.ts";

const metrics = ["ttft", "tpot", "e2e"] as const;

export function LatencyPanel({ state, told }: { readonly state: EstimatorState; readonly told: Answer }) {
  const { plan, own, api } = told;
  const simulation = state.simulation.value;
  const ofApi = plan.api && api ? apiFigures(plan.api, plan.load, api) : null;
  return (
    <section data-part="latency">
      <h3>Latency and load</h3>
      {plan.own && own?.peak ? <Own state={state} told={told} simulation={simulation} /> : null}
      {ofApi && (
        <dl class="est-facts">
          <div>
            <dt>API, E2E of the mean request</dt>
            <dd>
              <Shown figure={ofApi.e2e} />
            </dd>
          </div>
        </dl>
      )}
    </section>
  );
}

function Own({
  state,
  told,
  simulation,
}: {
  readonly state: EstimatorState;
  readonly told: Answer;
  readonly simulation: Simulation;
}) {
  const { plan, own } = told;
  const peak = own!.peak!;
  const refined = state.refined.value;
  const stable = peak.stable && refined?.stable !== false;
  const figures = ownFigures(plan.own!, plan.load, plan.objective, own!)!;
  const means = latencyFigures(plan.own!, plan.load, plan.objective, peak);
  const promised = objectiveWords(plan.objective);
  return (
    <>
      {stable ? (
        <>
          <p>What holds it back: {boundWords[peak.bound] ?? peak.bound}</p>
          <div class="tool-scroll" role="region" aria-label="Latency in the busiest hour" tabIndex={0}>
            <table class="est-table" data-part="percentiles">
              <thead>
                <tr>
                  <td />
                  <th scope="col">mean, estimated</th>
                  {percentilesShown.map((q) => (
                    <th scope="col" key={q}>
                      p{q}, simulated
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {metrics.map((name) => (
                  <tr key={name} data-metric={name}>
                    <th scope="row">{name.toUpperCase()}</th>
                    <td>{means ? <Shown figure={means[name]} /> : "–"}</td>
                    <Percentiles
                      quantiles={refined?.[name] ?? null}
                      error={peak[name]}
                      factor={name === "tpot" ? factorOf(told) : 1}
                    />
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {plan.load.reasoning > 0 && (
            <p class="lab-muted">
              The first visible token comes {time(peak.ttft.value + plan.load.reasoning * peak.tpot.value)} after the
              request, in the mean, because {count(plan.load.reasoning)} tokens of reasoning come before it.
            </p>
          )}
        </>
      ) : (
        <p class="est-unstable" data-part="unstable" role="status">
          <b>Unstable.</b> In the busiest hour {perSecond(own!.rates.peak)} come and at most{" "}
          {perSecond(refined?.capacity ?? peak.capacity.value)} can be served. The queue grows as long as that lasts, so
          there is no latency to print. More GPUs, a smaller model or shorter requests would help.
        </p>
      )}
      <SimulationBar state={state} simulation={simulation} />
      <dl class="est-facts">
        <Fact label="Busiest hour">
          <Shown figure={figures.load} />
        </Fact>
        <Fact label="Capacity, estimated">
          <Shown figure={figures.capacity} />
        </Fact>
        {promised !== null && (
          <Fact label="Goodput-safe rate">
            {refined?.safe !== null && refined !== null ? (
              <span data-figure="safe-simulated">
                {refined.safe > 0
                  ? `${perSecond(refined.safe)}, simulated`
                  : "none: even a server with nothing else to do misses it"}
              </span>
            ) : (
              <Shown figure={figures.safe} />
            )}
            <span class="est-range">{promised}</span>
          </Fact>
        )}
        {refined !== null && refined.attainment !== null && (
          <Fact label="Promise kept in the busiest hour">
            <span>{percent(refined.attainment)} of requests, simulated</span>
          </Fact>
        )}
        <Fact label="In flight in the busiest hour">
          <Shown figure={figures.inFlight} />
        </Fact>
        {refined !== null && refined.stable && plan.load.prefixShare > 0 && (
          <Fact label="Prompt tokens found in the cache">
            <span>{percent(refined.cacheHitRate)}, simulated</span>
          </Fact>
        )}
      </dl>
    </>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** TPOT over all tokens instead of the gaps. */
function factorOf({ plan }: Answer): number {
  const out = Math.max(1, generated(plan.load));
  return perToken(1, out, plan.objective);
}

function Percentiles({
  quantiles,
  error,
  factor,
}: {
  readonly quantiles: Quantiles | null;
  readonly error: Ranged;
  readonly factor: number;
}) {
  if (quantiles === null)
    return (
      <>
        {percentilesShown.map((q) => (
          <td key={q} class="lab-muted">
            –
          </td>
        ))}
      </>
    );
  const [down, up] = [error.low / error.value, error.high / error.value];
  return (
    <>
      {quantiles.at.map(({ q, value, interval }) => (
        <td key={q} data-q={q}>
          {time(value * factor)}
          <span class="est-range" title="Four of five published measurements lie this near to the model">
            {time(value * factor * down)} to {time(value * factor * up)}
          </span>
          {interval === null && (
            <span class="est-range">{count(quantiles.n)} requests: too few for an interval of chance</span>
          )}
        </td>
      ))}
    </>
  );
}

function SimulationBar({ state, simulation }: { readonly state: EstimatorState; readonly simulation: Simulation }) {
  return (
    <div class="est-simulation" role="status" data-part="simulation" data-state={simulation.kind}>
      {simulation.kind === "running" && (
        <>
          <progress class="lab-progress" aria-label="Simulating" value={simulation.share} max={1} />
          <span>Simulating the busiest hour, {Math.round(100 * simulation.share)} % </span>
          <Button action="stop" onPress={() => state.stop()}>
            Stop
          </Button>
        </>
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
