/** The columns of what was given: what each was taken for, in which unit and why, and a way to say otherwise. */
import type { TimeUnit } from "../../../engine/percentiles/cell.ts";
import { isTime, roles, type Role } from "../../../engine/percentiles/columns.ts";
import type { Metric } from "../../../engine/percentiles/settings.ts";
import type { AnalyserState } from "./analyser-state.ts";
import type { Slot } from "./question.ts";

const roleLabel: Readonly<Record<Role | "", string>> = {
  "": "not used",
  ttft: "TTFT",
  tpot: "TPOT",
  e2e: "E2E",
  latency: "latency",
  tokens: "output tokens",
  time: "time it left",
  error: "error or outcome",
  group: "group",
};
const units: readonly TimeUnit[] = ["s", "ms", "us", "ns", "min"];
const unitLabel: Readonly<Record<TimeUnit, string>> = { s: "s", ms: "ms", us: "µs", ns: "ns", min: "min" };

export function Columns({ state, slot }: { state: AnalyserState; slot: Slot }) {
  const given = state.given[slot].value;
  const read = given?.read?.results[given.result];
  const analysis = state.analysis.value;
  if (!read || read.columns.length === 0) return null;
  const settings = state.settings.value;
  const { mapping, unused } = (slot === "b" ? settings.b : undefined) ?? settings;
  const used = analysis?.sets[slot === "a" ? 0 : 1]?.mapping ?? [];
  const of = slot === "b" ? " of B" : "";
  const say = (column: string, role: Role | "", unit?: TimeUnit) => {
    const said = {
      mapping: [
        ...mapping.filter((m) => m.column !== column && m.role !== role),
        ...(role === "" ? [] : [{ role, column, ...(unit ? { unit } : {}) }]),
      ],
      unused: role === "" ? [...unused.filter((name) => name !== column), column] : unused.filter((name) => name !== column),
    };
    if (slot === "b") state.set({ b: said });
    else state.set({ ...(role !== "" && isTime(role) ? { metric: role as Metric } : {}), ...said });
  };
  return (
    <details class="tool-columns" data-part={slot === "a" ? "columns" : "columns-b"} open={slot === "a" || settings.b !== undefined}>
      <summary>
        {read.columns.length === 1 ? `One column${of}` : `${read.columns.length} columns${of}`}: what each was taken for
      </summary>
      <div class="tool-scroll" role="region" aria-label={`Columns${of} and what they hold`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {["Column", "First values", "Taken for", "Unit"].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {read.columns.map(({ name, preview, because, numbers }) => {
              const now = used.find(({ column }) => column === name);
              const role = now?.role ?? "";
              return (
                <tr key={name} data-column={name}>
                  <th scope="row">{name}</th>
                  <td class="tool-preview">
                    {preview.map((cell) => (cell === "" ? "(empty)" : cell)).join(", ")}
                    {numbers === 0 ? "" : read.rows > preview.length ? " …" : ""}
                  </td>
                  <td>
                    <select
                      aria-label={`What ${name}${of} holds`}
                      value={role}
                      onChange={(e) => say(name, e.currentTarget.value as Role | "", now?.unit)}
                    >
                      {(["", ...roles] as const).map((each) => (
                        <option key={each} value={each} selected={each === role}>
                          {roleLabel[each]}
                        </option>
                      ))}
                    </select>
                  </td>
                  <td>
                    {role !== "" && (isTime(role) || role === "time") && (
                      <>
                        <select
                          aria-label={`Unit of ${name}${of}`}
                          value={now?.unit ?? "s"}
                          onChange={(e) => say(name, role, e.currentTarget.value as TimeUnit)}
                        >
                          {units.map((unit) => (
                            <option key={unit} value={unit} selected={unit === (now?.unit ?? "s")}>
                              {unitLabel[unit]}
                            </option>
                          ))}
                        </select>
                        {because && !mapping.some((m) => m.column === name) && (
                          <span class="lab-muted"> guessed: {because}</span>
                        )}
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}

