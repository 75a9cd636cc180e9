/** A labelled list to choose from. */
import { useId } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string) => void;
}

export function Choice({ label, value, options, onChoose }: Props) {
  const id = useId();
  const known = options.some(([each]) => each === value);
  return (
    <span class="choice">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {!known && <option value={value}>{value}</option>}
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Every value of a column with how often it occurs, after one that stands for all. */
export function optionsOf<T>(rows: readonly T[], of: (row: T) => string, all: string): [string, string][] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
  const named = [...counts].filter(([name]) => name !== "").sort(([a], [b]) => a.localeCompare(b, "en"));
  return [["", all], ...named.map(([name, n]): [string, string] => [name, `${name} (${n.toLocaleString("en-GB")})`])];
}
