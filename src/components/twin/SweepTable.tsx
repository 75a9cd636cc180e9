/** The points of the sweep, a row each, to read, mend and type; what is wrong with a cell stands in it. */
import { Button } from "../lab/Button.tsx";
import { emptyRow, rowFields, type LoadKind, type RowField, type SweepRow } from "./rows.ts";
import type { TwinState } from "./twin-state.ts";

const heads: Readonly<Record<RowField, string>> = {
  load: "Load",
  prompt: "Tokens in",
  output: "Tokens out",
  ttft: "TTFT, ms",
  tpot: "TPOT, ms",
  throughput: "Output tok/s",
};

export function SweepTable({ state }: { state: TwinState }) {
  const rows = state.rows.value;
  const { problems } = state.read.value;
  // A row that nobody has typed into yet is not scolded.
  const shown = state.problem.value?.field === "rows";
  const change = (i: number, part: Partial<SweepRow>) =>
    state.change({ rows: rows.map((row, k) => (k === i ? { ...row, ...part } : row)) });
  return (
    <>
      {rows.length > 0 && (
        <div class="tool-scroll" role="region" aria-label="Points of the sweep" tabIndex={0}>
          <table class="twin-sweep" data-part="sweep">
            <thead>
              <tr>
                <th scope="col">Kind of load</th>
                {rowFields.map((field) => (
                  <th key={field} scope="col">
                    {heads[field]}
                  </th>
                ))}
                <th scope="col">From</th>
                <th scope="col">
                  <span class="sr-only">Remove</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  <td>
                    <select
                      aria-label={`Kind of load of point ${i + 1}`}
                      value={row.kind}
                      onChange={(e) => change(i, { kind: e.currentTarget.value as LoadKind })}
                    >
                      <option value="users" selected={row.kind === "users"}>
                        users
                      </option>
                      <option value="rate" selected={row.kind === "rate"}>
                        requests/s
                      </option>
                    </select>
                  </td>
                  {rowFields.map((field) => {
                    const problem = shown ? problems.find((p) => p.row === i && p.field === field)?.text : undefined;
                    const id = `twin-${i}-${field}`;
                    return (
                      <td key={field}>
                        <input
                          aria-label={`${heads[field]} of point ${i + 1}`}
                          inputMode="decimal"
                          autocomplete="off"
                          value={row[field]}
                          aria-invalid={problem === undefined ? undefined : "true"}
                          aria-describedby={problem === undefined ? undefined : id}
                          onChange={(e) => change(i, { [field]: e.currentTarget.value.trim() })}
                        />
                        {problem !== undefined && (
                          <span class="tool-problem" id={id} role="alert">
                            {problem}
                          </span>
                        )}
                      </td>
                    );
                  })}
                  <td class="lab-muted">
                    {row.simulated === true ? "simulated" : row.from === "" ? "typed" : row.from}
                  </td>
                  <td>
                    <Button
                      label={`Remove point ${i + 1}`}
                      onPress={() => state.change({ rows: rows.filter((_, k) => k !== i) })}
                    >
                      ×
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="tool-ways print:hidden">
        <Button kind="plain" action="add-row" onPress={() => state.change({ rows: [...rows, nextRow(rows)] })}>
          Add a point
        </Button>
        {rows.length > 0 && (
          <Button action="clear" onPress={() => state.clear()}>
            Clear the table
          </Button>
        )}
      </p>
    </>
  );
}

/** As the last one, with nothing measured: sweeps keep their lengths. */
function nextRow(rows: readonly SweepRow[]): SweepRow {
  const last = rows.at(-1);
  return last ? { ...emptyRow, kind: last.kind, prompt: last.prompt, output: last.output } : emptyRow;
}
