/** Statistics of one set or of A and B, with intervals or why there is none. */
import { formatNumber, withUnit } from "../../../engine/chart/format.ts";
import type { Analysis, SetAnalysis } from "../../../engine/percentiles/analyse.ts";
import { metricLabel } from "../../../engine/percentiles/settings.ts";
import type { Statistic } from "../../../engine/percentiles/statistics.ts";

/** Four digits: "113.3 ms". */
export function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "–";
  if (seconds === Infinity) return "never: a failure";
  const [factor, unit] = Math.abs(seconds) >= 1 || seconds === 0 ? [1, "s"] : Math.abs(seconds) >= 1e-3 ? [1e3, "ms"] : [1e6, "µs"];
  return `${formatNumber(seconds * factor, 4)} ${unit}`;
}

function range(statistic: Statistic, n: number): string {
  if (statistic.interval) return `${duration(statistic.interval[0])} to ${duration(statistic.interval[1])}`;
  if (statistic.needs !== undefined) return `too few samples: ${n.toLocaleString("en-GB")} of ${statistic.needs.toLocaleString("en-GB")}`;
  return statistic.name === "mean" ? "too few samples" : "";
}

export function StatisticsTable({ analysis }: { analysis: Analysis }) {
  return (
    <>
      {analysis.sets.map((set) => (
        <OneSet key={set.name} set={set} label={metricLabel[analysis.metric]} named={analysis.sets.length > 1} />
      ))}
    </>
  );
}

function OneSet({ set, label, named }: { set: SetAnalysis; label: string; named: boolean }) {
  const { statistics, corrected, counts } = set;
  const failures = statistics.some(({ withFailures }) => withFailures !== undefined);
  const caption = `${label}${named ? ` of ${set.name}` : ""}`;
  return (
    <section data-part="statistics">
      <h3>{caption}</h3>
      <p class="tool-counts" data-part="counts">
        {countWords(set)}
      </p>
      <div class="tool-scroll" role="region" aria-label={`Statistics: ${caption}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Statistic</th>
              <th scope="col">Value</th>
              <th scope="col">95 % interval</th>
              {failures && <th scope="col">With {counts.failed} failed as slowest</th>}
              {corrected && <th scope="col">Corrected for omission</th>}
            </tr>
          </thead>
          <tbody>
            {statistics.map((statistic, i) => (
              <tr key={statistic.name} data-statistic={statistic.name}>
                <th scope="row">{statistic.name}</th>
                <td>{duration(statistic.value)}</td>
                <td class={statistic.interval ? undefined : "lab-muted"}>{range(statistic, counts.n)}</td>
                {failures && <td>{statistic.withFailures === undefined ? "" : duration(statistic.withFailures)}</td>}
                {corrected && <td>{duration(corrected.statistics[i]!.value)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {set.methods.length > 0 && (
        <details>
          <summary>p99 by every method</summary>
          <p>
            {set.methods.map(([method, value]) => `${method} ${duration(value)}`).join(" · ")}. Where they differ much, the
            sample is too small for the percentile.
          </p>
        </details>
      )}
      {set.doubts.length > 0 && (
        <ul class="tool-doubts" aria-label={`What to know about ${caption}`}>
          {set.doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </ul>
      )}
      <Dependent of={set} />
      {corrected && (
        <p>
          {corrected.added.toLocaleString("en-GB")} requests that a waiting client did not send are added, as HdrHistogram
          does. It helps; a client that keeps its schedule is better.
        </p>
      )}
      {set.attainment && <Attained attainment={set.attainment} />}
    </section>
  );
}

/** Whether the intervals above may be believed: they take values as independent. */
function Dependent({ of: { dependence, inTime, counts } }: { of: SetAnalysis }) {
  if (counts.n < 2) return null;
  const order = inTime ? "in order of time" : "in the order of the rows";
  if ("unknown" in dependence)
    return (
      <p class="lab-muted" data-part="dependence">
        The intervals take requests as independent.{" "}
        {dependence.unknown === "few"
          ? `Of ${counts.n} values nobody can tell whether they are.`
          : "These values are sorted, so their order can’t show whether they are: give them in the order they were sent."}
      </p>
    );
  const { next, worth, wider } = dependence;
  const count = (n: number) => Math.round(n).toLocaleString("en-GB");
  if (wider.median === 1 && wider.tail === 1)
    return (
      <p class="lab-muted" data-part="dependence">
        The intervals take requests as independent. Neighbours, {order}, look it: blocks of them differ no more than by
        chance (correlation of a value with the next: {formatNumber(next, 2)}).
      </p>
    );
  return (
    <p data-part="dependence">
      <b>Neighbours are alike</b> ({order}; correlation of a value with the next: {formatNumber(next, 2)}), as in a queue.
      These {count(counts.n)} values tell as much of the median as about {count(worth.median)} independent ones, and of the
      slowest tenth as about {count(worth.tail)}. The intervals take them as independent, so near the median they should be
      about {formatNumber(wider.median, 2)} times as wide, and in the tail {formatNumber(wider.tail, 2)} times. Several
      shorter runs, apart in time, say more than one long one.
    </p>
  );
}

function Attained({ attainment: { share, requestsPerSecond } }: { attainment: NonNullable<SetAnalysis["attainment"]> }) {
  const percent = (value: number) => `${formatNumber(value * 100, 4)} %`;
  return (
    <p data-part="goodput">
      <b>{percent(share.value)} of requests met the objective</b> (95 % interval {percent(share.low)} to{" "}
      {percent(share.high)}), failed ones counted as misses.{" "}
      {requestsPerSecond === undefined
        ? "The data do not say when requests left, so there is no rate."
        : `Goodput: ${formatNumber(requestsPerSecond)} requests/s.`}
    </p>
  );
}

function countWords({ counts: { rows, n, failed, missing, negative, warmup } }: SetAnalysis): string {
  const many = (count: number) => count.toLocaleString("en-GB");
  const parts = [`${many(n)} ${n === 1 ? "value" : "values"} of ${many(rows)} ${rows === 1 ? "row" : "rows"}`];
  if (failed > 0) parts.push(`${many(failed)} failed, counted apart`);
  if (missing > 0) parts.push(`${many(missing)} without a value`);
  if (negative > 0) parts.push(`${many(negative)} below 0, which no latency is: left out`);
  if (warmup > 0) parts.push(`the first ${many(warmup)} left out as warm-up`);
  return `${parts.join("; ")}.`;
}

/** "+3.2 ms (−1 ms to 7.4 ms)". */
export function changeWords(value: number): string {
  return `${value > 0 ? "+" : ""}${withUnit(value, "s")}`;
}
