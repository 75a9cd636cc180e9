/** Draws a live figure: its knobs, its picture at two widths, what it says and what can be read off. */
import { useSignal } from "@preact/signals";
import { chartSvg } from "../charts/svg.ts";
import { useTurnedEarly } from "../use-turned-early.ts";
import { startOf, type Knob } from "./live.ts";
import { averaging, fanOut, hedging } from "./live-p99.ts";

/** Islands take what can be written as JSON, so a figure goes by its name. */
const figures = { fanOut, hedging, averaging };
export type LiveName = keyof typeof figures;

interface Props {
  readonly name: LiveName;
  /** Unique in its page. */
  readonly id: string;
}

export default function LiveFigure({ name, id }: Props) {
  const figure = figures[name];
  const values = useSignal(startOf(figure));
  const { chart, says, readings } = figure.at(values.value);
  const svg = (kind: "wide" | "narrow", width: number) => (
    <div
      class={`chart-${kind}`}
      dangerouslySetInnerHTML={{ __html: chartSvg(chart, { id: `${id}-${kind}`, width }) }}
    />
  );
  return (
    <div class="live">
      <div class="live-knobs needs-js">
        {figure.knobs.map((knob) => (
          <Turn
            key={knob.name}
            knob={knob}
            value={values.value[knob.name] ?? NaN}
            onTurn={(value) => (values.value = { ...values.value, [knob.name]: value })}
          />
        ))}
      </div>
      <div class="chart-static">
        {svg("wide", 720)}
        {svg("narrow", 350)}
      </div>
      <p class="live-says" aria-live="polite">
        {says}
      </p>
      <dl class="live-readings">
        {readings.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Turn({ knob, value, onTurn }: { knob: Knob; value: number; onTurn(value: number): void }) {
  const { stops } = knob;
  const input = useTurnedEarly<HTMLInputElement>(String(stops.indexOf(value)), (standing) => {
    const turned = stops[Number(standing)];
    if (turned !== undefined) onTurn(turned);
  });
  return (
    <label>
      <span>{knob.label}</span>
      <input
        ref={input}
        type="range"
        min={0}
        max={stops.length - 1}
        value={stops.indexOf(value)}
        aria-valuetext={knob.words(value)}
        onInput={({ currentTarget }) => onTurn(stops[Number(currentTarget.value)] ?? value)}
      />
      <output>{knob.words(value)}</output>
    </label>
  );
}
