/** The last runs side by side, newest last, with the change from the one before. */
import type { RunRecord } from "../../lab/storage.ts";
import { useLab } from "./lab-context.ts";
import { threeDigits } from "./three-digits.ts";

export function HistoryPane() {
  const runs = useLab().history.value;
  const names = [...new Set(runs.flatMap(({ summary }) => Object.keys(summary)))];
  if (runs.length === 0 || names.length === 0)
    return <p class="lab-empty">Runs of this lab stand here side by side, once there are some.</p>;
  return (
    <div class="lab-history" data-part="history">
      <h4>Last runs</h4>
      <div class="lab-history-scroll" tabIndex={0} role="region" aria-label="Last runs, side by side">
        <table>
          <thead>
            <tr>
              <th>Number</th>
              {runs.map((run) => (
                <th key={run.id} scope="col">
                  {run.name}
                  <span class="lab-history-origin">
                    {run.origin === "measured" ? `measured, ${run.target}` : run.origin}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {runs.map((run, i) => (
                  <td key={run.id}>{cell(run, runs[i - 1], name)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function cell(run: RunRecord, before: RunRecord | undefined, name: string): string {
  const value = run.summary[name];
  const last = before?.summary[name];
  if (value === undefined) return "–";
  if (last === undefined || last === 0 || last === value) return threeDigits(value);
  const change = (value / last - 1) * 100;
  return `${threeDigits(value)} (${change > 0 ? "+" : "−"}${threeDigits(Math.abs(change))} %)`;
}
