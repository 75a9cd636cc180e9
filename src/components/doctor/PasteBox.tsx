/** A text to paste: what it is, what is wrong with it, and an example for those who have none at hand. */
import { useId } from "preact/hooks";
import { Button } from "../lab/Button.tsx";

interface Props {
  readonly label: string;
  readonly name: string;
  readonly rows: number;
  readonly placeholder: string;
  readonly value: string;
  readonly problem?: string | null;
  readonly example: { readonly title: string; readonly text: string };
  onChange(text: string): void;
}

export function PasteBox({ label, name, rows, placeholder, value, problem = null, example, onChange }: Props) {
  const id = useId();
  return (
    <div class="tool-data print:hidden">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        rows={rows}
        spellcheck={false}
        autocomplete="off"
        placeholder={placeholder}
        value={value}
        aria-invalid={problem === null ? undefined : "true"}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onInput={(e) => onChange(e.currentTarget.value)}
      />
      {problem !== null && (
        <p class="tool-problem" id={`${id}-problem`} role="alert">
          {problem}.
        </p>
      )}
      <p class="tool-ways">
        <Button action={`example-${name}`} label={`${example.title}: ${label}`} onPress={() => onChange(example.text)}>
          {example.title}
        </Button>
        {value !== "" && (
          <Button action={`clear-${name}`} label={`Clear: ${label}`} onPress={() => onChange("")}>
            Clear
          </Button>
        )}
      </p>
    </div>
  );
}
