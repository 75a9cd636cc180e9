/** What a reader must know to trust the numbers. */
import type { Answer } from "./answer.ts";

export function Notes({ told: { api, own } }: { readonly told: Answer }) {
  const notes = [...(own?.notes ?? []), ...(api?.notes ?? [])];
  if (notes.length === 0) return null;
  return (
    <section data-part="notes">
      <h2>To keep in mind</h2>
      <ul class="tool-doubts">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
