/** The digital twin: a measured sweep in, a fitted server out, with what it shows, what it foretells, and how far it reaches. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { formatNumber, withUnit } from "../../engine/chart/format.ts";
import { OneChart } from "../charts/OneChart.tsx";
import { percent } from "../format.ts";
import { Button } from "../lab/Button.tsx";
import "../lab/lab.css";
import { saveFile } from "../save-file.ts";
import { Working } from "../tools/Working.tsx";
import { onHashChange } from "../tools/hash-state.ts";
import { TakeAway } from "../tools/TakeAway.tsx";
import "../tools/tools.css";
import { credit, examples, source } from "./examples.ts";
import { Forecast } from "./Forecast.tsx";
import { Identifiable } from "./Identifiable.tsx";
import { MeasurePanel } from "./MeasurePanel.tsx";
import { curveCharts, loadOf, metricNames, residualChart } from "./pictures.ts";
import { placesOf, reachOf } from "./reach.ts";
import { ServerFields } from "./ServerFields.tsx";
import { SweepBox } from "./SweepBox.tsx";
import { SweepTable } from "./SweepTable.tsx";
import { curveToCsv, labCode, twinServer, twinToJson } from "./take-away.ts";
import { fewestPoints, TwinState, type FitOf } from "./twin-state.ts";
import "./twin.css";

const origin = { kind: "calculated" } as const;

interface Props {
  /** Where the built endpoint worker is served. */
  readonly endpointWorker: string | undefined;
}

export default function TwinTool({ endpointWorker }: Props) {
  const state = useMemo(() => new TwinState(), []);
  const [alive, setAlive] = useState(false);
  useEffect(() => {
    setAlive(true);
    void state.restore();
    return onHashChange(() => void state.restore());
  }, [state]);
  const fit = state.fit.value;
  const problem = state.problem.value;
  const ready = fit !== null && state.foretold.value !== null && state.progress.value === null;
  const beside = problem !== null && (problem.field === "data" || problem.field in state.server.value);
  return (
    <div
      class="lab tool twin not-content"
      data-tool="twin"
      data-alive={alive ? "" : undefined}
      data-ready={ready ? "" : undefined}
    >
      <h2 id="sweep">The sweep</h2>
      <SweepBox state={state} />
      <p class="tool-examples print:hidden">
        <span class="lab-muted">
          Examples, measured by NVIDIA (<a href={source}>its table</a>):{" "}
        </span>
        {examples.map(({ id, title, shows }) => (
          <Button key={id} action={`example-${id}`} label={`${title}: ${shows}`} onPress={() => void state.example(id)}>
            {title}
          </Button>
        ))}
      </p>
      <MeasurePanel state={state} endpointWorker={endpointWorker} />
      {state.notes.value.length > 0 && (
        <ul class="tool-doubts" aria-label="What to know of these points">
          {state.notes.value.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <SweepTable state={state} />
      {state.rows.value.length === 0 && (
        <p data-part="empty">
          Give it at least {fewestPoints} loads of one server, from one user to more than you expect, at two lengths of
          prompt or more: result files, a table, runs that you keep, or a sweep measured from here. Or press an example.
        </p>
      )}
      <h2 id="server">The server</h2>
      <ServerFields state={state} />
      <p class="tool-ways print:hidden">
        <Button kind="main" action="fit" unusable={state.progress.value !== null} onPress={() => void state.fitNow()}>
          Fit the twin
        </Button>
        {state.stale.value && <span class="lab-muted">Changed since: what is below is of the fit before.</span>}
      </p>
      <div class="tool-reading" role="status" data-part="fitting">
        {state.progress.value !== null && (
          <Working what="Fitting" share={state.progress.value} onStop={() => state.stop()} />
        )}
      </div>
      {problem !== null && !beside && (
        <p class="lab-problem" role="alert" data-part="problem">
          {problem.text}.
        </p>
      )}
      {fit !== null && <Result state={state} fit={fit} />}
      <p class="lab-muted print:hidden">Points are fitted in this page and sent nowhere. The examples are {credit}.</p>
    </div>
  );
}

function Result({ state, fit }: { state: TwinState; fit: FitOf }) {
  const { fitted, server, read } = fit;
  const { observations } = read;
  const curve = state.curve.value;
  const asked = state.foretold.value;
  const kind = asked?.load.rate === undefined ? "users" : "rate";
  const charts = useMemo(
    () =>
      asked === null ? [] : curveCharts(curve, observations, reachOf(observations, kind), placesOf(server, asked.load)),
    [curve, asked, observations, kind, server],
  );
  const residuals = useMemo(() => residualChart(fitted.evidence, observations), [fitted, observations]);
  return (
    <>
      <h2 id="twin">The twin</h2>
      <Forecast state={state} fit={fit} />
      <div class="tool-charts" data-part="curves">
        {charts.map((chart) => (
          <OneChart key={chart.title} class="lab-chart" description={chart} origin={origin} />
        ))}
      </div>
      <TakeAway
        stem="digital-twin"
        csv={() => curveToCsv(curve, fit)}
        json={() => twinToJson(fit, asked, curve)}
        linkLacks={state.linkLacks.value}
        code={() => labCode(fit, asked)}
      />
      <p class="tool-ways print:hidden">
        <Button
          action="server-json"
          onPress={() => saveFile("twin.json", JSON.stringify(twinServer(fit), null, 1), "application/json")}
        >
          Save as a server
        </Button>
        <span class="lab-muted">
          for <code>perflab simulate --server twin.json</code>, an endpoint that behaves like yours, for{" "}
          <code>perflab estimate --server twin.json</code>, and for <code>simulate(twin, workload)</code> in a lab.
        </span>
      </p>
      <Identifiable evidence={fitted.evidence} observations={observations} />
      <section data-part="residuals">
        <h3>How well it fits</h3>
        {residuals && <OneChart class="lab-chart" description={residuals} origin={origin} />}
        <HeldOut fit={fit} />
      </section>
    </>
  );
}

/** Two points that a fit to the others had not seen. */
function HeldOut({ fit: { fitted } }: { fit: FitOf }) {
  if (fitted.heldOut.length === 0) return null;
  const inside = fitted.heldOut.filter(({ measured, predicted: { low, high } }) => low <= measured && measured <= high);
  return (
    <>
      <p>
        Two points were left out and foretold by a fit to the others: {inside.length} of {fitted.heldOut.length} figures
        lie in their intervals.
      </p>
      <div class="tool-scroll" role="region" aria-label="Points that were left out" tabIndex={0}>
        <table data-part="held-out">
          <thead>
            <tr>
              {["Left out", "Measured", "Foretold", "95 % interval", "Off by"].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fitted.heldOut.map(({ metric, load, measured, predicted }) => {
              const { name, unit } = metricNames[metric];
              const off = predicted.value / measured - 1;
              return (
                <tr key={`${metric} ${loadOf(load)} ${load.prompt} ${load.output}`}>
                  <th scope="row">
                    {name}, {formatNumber(loadOf(load))} {load.rate === undefined ? "users" : "requests/s"},{" "}
                    {formatNumber(load.prompt)} → {formatNumber(load.output)}
                  </th>
                  <td>{withUnit(measured, unit)}</td>
                  <td>{withUnit(predicted.value, unit)}</td>
                  <td>
                    {withUnit(predicted.low, unit)} to {withUnit(predicted.high, unit)}
                  </td>
                  <td>
                    {off < 0 ? "−" : "+"}
                    {percent(Math.abs(off))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
