/** What the type checker says of the code as it stands: each error with its line, as a link to its place. It never keeps code from running. */
import { useLab, useSay } from "./lab-context.ts";

export function TypeErrors() {
  const { code } = useLab();
  const say = useSay();
  const errors = code.typeErrors.value;
  if (errors.length === 0) return null;
  return (
    <details class="lab-type-errors" data-part="type-errors">
      <summary>{say(errors.length === 1 ? "1 type error" : `${errors.length} type errors`)}</summary>
      <ul>
        {errors.map(({ line, column, message }) => (
          <li key={`${line}:${column}:${message}`}>
            <button
              type="button"
              class="lab-place"
              onClick={() => (code.goTo.value = { file: "main.ts", line, column })}
            >
              {say(`line ${line}`)}
            </button>{" "}
            {message}
          </li>
        ))}
      </ul>
    </details>
  );
}
