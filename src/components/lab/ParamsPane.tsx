/** Sliders and selects, and what moving them does: draw anew at once, or wait for Run. */
import type { LabSetup } from "../../lab/setup.ts";
import { shownFirst, valueWords } from "../../lab/store/param-state.ts";
import { Button } from "./Button.tsx";
import { useLab } from "./lab-context.ts";

type Param = LabSetup["params"][string];

export function ParamsPane() {
  const { params } = useLab();
  const { first, more } = shownFirst(params.definitions);
  return (
    <div class="lab-params needs-js" data-part="params">
      {first.map((name) => (
        <Labelled key={name} name={name} />
      ))}
      {more.length > 0 && (
        <details class="lab-params-more">
          <summary>{`${more.length} more`}</summary>
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

function Control({ name, param, value }: { name: string; param: Param; value: number | string }) {
  const { params } = useLab();
  if ("options" in param) {
    return (
      <select
        name={name}
        value={String(value)}
        onChange={({ currentTarget }) => {
          const chosen = param.options.find((option) => String(option) === currentTarget.value);
          if (chosen !== undefined) params.set(name, chosen);
        }}
      >
        {param.options.map((option) => (
          <option key={option} value={String(option)} selected={option === param.default}>
            {option}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      <input
        name={name}
        type="range"
        min={param.min}
        max={param.max}
        step={param.step}
        value={value}
        aria-valuetext={valueWords(value, param)}
        onInput={({ currentTarget }) => params.set(name, Number(currentTarget.value))}
      />
      <output>{valueWords(value, param)}</output>
    </>
  );
}

/** One line that is always there, so that nothing moves when its words change. */
function DrawnWith() {
  const { params, live } = useLab();
  const drawn = params.drawnWith.value;
  const defaults = Object.entries(params.definitions).every(([name, p]) => params.values.value[name] === p.default);
  return (
    <p class="lab-drawn">
      <span data-part="drawn-with">
        {drawn === null
          ? "Drawn by Run, then as you move."
          : params.moved.value && !live.value
            ? "Changed: press Run."
            : `Drawn with ${params.words(drawn)}.`}
      </span>
      <Button action="defaults" unusable={defaults} onPress={() => params.reset()}>
        Defaults
      </Button>
    </p>
  );
}
