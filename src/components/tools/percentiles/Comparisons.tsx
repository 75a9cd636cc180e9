/** B beside A, parts beside the whole, and what the tail does to tasks of many calls. */
import { formatNumber } from "../../../engine/chart/format.ts";
import type { Analysis } from "../../../engine/percentiles/analyse.ts";
import { defaults } from "../../../engine/percentiles/settings.ts";
import { NumberField } from "../NumberField.tsx";
import type { AnalyserState } from "./analyser-state.ts";
import { changeWords, duration } from "./StatisticsTable.tsx";

const percent = (share: number) => `${formatNumber(share * 100)} %`;

export function Differences({ analysis: { differences } }: { analysis: Analysis }) {
  if (differences.length === 0) return null;
  return (
    <section data-part="differences">
      <h3>B − A</h3>
      <div class="tool-scroll" role="region" aria-label="Differences of B and A" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {["Statistic", "A", "B", "B − A", "95 % interval"].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differences.map(({ name, a, b, delta }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{duration(a)}</td>
                <td>{duration(b)}</td>
                <td>{changeWords(b - a)}</td>
                <td class={delta ? undefined : "lab-muted"}>
                  {delta
                    ? `${changeWords(delta.low)} to ${changeWords(delta.high)}${delta.low <= 0 && delta.high >= 0 ? ": no difference shown" : ""}`
                    : "too few samples"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="lab-muted">
        The intervals take requests as independent; under each table above stands whether neighbours look it.
      </p>
    </section>
  );
}

export function Merged({ analysis: { merge } }: { analysis: Analysis }) {
  if (!merge) return null;
  const off = merge.average / merge.merged - 1;
  return (
    <section data-part="merge">
      <h3>Never average percentiles</h3>
      <p>
        p99 of each of {merge.parts.length} parts by {merge.by}, averaged: <b>{duration(merge.average)}</b>. p99 of all
        requests together: <b>{duration(merge.merged)}</b>
        {Math.abs(off) >= 0.005 ? `, so the average is ${percent(Math.abs(off))} too ${off > 0 ? "high" : "low"}` : ""}.
        Merge histograms or raw values instead.
      </p>
      <details>
        <summary>The parts</summary>
        <div class="tool-scroll" role="region" aria-label="p99 of each part" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Part</th>
                <th scope="col">Values</th>
                <th scope="col">p99</th>
              </tr>
            </thead>
            <tbody>
              {merge.parts.map(({ name, n, p99 }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{n.toLocaleString("en-GB")}</td>
                  <td>{duration(p99)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

export function Tails({ analysis: { fanOut, hedge }, state }: { analysis: Analysis; state: AnalyserState }) {
  const n = valuesOf(state);
  const problem = state.problem.value;
  const settings = state.settings.value;
  const at = (field: string) => (problem?.field === field ? problem.text : null);
  if (!fanOut || !hedge) return null;
  return (
    <section data-part="tails">
      <h3>What the tail does to a task, and a cure</h3>
      <NumberField
        label="Parallel calls of a task"
        name="calls"
        value={settings.fanOut}
        problem={at("the calls of a task")}
        onChange={(value) => state.set({ fanOut: value ?? defaults.fanOut })}
      />
      <p data-part="fan-out">
        {percent(fanOut.slowShare)} of tasks with {fanOut.calls.toLocaleString("en-GB")} calls meet at least one beyond p99.
        The median task takes {duration(fanOut.median.value)} (p{formatNumber(fanOut.median.q, 5)} of one call); its p99 is
        p{formatNumber(fanOut.p99.q, 6)} of one call, {duration(fanOut.p99.value)}
        {n < fanOut.p99.needs
          ? `, of which ${n.toLocaleString("en-GB")} values can't tell: it takes ${fanOut.p99.needs.toLocaleString("en-GB")}`
          : ""}
        .
      </p>
      <NumberField
        label="Second request after percentile"
        name="hedge"
        value={settings.hedge}
        problem={at("the percentile of the second request")}
        onChange={(value) => state.set({ hedge: value ?? defaults.hedge })}
      />
      <p data-part="hedge">
        Sent again after {duration(hedge.trigger)} (p{formatNumber(hedge.q, 4)}), {percent(hedge.extra)} more requests: p99
        goes from {duration(hedge.before.p99)} to {duration(hedge.after.p99)}, p99.9 from {duration(hedge.before.p999)} to{" "}
        {duration(hedge.after.p999)}. This takes the second answer to be as likely slow as any, independently of the first;
        where a server is slow because it is full, a second request makes it worse. For a language model it also pays for a
        second prefill.
      </p>
    </section>
  );
}

function valuesOf(state: AnalyserState): number {
  return state.analysis.value?.sets[0]?.counts.n ?? 0;
}
