/** Lab by lab: how many of a class began and passed it, how often they tried, and what failed most. */
import type { ClassRow } from "../../lab/progress/class-table.ts";

const columns = ["Lab", "Begun", "Passed", "Checks pressed", "Predictions close", "Failed most often"];

export function LabTable({ rows, of }: { rows: readonly ClassRow[]; of: number }) {
  return (
    <section id="labs">
      <h2>Lab by lab</h2>
      <p>
        Learners of {of} who began and passed each lab. A press of Check counts once it came to a verdict; a check that
        failed is counted once a press.
      </p>
      <div class="progress-table" tabIndex={0} role="region" aria-label="Labs of the class">
        <table data-part="class-labs">
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, title, begun, passed, attempts, predicted, close, worst }) => (
              <tr key={id} data-lab={id}>
                <th scope="row">{title}</th>
                <td>{begun}</td>
                <td>{passed}</td>
                <td>{attempts}</td>
                <td>{predicted === 0 ? "none made" : `${close} of ${predicted}`}</td>
                <td>{worst === null ? "none" : `${worst.check} (${worst.times} ×)`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
