/** A number of a tool's settings: a text that is none stays in the field, with a word beside it, and changes nothing. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Field } from "./Field.tsx";
import { notNumber, readTyped } from "./read-typed.ts";

interface Props {
  readonly label: string;
  readonly name: string;
  /** undefined: the field is empty. */
  readonly value: number | undefined;
  /** Shown behind the label. */
  readonly unit?: string;
  /** The unit of `value`, which may be typed behind the number. */
  readonly typedUnit?: string;
  readonly problem: string | null;
  readonly placeholder?: string;
  onChange(value: number | undefined): void;
}

export function NumberField({ value, typedUnit = "", problem, onChange, ...rest }: Props) {
  const draft = useSignal<string | null>(null);
  useEffect(() => {
    draft.value = null;
  }, [value]);
  const shown = value === undefined ? "" : String(Number(value.toPrecision(12)));
  const take = (text: string) => {
    const read = text.trim() === "" ? undefined : readTyped(text, typedUnit);
    draft.value = Number.isNaN(read) ? text : null;
    if (draft.value === null) onChange(read);
  };
  return (
    <Field
      {...rest}
      value={draft.value ?? shown}
      problem={draft.value === null ? problem : notNumber(draft.value, typedUnit)}
      onChange={take}
    />
  );
}
