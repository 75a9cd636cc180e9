/** Published measurements to search, and one's own point among them. */
import { useMemo, useState } from "preact/hooks";
import { formatNumber, withUnit } from "../../engine/chart/format.ts";
import "../accuracy/accuracy.css";
import { Choice, optionsOf } from "../accuracy/Choice.tsx";
import { addressOfSource, errorOf, medianOf, type Measurement } from "../accuracy/measurements.ts";
import { useChoices, useMeasurements } from "../accuracy/use-measurements.ts";
import { loadInWords, quantities } from "../accuracy/words.ts";
import { percent } from "../format.ts";
import { saveFile } from "../save-file.ts";
import { readTyped } from "../tools/read-typed.ts";
import { csvOf, find, type Column } from "./find.ts";
import "./measured.css";
import { SlowForm } from "./SlowForm.tsx";

const defaults = { show: "tpot", model: "", gpu: "", engine: "", load: "", near: "", sort: "" };
const filters = ["model", "gpu", "engine", "load"] as const;
const labels = { model: "Model", gpu: "GPU", engine: "Engine", load: "Kind of load" };
const all = { model: "all models", gpu: "all GPUs", engine: "all engines", load: "any load" };
const headings: readonly (readonly [Column, string])[] = [
  ["model", "model"],
  ["gpu", "GPUs"],
  ["engine", "engine"],
  ["load", "load"],
  ["prompt", "tokens in, out"],
  ["measured", "measured"],
  ["predicted", "predicted"],
  ["error", "off by"],
];
const PAGE = 40;

export default function MeasuredTool({ address }: { readonly address: string }) {
  const { rows, problem } = useMeasurements(address);
  const [search, choose] = useChoices(defaults);
  const [shown, setShown] = useState(PAGE);
  const quantity = quantities.find(({ id }) => id === search.show) ?? quantities[0]!;
  const found = useMemo(() => find(rows ?? [], { ...search, show: quantity.id }), [rows, search, quantity]);
  const own = useMemo(() => (rows ?? []).filter((row) => quantity.holds(row)), [rows, quantity]);

  if (rows === null)
    return (
      <div class="measured-tool not-content" data-state={problem === null ? "loading" : "failed"}>
        {problem === null ? <p>The measurements are being fetched.</p> : <p role="alert">{problem}</p>}
      </div>
    );
  const change = (part: Partial<typeof defaults>) => {
    setShown(PAGE);
    choose(part);
  };
  const nearProblem =
    search.near !== "" && !(readTyped(search.near) > 0) ? "A number above 0, or nothing for any load." : null;
  const median = medianOf(found.map(errorOf));
  return (
    <div class="measured-tool not-content" data-state="ready">
      <SlowForm rows={rows} />
      <h2 id="search">Search {rows.length.toLocaleString("en-GB")} measurements</h2>
      <div class="choices">
        <Choice
          label="Figure"
          value={quantity.id}
          options={quantities.map(({ id, name }) => [id, name])}
          onChoose={(show) => change({ show })}
        />
        {filters.map((name) => (
          <Choice
            key={name}
            label={labels[name]}
            value={search[name]}
            options={optionsOf(
              own.filter((row) => filters.every((f) => f === name || search[f] === "" || row[f] === search[f])),
              (row) => row[name],
              all[name],
            )}
            onChoose={(value) => change({ [name]: value })}
          />
        ))}
        <label class="choice">
          <span>Load near (users, batch)</span>
          <input
            inputMode="numeric"
            value={search.near}
            aria-invalid={nearProblem === null ? undefined : "true"}
            aria-describedby={nearProblem === null ? undefined : "near-problem"}
            onInput={(event) => change({ near: event.currentTarget.value.trim() })}
          />
          {nearProblem !== null && (
            <span id="near-problem" class="problem" role="alert">
              {nearProblem}
            </span>
          )}
        </label>
      </div>
      <p class="chosen" role="status">
        {found.length.toLocaleString("en-GB")} of {own.length.toLocaleString("en-GB")} measurements of {quantity.name}
        {!Number.isNaN(median) && `; our predictions are off by ${percent(median)} in the median`}.
      </p>
      {found.length === 0 ? (
        <p>
          Nobody whose figures ship here has published this.{" "}
          <button type="button" onClick={() => change(defaults)}>
            Show all
          </button>
        </p>
      ) : (
        <>
          <div class="measured-scroll" tabIndex={0} role="region" aria-label="Published measurements">
            <table>
              <thead>
                <tr>
                  {headings.map(([column, text]) => {
                    const sorted = search.sort.replace(/^-/, "") === column;
                    const down = search.sort.startsWith("-");
                    return (
                      <th key={column} scope="col" aria-sort={sorted ? (down ? "descending" : "ascending") : undefined}>
                        <button type="button" onClick={() => change({ sort: sorted && !down ? `-${column}` : column })}>
                          {text}
                        </button>
                      </th>
                    );
                  })}
                  <th scope="col">published</th>
                </tr>
              </thead>
              <tbody>
                {found.slice(0, shown).map((row) => (
                  <Row key={`${row.file} ${row.row}`} row={row} />
                ))}
              </tbody>
            </table>
          </div>
          <p class="measured-away print:hidden">
            {shown < found.length && (
              <button type="button" onClick={() => setShown(shown + 5 * PAGE)}>
                Show more of {found.length.toLocaleString("en-GB")}
              </button>
            )}
            <button type="button" onClick={() => saveFile("measurements.csv", csvOf(found), "text/csv")}>
              CSV
            </button>
            <button
              type="button"
              onClick={() => saveFile("measurements.json", JSON.stringify(found, null, 1), "application/json")}
            >
              JSON
            </button>
          </p>
        </>
      )}
    </div>
  );
}

function Row({ row }: { readonly row: Measurement }) {
  const address = addressOfSource(row.source);
  const error = errorOf(row);
  return (
    <tr>
      <td>{row.model}</td>
      <td>
        {row.gpus ?? 1} × {row.gpu}
      </td>
      <td>{`${row.engine} ${row.version}`.trim()}</td>
      <td>{loadInWords(row)}</td>
      <td>
        {row.prompt === null
          ? "–"
          : `${formatNumber(row.prompt)}, ${row.output === null ? "?" : formatNumber(row.output)}`}
      </td>
      <td>{withUnit(row.measured, row.unit)}</td>
      <td>{row.predicted === null ? "–" : withUnit(row.predicted, row.unit)}</td>
      <td>{Number.isNaN(error) ? "–" : `${(row.predicted ?? 0) < row.measured ? "−" : "+"}${percent(error)}`}</td>
      <td>
        {address === undefined ? row.publisher : <a href={address}>{row.publisher}</a>}
        {row.date && `, ${row.date}`}
      </td>
    </tr>
  );
}
