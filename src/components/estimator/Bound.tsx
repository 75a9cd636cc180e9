/** Fields and choices that are bound to a name of the estimator's state. */
import { Choice, Field } from "../tools/Field.tsx";
import type { EstimatorState } from "./estimator-state.ts";
import type { FieldName } from "./fields.ts";

interface FieldProps {
  readonly state: EstimatorState;
  readonly name: FieldName;
  readonly label: string;
  readonly unit?: string;
  readonly placeholder?: string;
}

export function BoundField({ state, name, ...rest }: FieldProps) {
  return (
    <Field
      {...rest}
      live
      name={name}
      value={state.typed.value[name]}
      problem={state.problems[name]}
      onChange={(value) => state.set({ [name]: value })}
    />
  );
}

interface ChoiceProps {
  readonly state: EstimatorState;
  readonly name: FieldName;
  readonly label: string;
  readonly options: readonly (readonly [value: string, label: string])[];
}

export function BoundChoice({ state, name, label, options }: ChoiceProps) {
  const problem = state.problems[name];
  return (
    <span class="est-choice">
      <Choice
        label={label}
        name={name}
        value={state.typed.value[name]}
        options={options}
        onChange={(value) => state.set({ [name]: value })}
      />
      {problem !== undefined && (
        <span class="tool-problem" role="alert" data-problem={name}>
          {problem}
        </span>
      )}
    </span>
  );
}
