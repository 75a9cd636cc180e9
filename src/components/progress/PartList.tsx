/** The parts of the course with their labs, each marked as passed or open. */
import { recordId, tally, tallyWords, type PartTally, type Records } from "../../lab/progress/tally.ts";
import type { CoursePart } from "./course.ts";

export function PartList({ parts, records }: { parts: readonly CoursePart[]; records: Records }) {
  return (
    <>
      {parts.map(({ number, title, url, labs, items }) => {
        const now = tally(items, records);
        return (
          <section key={title} class="progress-part">
            <h2>
              {number !== undefined && <b>{number}</b>}
              {url === undefined ? title : <a href={url}>{title}</a>}
            </h2>
            <p class="progress-sum" data-done={now.done ? "" : undefined}>
              {now.begun ? tallyWords(now) : "Not begun"}
            </p>
            {labs.length > 0 && (
              <progress max={steps(now).of} value={steps(now).done} aria-label={`Progress in ${title}`} />
            )}
            <ul>
              {labs.map((lab) => {
                const passed = records.get(recordId.lab(lab.id))?.state === "passed";
                return (
                  <li key={lab.id} data-passed={passed ? "" : undefined}>
                    <a href={lab.url}>{lab.title}</a> <span>{passed ? "passed" : `${lab.minutes} min`}</span>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </>
  );
}

/** Reading the lesson counts as one, as does each lab and each question. */
function steps({ read, passed, labs, answered, questions }: PartTally): { done: number; of: number } {
  return { done: Number(read) + passed + answered, of: 1 + labs + questions };
}
