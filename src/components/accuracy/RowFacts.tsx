/** One measurement in full: what was run, what came out, what we say, and where it was published. */
import { formatNumber, withUnit } from "../../engine/chart/format.ts";
import { percent } from "../format.ts";
import { addressOfSource, type Measurement } from "./measurements.ts";
import { loadInWords } from "./words.ts";

export function RowFacts({ row }: { readonly row: Measurement }) {
  const off = row.predicted === null ? null : row.predicted / row.measured - 1;
  const shown = (value: number | null) => (value === null ? "–" : withUnit(value, row.unit));
  const facts: (readonly [string, string])[] = [
    ["measured", shown(row.measured)],
    [
      "predicted",
      off === null ? "not defined here" : `${shown(row.predicted)}, ${off < 0 ? "−" : "+"}${percent(Math.abs(off))}`,
    ],
    ["rule of thumb, roofline", `${shown(row.rule)}, ${shown(row.roofline)}`],
    ["metric", row.metric],
    ["server", `${row.engine} ${row.version}`.trim()],
    [
      "hardware",
      `${row.gpus ?? 1} × ${row.gpu}${(row.tensorParallel ?? 1) > 1 ? `, tensor parallel ${row.tensorParallel}` : ""}`,
    ],
    ["formats", `weights ${row.weights}, KV cache ${row.kv}`],
    [
      "load",
      row.prompt === null
        ? "–"
        : `${loadInWords(row)}, ${formatNumber(row.prompt)} tokens in, ${row.output === null ? "?" : formatNumber(row.output)} out`,
    ],
    ["assumed", row.assumed || "nothing"],
  ];
  const address = addressOfSource(row.source);
  return (
    <div class="row-facts">
      <p>
        <strong>{row.model}</strong> on {row.gpu}
      </p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>published</dt>
          <dd>
            {address === undefined ? row.publisher : <a href={address}>{row.publisher}</a>}
            {row.date && `, ${row.date}`}; row {row.row} of {row.file}
          </dd>
        </div>
      </dl>
    </div>
  );
}
