/** A number that opens: its formula, the same with the values filled in, and where they come from. */
import type { Figure } from "./figure.ts";

export function Shown({ figure }: { readonly figure: Figure }) {
  const { id, label, text, range, formula, filled, source } = figure;
  return (
    <div class="est-shown" data-figure={id}>
      <details>
        <summary aria-label={`${label}: ${text}. How it is worked out`}>{text}</summary>
        <p class="est-behind">
          <span>{formula}</span>
          <span>= {filled}</span>
          {source !== "" && <span class="lab-muted">{source}</span>}
        </p>
      </details>
      {range !== undefined && <span class="est-range">{range}</span>}
    </div>
  );
}
