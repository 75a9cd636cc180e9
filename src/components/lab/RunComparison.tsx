/** Kept runs against the first of them: what was changed, what came of it and how sure that is, and their charts over one another. */
import { useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ComparedRow } from "../../engine/metrics/types.ts";
import { changesOf, codeChanges, measuredDifference } from "../../lab/keep/differences.ts";
import { overlay } from "../../lab/keep/overlay.ts";
import { metricLabel } from "../../lab/metric-label.ts";
import type { RunDataRecord, RunRecord } from "../../lab/storage.ts";
import { OneChart } from "../charts/OneChart.tsx";
import { Button } from "./Button.tsx";
import { PaneHeading } from "./PaneHeading.tsx";
import { useLab } from "./lab-context.ts";
import { threeDigits } from "./three-digits.ts";

interface Props {
  readonly chosen: readonly RunRecord[];
  onClose(): void;
}

export default function RunComparison({ chosen, onClose }: Props) {
  const { runs } = useLab();
  const data = useSignal<ReadonlyMap<string, RunDataRecord> | null>(null);
  const ids = chosen.map(({ id }) => id).join("\n");
  useEffect(() => {
    void Promise.all(chosen.map(({ id }) => runs.data(id))).then((kept) => {
      data.value = new Map(kept.flatMap((each) => (each === undefined ? [] : [[each.id, each]])));
    });
  }, [ids]);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => host.current?.querySelector("button")?.focus(), []);
  const [first, ...others] = chosen;
  if (first === undefined) return null;
  return (
    <div ref={host} class="kept-compare" data-part="run-comparison">
      <p class="kept-acts">
        <Button action="close-run-comparison" onPress={onClose}>
          Back to the list
        </Button>
        <span class="lab-muted">{`Against ${first.name}, which was ticked first.`}</span>
      </p>
      {others.map((other) => (
        <Changes key={other.id} from={first} to={other} />
      ))}
      <Numbers chosen={chosen} />
      {data.value !== null && (
        <>
          {others.map((other) => (
            <Difference key={other.id} from={first} to={other} data={data.value!} />
          ))}
          <Overlays chosen={chosen} data={data.value} />
        </>
      )}
    </div>
  );
}

function Changes({ from, to }: { from: RunRecord; to: RunRecord }) {
  const { setup } = useLab();
  const changes = changesOf(from, to, setup.params);
  const code = useMemo(
    () => (from.code === null || to.code === null ? null : codeChanges(from.code, to.code)),
    [from.code, to.code],
  );
  return (
    <section>
      <PaneHeading>{`What changed: ${from.name} → ${to.name}`}</PaneHeading>
      {changes.length > 0 && (
        <ul class="kept-changes">
          {changes.map(({ what, from, to }) => (
            <li key={what}>
              {what}: {from} → <strong>{to}</strong>
            </li>
          ))}
        </ul>
      )}
      {code === null && <p class="lab-muted">The code of one of them is not kept.</p>}
      {code?.length === 0 && (
        <p class="lab-muted">{changes.length === 0 ? "Nothing: same code, same values." : "The code is the same."}</p>
      )}
      {code !== null && code.length > 0 && (
        <pre class="kept-diff" tabIndex={0} role="region" aria-label={`Code: ${from.name} → ${to.name}`}>
          {code.map((line, i) => (
            <Fragment key={i}>
              {line === null ? (
                <span class="kept-gap">⋯{"\n"}</span>
              ) : (
                <span data-sign={line.sign}>
                  {line.sign} {line.text}
                  {"\n"}
                </span>
              )}
            </Fragment>
          ))}
        </pre>
      )}
    </section>
  );
}

/** What code exported and the last Run says, run by run. */
function Numbers({ chosen }: { chosen: readonly RunRecord[] }) {
  const names = [...new Set(chosen.flatMap(({ summary }) => Object.keys(summary)))];
  const [first] = chosen;
  if (names.length === 0) return null;
  return (
    <section>
      <PaneHeading>The numbers</PaneHeading>
      <div class="lab-history-scroll" tabIndex={0} role="region" aria-label="Numbers of the runs, side by side">
        <table class="kept-table">
          <thead>
            <tr>
              <th>Number</th>
              {chosen.map((run) => (
                <th key={run.id} scope="col">
                  {run.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{metricLabel(name)}</th>
                {chosen.map((run) => (
                  <td key={run.id}>
                    {numberWords(run.summary[name], run === first ? undefined : first?.summary[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function numberWords(value: number | undefined, before: number | undefined): string {
  if (value === undefined) return "–";
  if (before === undefined || before === 0 || before === value) return threeDigits(value);
  const change = (value / before - 1) * 100;
  if (Math.abs(change) >= 200) return `${threeDigits(value)} (× ${threeDigits(value / before)})`;
  return `${threeDigits(value)} (${change > 0 ? "+" : "−"}${threeDigits(Math.abs(change))} %)`;
}

function Difference({ from, to, data }: { from: RunRecord; to: RunRecord; data: ReadonlyMap<string, RunDataRecord> }) {
  const [before, after] = [data.get(from.id), data.get(to.id)];
  const found = useMemo(() => measuredDifference(before, after), [before, after]);
  if (found === null) {
    const lost = [from, to].filter((run) => run.runs > 0 && !data.get(run.id)?.runs.length);
    return lost.length === 0 ? null : (
      <p class="lab-muted">
        {`No intervals: the requests of ${lost.map(({ name }) => name).join(" and ")} are no longer kept. Pin a run to keep its requests.`}
      </p>
    );
  }
  return (
    <section>
      <PaneHeading>{`Beyond chance? ${from.name} → ${to.name}`}</PaneHeading>
      <div class="lab-history-scroll" tabIndex={0} role="region" aria-label={`Change from ${from.name} to ${to.name}`}>
        <table class="kept-table" data-part="delta">
          <thead>
            <tr>
              <th>Metric</th>
              <th scope="col">{from.name}</th>
              <th scope="col">{to.name}</th>
              <th scope="col">Change, with its 95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {found.rows.map((row) => (
              <tr key={row.metric} data-verdict={verdictOf(row)}>
                <th scope="row">{nameOf(row.metric)}</th>
                <td>{valueOf(row.a, row.unit)}</td>
                <td>{valueOf(row.b, row.unit)}</td>
                <td>
                  {`${signed(row.delta.value, row.unit)} [${signed(row.delta.low, row.unit)}, ${signed(row.delta.high, row.unit)}] `}
                  <span class="kept-verdict">{verdictOf(row)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(before!.runs.length > 1 || after!.runs.length > 1) && (
        <p class="lab-muted">A press that made several runs is compared by its last.</p>
      )}
      {found.notes.length > 0 && (
        <ul class="kept-changes lab-muted">
          {found.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function verdictOf({ delta, better }: ComparedRow): string {
  if (delta.low <= 0 && delta.high >= 0) return "within chance";
  return delta.value > 0 === (better === "high") ? "better" : "worse";
}

function nameOf(metric: string): string {
  return metric.replace(/^(ttft|tpot|itl|e2e)\b/, (name) => name.toUpperCase());
}

function valueOf(value: number, unit: ComparedRow["unit"]): string {
  if (unit === "share") return `${threeDigits(value * 100)} %`;
  return unit === "s" ? `${threeDigits(value * 1000)} ms` : threeDigits(value);
}

function signed(value: number, unit: ComparedRow["unit"]): string {
  return `${value < 0 ? "−" : "+"}${valueOf(Math.abs(value), unit)}`;
}

function Overlays({ chosen, data }: { chosen: readonly RunRecord[]; data: ReadonlyMap<string, RunDataRecord> }) {
  const { overlaid, apart } = useMemo(
    () =>
      overlay(chosen.flatMap((run) => (data.get(run.id)?.charts ?? []).map((chart) => ({ run: run.name, ...chart })))),
    [chosen, data],
  );
  return (
    <section>
      {overlaid.map((chart) => (
        <OneChart
          key={`${chart.description.kind} ${chart.description.title}`}
          class="lab-chart"
          description={chart.description}
          origin={chart.origin}
        />
      ))}
      {apart.length > 0 && (
        <p class="lab-muted">{`Not laid over one another: ${apart.join("; ")}. They were drawn by one run only, or differ in kind or unit.`}</p>
      )}
    </section>
  );
}
