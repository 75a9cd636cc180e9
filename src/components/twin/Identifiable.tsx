/** What the sweep shows of each constant and what it leaves open, in words, and who moves which figure. */
import { formatNumber, inSentence } from "../../engine/chart/format.ts";
import type { Evidence, Shown } from "../../engine/calibrate/evidence.ts";
import type { Observation } from "../../engine/calibrate/observation.ts";
import { calibrationMetrics, type CalibrationMetric } from "../../engine/calibrate/types.ts";
import { percent } from "../format.ts";
import { constantInWords, constantKind } from "./names.ts";
import { loadOf, metricNames } from "./pictures.ts";

export function Identifiable({
  evidence,
  observations,
}: {
  readonly evidence: Evidence;
  readonly observations: readonly Observation[];
}) {
  const { parameters, determined, entangled, surprise } = evidence;
  const hidden = parameters.filter(({ shown }) => !shown);
  return (
    <section data-part="identifiable">
      <h3>What these points show</h3>
      <p>
        {observations.length} points pin down {formatNumber(determined, 2)} of {parameters.length} constants’ worth.{" "}
        {hidden.length === 0
          ? "Every constant is known better than before."
          : `Of ${hidden.length} they say next to nothing: ${hidden.map(({ name }) => inSentence(constantInWords(name))).join("; ")}. There the twin keeps what is known of such servers in general.`}
      </p>
      {entangled.length > 0 && (
        <ul class="tool-doubts" aria-label="Constants that are not told apart">
          {entangled.slice(0, 4).map(({ names: [a, b], correlation }) => (
            <li key={`${a} ${b}`}>
              <i>{constantInWords(a)}</i> and <i>{inSentence(constantInWords(b))}</i> are not told apart: one can be{" "}
              {correlation < 0 ? "higher where the other is lower" : "higher where the other is too"}, and these points
              look the same.
            </li>
          ))}
        </ul>
      )}
      {surprise > 1.3 && (
        <p>
          The points contradict the model, or each other, more than measurements of other servers do: intervals are{" "}
          {formatNumber(Math.sqrt(surprise), 2)} times as wide for it. Look at the residuals below for a point that does
          not fit, and check that all are of the same server.
        </p>
      )}
      <Constants parameters={parameters} />
      <Moves evidence={evidence} observations={observations} />
    </section>
  );
}

function valueText(name: string, value: number): string {
  const kind = constantKind(name);
  if (kind === "share") return percent(value);
  if (kind === "time") return value >= 1e-3 ? `${formatNumber(value * 1e3)} ms` : `${formatNumber(value * 1e6)} µs`;
  return `× ${formatNumber(value)}`;
}

function Constants({ parameters }: { readonly parameters: readonly Shown[] }) {
  return (
    <div class="tool-scroll" role="region" aria-label="Fitted constants" tabIndex={0}>
      <table data-part="constants">
        <thead>
          <tr>
            <th scope="col">Constant</th>
            <th scope="col">Shown?</th>
            <th scope="col">Fitted</th>
            <th scope="col">95 % interval</th>
            <th scope="col">Before, after</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map((parameter) => (
            <tr key={parameter.name} data-constant={parameter.name}>
              <th scope="row">
                {constantInWords(parameter.name)}
                <br />
                <code class="lab-muted">{parameter.name}</code>
              </th>
              <td class={parameter.shown ? undefined : "lab-muted"}>
                {parameter.shown ? `yes: ${percent(1 - parameter.left)} of the doubt gone` : "no: as elsewhere"}
              </td>
              <td>{valueText(parameter.name, parameter.after.value)}</td>
              <td>
                {valueText(parameter.name, parameter.after.low)} to {valueText(parameter.name, parameter.after.high)}
              </td>
              <td>
                <Ranges of={parameter} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A grey bar for what was known before, the accent's for what is known now, on one log scale of two prior widths. */
function Ranges({ of: { before, after } }: { readonly of: Shown }) {
  const [low, high] = [Math.log(Math.min(before.low, after.low)), Math.log(Math.max(before.high, after.high))];
  const x = (value: number) => 120 * (high > low ? (Math.log(value) - low) / (high - low) : 0.5);
  const bar = (range: Shown["before"]) => ({ x: x(range.low), width: Math.max(2, x(range.high) - x(range.low)) });
  return (
    <svg class="twin-range" viewBox="0 0 120 22" width="120" height="22" aria-hidden="true">
      <rect class="before" y="2" height="7" {...bar(before)} />
      <rect class="after" y="12" height="7" {...bar(after)} />
      <line class="value" x1={x(after.value)} x2={x(after.value)} y1="10" y2="21" />
    </svg>
  );
}

interface Column {
  readonly head: string;
  /** Index into the residuals. */
  readonly at: number;
}

function Moves({
  evidence: { parameters, residuals },
  observations,
}: {
  readonly evidence: Evidence;
  readonly observations: readonly Observation[];
}) {
  const columns = calibrationMetrics.flatMap((metric) => columnsOf(metric, residuals, observations));
  const change = (at: number, j: number): number => 1.1 ** residuals[at]!.moves[j]! - 1;
  const most = Math.max(...columns.flatMap(({ at }) => parameters.map((_, j) => Math.abs(change(at, j)))), 1e-9);
  return (
    <>
      <h4>Which constant moves what</h4>
      <p class="lab-muted">By how much a figure changes where a constant is 10 % higher. Darker is more.</p>
      <div class="tool-scroll" role="region" aria-label="Which constant moves what" tabIndex={0}>
        <table data-part="moves">
          <thead>
            <tr>
              <th scope="col">Constant</th>
              {columns.map(({ head }) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {parameters.map(({ name }, j) => (
              <tr key={name}>
                <th scope="row">{constantInWords(name)}</th>
                {columns.map(({ head, at }) => {
                  const by = change(at, j);
                  const shade = Math.round((Math.abs(by) / most) * 100);
                  return (
                    <td key={head} class="twin-move" style={`--shade: ${shade}%`}>
                      {Math.abs(by) < 5e-4 ? "0" : `${by > 0 ? "+" : "−"}${formatNumber(100 * Math.abs(by), 2)} %`}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Under the lightest and the heaviest load at which a metric was measured. */
function columnsOf(
  metric: CalibrationMetric,
  residuals: Evidence["residuals"],
  observations: readonly Observation[],
): Column[] {
  const own = residuals.flatMap((residual, at) =>
    residual.metric === metric ? [{ at, load: observations[residual.point]!.load }] : [],
  );
  const sorted = own.sort((a, b) => loadOf(a.load) - loadOf(b.load) || a.load.prompt - b.load.prompt);
  const ends = sorted.length > 1 ? [sorted[0]!, sorted.at(-1)!] : sorted;
  const short = metric === "outputTokensPerSecond" ? "tok/s" : metricNames[metric].name;
  return ends.map(({ at, load }) => ({
    head: `${short}, ${formatNumber(loadOf(load))} ${load.rate === undefined ? (loadOf(load) === 1 ? "user" : "users") : "requests/s"}, ${formatNumber(load.prompt)} in`,
    at,
  }));
}
