/** Sliders and selects, and what moving them does: draw anew at once, or wait for Run. */
import type { LabSetup } from "../../lab/setup.ts";
import { shownFirst, valueWords } from "../../lab/store/param-state.ts";
import { Button } from "./Button.tsx";
import { useTurnedEarly } from "../use-turned-early.ts";
import { useLab, useSay } from "./lab-context.ts";

type Param = LabSetup["params"][string];

export function ParamsPane() {
  const { params } = useLab();
  const say = useSay();
  const { first, more } = shownFirst(params.definitions);
  return (
    <div class="lab-params needs-js" data-part="params">
      {first.map((name) => (
        <Labelled key={name} name={name} />
      ))}
      {more.length > 0 && (
        <details class="lab-params-more">
          <summary>{say(`${more.length} more`)}</summary>
          {more.map((name) => (
            <Labelled key={name} name={name} />
          ))}
        </details>
      )}
      <DrawnWith />
    </div>
  );
}

function Labelled({ name }: { name: string }) {
  const { params } = useLab();
  const param = params.definitions[name]!;
  return (
    <label>
      <span class="lab-param-label">{param.label}</span>
      <Control name={name} param={param} value={params.values.value[name] ?? param.default} />
    </label>
  );
}

interface ControlProps<P> {
  readonly name: string;
  readonly param: P;
  readonly value: number | string;
}
type Select = Extract<Param, { options: unknown }>;
type Slider = Exclude<Param, Select>;

function Control({ name, param, value }: ControlProps<Param>) {
  return "options" in param ? (
    <Choice name={name} param={param} value={value} />
  ) : (
    <Slide name={name} param={param} value={value} />
  );
}

function Choice({ name, param, value }: ControlProps<Select>) {
  const { params } = useLab();
  const choose = (standing: string) => {
    const chosen = param.options.find((option) => String(option) === standing);
    if (chosen !== undefined) params.set(name, chosen);
  };
  const select = useTurnedEarly<HTMLSelectElement>(String(value), choose);
  return (
    <select
      ref={select}
      name={name}
      value={String(value)}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      {param.options.map((option) => (
        <option key={option} value={String(option)} selected={option === param.default}>
          {option}
        </option>
      ))}
    </select>
  );
}

function Slide({ name, param, value }: ControlProps<Slider>) {
  const { params } = useLab();
  const say = useSay();
  const slider = useTurnedEarly<HTMLInputElement>(String(value), (standing) => {
    // A browser may write the same place with other digits.
    if (Math.abs(Number(standing) - Number(value)) > param.step / 2) params.set(name, Number(standing));
  });
  return (
    <>
      <input
        ref={slider}
        name={name}
        type="range"
        min={param.min}
        max={param.max}
        step={param.step}
        value={value}
        aria-valuetext={say(valueWords(value, param))}
        onInput={({ currentTarget }) => params.set(name, Number(currentTarget.value))}
      />
      <output>{say(valueWords(value, param))}</output>
    </>
  );
}

/** One line that is always there, so that nothing moves when its words change. */
function DrawnWith() {
  const { params, live } = useLab();
  const say = useSay();
  const drawn = params.drawnWith.value;
  const defaults = Object.entries(params.definitions).every(([name, p]) => params.values.value[name] === p.default);
  return (
    <p class="lab-drawn">
      <span data-part="drawn-with">
        {say(
          drawn === null
            ? "Drawn by Run, then as you move."
            : params.moved.value && !live.value
              ? "Changed: press Run."
              : `Drawn with ${params.words(drawn)}.`,
        )}
      </span>
      <Button action="defaults" unusable={defaults} onPress={() => params.reset()}>
        Defaults
      </Button>
    </p>
  );
}
