/** Files of many learners, opened or dropped: merged into a table and a picture of where the class gets stuck. Nothing leaves the page. */
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { InputError } from "../../engine/errors.ts";
import { readClassFile, type ClassFile } from "../../lab/progress/class-file.ts";
import { classCsv, classTable, mergeClass, stuckChart, type LabName } from "../../lab/progress/class-table.ts";
import { OneChart } from "../charts/OneChart.tsx";
import { saveFile } from "../save-file.ts";
import { useDrop } from "../tools/use-drop.ts";
import { LabTable } from "./LabTable.tsx";
import { LearnerTable } from "./LearnerTable.tsx";
import "../progress/progress.css";
import "./class.css";

interface Props {
  /** Of the course, in its order. */
  readonly labs: readonly LabName[];
  /** Address of the page of progress. */
  readonly progress: string;
}

export default function ClassPanel({ labs, progress }: Props) {
  const learners = useSignal<readonly ClassFile[]>([]);
  const problems = useSignal<readonly string[]>([]);
  const said = useSignal("");
  const picker = useRef<HTMLInputElement>(null);
  const take = async (files: readonly File[]) => {
    const read: ClassFile[] = [];
    const wrong: string[] = [];
    for (const file of files) {
      try {
        read.push(readClassFile(await file.text()));
      } catch (error) {
        wrong.push(`${file.name}: ${error instanceof InputError ? error.message : "it can't be opened"}.`);
      }
    }
    learners.value = mergeClass([...learners.peek(), ...read]);
    problems.value = wrong;
    const count = learners.value.length;
    said.value = `${read.length} of ${files.length} ${files.length === 1 ? "file" : "files"} read; the class has ${count} ${count === 1 ? "learner" : "learners"}.`;
  };
  const remove = (code: string) => {
    learners.value = learners.value.filter((each) => each.code !== code);
    said.value = "Taken out of the class on this page.";
  };
  const rows = useMemo(() => classTable(learners.value, labs), [learners.value, labs]);
  const chart = useMemo(() => stuckChart(rows), [rows]);
  const drop = useDrop((files) => void take(files));
  return (
    <div class="progress-page class-page not-content" {...drop}>
      <noscript>
        <p>Files are read and merged in your browser, which needs JavaScript.</p>
      </noscript>
      <p class="progress-acts needs-js print:hidden">
        <button type="button" data-action="class-open" onClick={() => picker.current?.click()}>
          Open files
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept=".json"
          aria-label="Files of learners"
          onChange={(e) => {
            void take([...(e.currentTarget.files ?? [])]);
            e.currentTarget.value = "";
          }}
        />
        <span>or drop them here, as many as you have.</span>
      </p>
      <p role="status" data-part="class-said">
        {said.value}
      </p>
      {problems.value.length > 0 && (
        <div role="alert" data-part="class-problems">
          {problems.value.map((line, i) => (
            <p key={i}>{line}</p>
          ))}
        </div>
      )}
      {learners.value.length === 0 ? (
        <section data-part="empty">
          <h2>No files yet</h2>
          <p>
            Each learner saves one file under “For a class” on <a href={progress}>their page of progress</a> and hands
            it to you. Opened here, they become a table of all labs and a picture of where the class gets stuck. A
            learner’s newer file replaces the older.
          </p>
        </section>
      ) : (
        <>
          {chart === null ? (
            <p data-part="nothing-begun">No lab was begun in these files.</p>
          ) : (
            <>
              <OneChart class="progress-chart" description={chart} origin={null} />
              <p data-part="class-finding">{chart.finding}</p>
              <LabTable rows={rows} of={learners.value.length} />
              <p class="progress-acts print:hidden">
                <button
                  type="button"
                  data-action="class-csv"
                  onClick={() => saveFile("class.csv", classCsv(rows), "text/csv")}
                >
                  Save the table as CSV
                </button>
                <button type="button" data-action="class-print" onClick={() => print()}>
                  Print this page
                </button>
              </p>
            </>
          )}
          <LearnerTable learners={learners.value} onRemove={remove} />
        </>
      )}
    </div>
  );
}
