/** One value of a tool that is typed: its name, the unit, and beside it what is wrong with what was typed. */
import { useId } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly name: string;
  readonly problem?: string | null | undefined;
  readonly placeholder?: string | undefined;
  /** Tells of every key, instead of once the field is left. */
  readonly live?: boolean;
  onChange(value: string): void;
}

export function Field({ label, value, unit, name, problem, placeholder, live, onChange }: Props) {
  const id = useId();
  const wrong = problem !== null && problem !== undefined;
  return (
    <span class="tool-field">
      <label for={id}>
        {label}
        {unit !== undefined && <span class="lab-muted"> ({unit})</span>}
      </label>
      <input
        id={id}
        name={name}
        type="text"
        inputMode="decimal"
        autocomplete="off"
        value={value}
        placeholder={placeholder}
        aria-invalid={wrong ? "true" : undefined}
        aria-describedby={wrong ? `${id}-problem` : undefined}
        {...{ [live ? "onInput" : "onChange"]: (e: { currentTarget: HTMLInputElement }) => onChange(e.currentTarget.value) }}
      />
      {wrong && (
        <span class="tool-problem" id={`${id}-problem`} role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

/** A choice among few. */
export function Choice<Value extends string>({
  label,
  value,
  name,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly name: string;
  readonly options: readonly (readonly [value: Value, label: string])[];
  onChange(value: Value): void;
}) {
  const id = useId();
  return (
    <span class="tool-field">
      <label for={id}>{label}</label>
      <select id={id} name={name} value={value} onChange={(e) => onChange(e.currentTarget.value as Value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}
