/** The knobs in their groups: what is moved most stands open, the rest is folded and says how much of it was changed. */
import { useComputed } from "@preact/signals";
import { useId } from "preact/hooks";
import type { SchedulerOptions } from "../../engine/server.ts";
import { Choice } from "../tools/Field.tsx";
import { readTyped } from "../tools/read-typed.ts";
import { groups, isActive, valueOf, type Knob, type NumberKnob } from "./knobs.ts";
import type { PlaygroundState } from "./playground-state.ts";
import { sentence } from "./words.ts";
import { positionOf, positions, valueAt } from "./slide.ts";

export function Knobs({ state }: { readonly state: PlaygroundState }) {
  const values = state.values.value;
  const problem = state.problem.value;
  return (
    <div class="playground-knobs" role="group" aria-label="Knobs">
      {groups.map(({ title, first, knobs }) => {
        const active = knobs.filter((knob) => isActive(knob, values));
        const changed = active.filter(({ id }) => values[id] !== undefined).length;
        if (active.length === 0) return null;
        const inside = active.map((knob) => <OneKnob key={knob.id} knob={knob} state={state} />);
        const atFault = active.some(({ id }) => id === problem?.knob);
        return first ? (
          <fieldset key={title}>
            <legend>{title}</legend>
            {inside}
          </fieldset>
        ) : (
          <details key={title} open={atFault || undefined}>
            <summary>
              {title}
              {changed > 0 && <span class="lab-muted"> · {changed} changed</span>}
            </summary>
            {inside}
          </details>
        );
      })}
    </div>
  );
}

interface KnobProps<K> {
  readonly knob: K;
  readonly state: PlaygroundState;
}

/** Each follows its own value alone: a slider that moves draws no other knob anew. */
function OneKnob({ knob, state }: KnobProps<Knob>) {
  const value = useComputed(() => valueOf(state.values.value, knob.id)).value;
  const problem = useComputed(() => {
    const said = state.problem.value;
    return said?.knob === knob.id ? said.text : null;
  }).value;
  if (knob.kind === "number") return <NumberField knob={knob} state={state} text={value} problem={problem} />;
  return (
    <div class="playground-knob" data-knob={knob.id}>
      <Choice
        label={knob.label}
        name={knob.id}
        value={value}
        options={knob.options}
        onChange={(value) => state.set(knob.id, value)}
      />
      {problem !== null && (
        <span class="tool-problem" role="alert">
          {sentence(problem)}
        </span>
      )}
    </div>
  );
}

interface NumberProps extends KnobProps<NumberKnob> {
  readonly text: string;
  readonly problem: string | null;
}

function NumberField({ knob, state, text, problem }: NumberProps) {
  const id = useId();
  const usual = useComputed(() => (text === "" ? usualOf(knob, state.usual.value) : undefined)).value;
  const value = readTyped(text === "" ? (usual ?? "") : text);
  const { slide } = knob;
  return (
    <div class="playground-knob" data-knob={knob.id}>
      <label for={id}>
        {knob.label}
        {knob.unit !== undefined && <span class="lab-muted"> ({knob.unit})</span>}
      </label>
      <div class="playground-number" data-slides={slide === undefined ? undefined : ""}>
        {slide !== undefined && (
          <input
            type="range"
            name={`${knob.id}-slider`}
            aria-label={`${knob.label}, slider`}
            autocomplete="off"
            min={0}
            max={positions}
            step={1}
            value={positionOf(value, slide)}
            aria-valuetext={text === "" ? "as the server has it" : `${text} ${knob.unit ?? ""}`.trim()}
            onInput={({ currentTarget }) => state.set(knob.id, String(valueAt(Number(currentTarget.value), knob)))}
          />
        )}
        <input
          id={id}
          type="text"
          name={knob.id}
          inputMode="decimal"
          autocomplete="off"
          value={text}
          placeholder={usual ?? (knob.initial === "" ? "none" : knob.initial)}
          aria-invalid={problem !== null ? "true" : undefined}
          aria-describedby={problem !== null ? `${id}-problem` : undefined}
          onInput={({ currentTarget }) => state.set(knob.id, currentTarget.value.trim())}
        />
      </div>
      {problem !== null && (
        <span class="tool-problem" role="alert" id={`${id}-problem`}>
          {sentence(problem)}
        </span>
      )}
    </div>
  );
}

/** What the server takes where nothing is said; undefined where that is nothing. */
function usualOf(knob: NumberKnob, scheduler: Readonly<SchedulerOptions> | null): string | undefined {
  const [place, name] = knob.field.split(".");
  if (place !== "scheduler" || scheduler === null) return undefined;
  const value = scheduler[name as keyof SchedulerOptions];
  return typeof value === "number" ? String(value) : undefined;
}
