/** Whose files a class is made of, how far each is, and a way to take one out. */
import type { ClassFile } from "../../lab/progress/class-file.ts";

interface Props {
  readonly learners: readonly ClassFile[];
  onRemove(code: string): void;
}

const columns = ["Learner", "Passed", "Begun", "Lessons read", "Questions answered", "Saved", ""];

export function LearnerTable({ learners, onRemove }: Props) {
  return (
    <section id="learners">
      <h2>Learners</h2>
      <div class="progress-table" tabIndex={0} role="region" aria-label="Learners of the class">
        <table data-part="class-learners">
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name === "" ? <span class="sr-only">Take out</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {learners.map(({ learner, code, date, labs, lessonsRead, quizzes }) => {
              const name = learner === "" ? `No name (${code})` : learner;
              return (
                <tr key={code} data-learner={code}>
                  <th scope="row">{name}</th>
                  <td>{labs.filter(({ passed }) => passed !== null).length}</td>
                  <td>{labs.length}</td>
                  <td>{lessonsRead.length}</td>
                  <td>{quizzes.length}</td>
                  <td>{new Date(date).toLocaleDateString("en-GB", { dateStyle: "medium" })}</td>
                  <td class="print:hidden">
                    <div class="progress-acts">
                      <button type="button" aria-label={`Take out ${name}`} onClick={() => onRemove(code)}>
                        Take out
                      </button>
                    </div>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
