/** What the twin says of a load: figures with intervals, and whether it speaks of what was measured or beyond it. */
import { formatNumber, withUnit } from "../../engine/chart/format.ts";
import { calibrationMetrics } from "../../engine/calibrate/types.ts";
import { Choice, Field } from "../tools/Field.tsx";
import type { LoadField } from "./load-choice.ts";
import { loadOf, metricNames } from "./pictures.ts";
import { beyond, placesOf, reachOf } from "./reach.ts";
import type { LoadKind } from "./rows.ts";
import type { FitOf, TwinState } from "./twin-state.ts";

export function Forecast({ state, fit }: { state: TwinState; fit: FitOf }) {
  const choice = state.load.value;
  const read = state.readLoad.value;
  const problems = "problems" in read ? read.problems : {};
  const field = (name: LoadField, label: string) => (
    <Field
      label={label}
      name={`ask-${name}`}
      value={choice[name]}
      problem={problems[name]}
      onChange={(text) => state.ask({ [name]: text.trim() })}
    />
  );
  return (
    <section data-part="forecast">
      <h3>What it would do at a load</h3>
      <div class="tool-options" role="group" aria-label="The load that is asked about">
        <Choice<LoadKind>
          label="Kind of load"
          name="ask-kind"
          value={choice.kind}
          options={[
            ["users", "users, each after its answer"],
            ["rate", "requests a second, at random"],
          ]}
          onChange={(kind) => state.ask({ kind })}
        />
        {field("load", choice.kind === "users" ? "Users" : "Requests a second")}
        {field("prompt", "Tokens in, mean")}
        {field("output", "Tokens out, mean")}
      </div>
      <Told state={state} fit={fit} />
    </section>
  );
}

function Told({ state, fit }: { state: TwinState; fit: FitOf }) {
  const told = state.foretold.value;
  if (!told) return null;
  const { load, twin, model, before } = told;
  const open = load.rate !== undefined;
  const endless = twin.ttft.value >= 3500;
  const reasons = beyond(load, fit.read.observations);
  const reach = reachOf(fit.read.observations, open ? "rate" : "users");
  const limit = placesOf(fit.server, load);
  const highest = reach?.load.high ?? 0;
  return (
    <div data-part="told" data-beyond={reasons.length > 0 ? "" : undefined}>
      {endless ? (
        <p>
          <b>Unstable.</b> At {formatNumber(loadOf(load))} requests a second the queue grows without end, so there is no
          latency to give: the server does about {formatNumber(twin.outputTokensPerSecond.value)} tokens/s.
        </p>
      ) : (
        <div class="tool-scroll" role="region" aria-label="What the twin foretells" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {["Figure, mean", "Twin", "95 % interval", "Fitted constants alone", "Expected before the points"].map(
                  (head) => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {calibrationMetrics.map((metric) => {
                const { name, unit } = metricNames[metric];
                return (
                  <tr key={metric} data-metric={metric}>
                    <th scope="row">{name}</th>
                    <td>
                      <b>{withUnit(twin[metric].value, unit)}</b>
                    </td>
                    <td>
                      {withUnit(twin[metric].low, unit)} to {withUnit(twin[metric].high, unit)}
                    </td>
                    <td>{withUnit(model[metric], unit)}</td>
                    <td>{withUnit(before[metric], unit)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <div class="twin-reach" role="status" data-part="reach">
        {reasons.length === 0 ? (
          <p>
            <b>Within what was measured.</b> {reachWords(reach, open)}
          </p>
        ) : (
          <>
            <p>
              <b>Extrapolating.</b> {reasons.join(" ")} {reachWords(reach, open)} The interval counts what the points
              leave open and how far the model itself may drift, but not a mechanism that begins out there.
            </p>
          </>
        )}
        {limit && !open && limit.users > highest && loadOf(load) > limit.users && (
          <p>
            From about {limit.users.toLocaleString("en-GB")} users of these lengths on,{" "}
            {limit.by === "KV cache"
              ? "the KV cache is full by the memory budget, and requests wait for a place"
              : "all places of max-num-seqs are taken, and requests wait for one"}
            ; none of the points has seen that. Measure one beyond it before you rely on this.
          </p>
        )}
      </div>
    </div>
  );
}

function reachWords(reach: ReturnType<typeof reachOf>, open: boolean): string {
  if (!reach) return "";
  const span = ({ low, high }: { low: number; high: number }) =>
    low === high ? formatNumber(low) : `${formatNumber(low)} to ${formatNumber(high)}`;
  return `The points reach from ${span(reach.load)} ${open ? "requests/s" : "users"}, with ${span(reach.prompt)} tokens in and ${span(reach.output)} out: beyond ${formatNumber(reach.load.high)} ${open ? "requests/s" : "users"} everything is extrapolated.`;
}
