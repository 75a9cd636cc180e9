/** What matters most: a bar an input, as wide as what moving it does to the result. */
import { useMemo, useState } from "preact/hooks";
import { Choice } from "../tools/Field.tsx";
import type { Plan } from "./plan.ts";
import { measured, measures, tornado, type Measure, type TornadoRow } from "./tornado.ts";
import { money, time } from "./words.ts";

export function TornadoPanel({ plan }: { readonly plan: Plan }) {
  const offered = measures.filter(({ id }) => Number.isFinite(measured(plan, id)));
  const [chosen, choose] = useState<Measure["id"]>("own-cost");
  const measure = offered.find(({ id }) => id === chosen) ?? offered[0];
  const rows = useMemo(() => (measure ? tornado(plan, measure.id) : []), [plan, measure]);
  if (!measure) return null;
  const base = measured(plan, measure.id);
  const show = (value: number) =>
    value === Infinity ? "unstable" : Number.isNaN(value) ? "–" : measure.unit === "$" ? money(value) : time(value);
  const finite = rows.flatMap(({ low, high }) => [low, high]).filter(Number.isFinite);
  const span = { from: Math.min(base, ...finite), to: Math.max(base, ...finite) };
  return (
    <section data-part="tornado">
      <h2>What matters most</h2>
      <Choice
        label="For"
        name="measure"
        value={measure.id}
        options={offered.map(({ id, title }) => [id, title] as const)}
        onChange={(id) => choose(id)}
      />
      <p>Now {show(base)}. Each input by itself moved as far as stated, the one that matters most first.</p>
      <div class="tool-scroll" role="region" aria-label="What moving each input does" tabIndex={0}>
        <table class="est-table est-tornado">
          <thead>
            <tr>
              <th scope="col">Input, moved</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.input}>
                <th scope="row">
                  {row.input}
                  <span class="est-range">
                    {row.from} … {row.to}
                  </span>
                </th>
                <td>
                  <Bar row={row} base={base} {...span} />
                  {show(row.low)} … {show(row.high)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Bar({
  row,
  base,
  from,
  to,
}: {
  readonly row: TornadoRow;
  readonly base: number;
  readonly from: number;
  readonly to: number;
}) {
  const place = (value: number) => (to > from ? (100 * (Math.min(value, to) - from)) / (to - from) : 50);
  const ends = [row.low, row.high].map((value) => (Number.isFinite(value) ? place(value) : 100));
  const [left, right] = [Math.min(...ends, place(base)), Math.max(...ends, place(base))];
  return (
    <span class="est-swing" aria-hidden="true">
      <span data-kind="swing" style={{ insetInlineStart: `${left}%`, inlineSize: `${Math.max(0.5, right - left)}%` }} />
      <span data-kind="base" style={{ insetInlineStart: `${place(base)}%` }} />
    </span>
  );
}
