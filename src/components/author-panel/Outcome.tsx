/** @jsxImportSource preact */
/** What a proof found: what must be mended, what is worth a look, and which check fails which answer. */
import { faultLine, type Fault } from "../../lab/fault.ts";
import type { Attempt } from "../../lab/proof.ts";
import type { Proof } from "./prove-in-tab.ts";
import "./author-panel.css";

interface Props extends Proof {
  /** Goes to where a fault is; without it they are plain text. */
  onGoTo?(fault: Fault): void;
}

export function Outcome({ report, faults, took, onGoTo }: Props) {
  return (
    <div data-part="proof">
      {faults.length === 0 ? (
        <p class="author-good">Proved in {took.toFixed(1)} s: nothing is wrong with it.</p>
      ) : (
        <ul class="author-bad">
          {faults.map((fault) => (
            <li key={faultLine(fault)}>
              <Told fault={fault} onGoTo={onGoTo} />
            </li>
          ))}
        </ul>
      )}
      {report?.notes.map((note) => (
        <p key={faultLine(note)}>
          <Told fault={note} onGoTo={onGoTo} />
        </p>
      ))}
      {report !== null && report.checks.length > 0 && (
        <>
          <p>
            The solution: {report.solution.seeds} seeds, {report.solution.seconds.toFixed(2)} s a run,{" "}
            {report.solution.charts} charts, {Math.ceil(report.solution.bytes / 1000)} kB of output
            {report.answer === null ? "" : `; the prediction’s answer is ${report.answer.toPrecision(4)}`}.
          </p>
          <Answers checks={report.checks} answers={[{ ...report.starter, name: "the starter" }, ...report.wrong]} />
        </>
      )}
    </div>
  );
}

function Told({ fault, onGoTo }: { fault: Fault; onGoTo: Props["onGoTo"] }) {
  if (onGoTo === undefined) return <>{faultLine(fault)}</>;
  const file = fault.file.split("/").at(-1);
  return (
    <>
      <button type="button" class="author-place" onClick={() => onGoTo(fault)}>
        {file}
        {fault.line !== undefined && `, line ${fault.line}`}
      </button>{" "}
      {fault.says} {fault.fix}
    </>
  );
}

/** Which check fails which answer, and what the learner is told. */
function Answers({ checks, answers }: { checks: readonly string[]; answers: readonly Attempt[] }) {
  return (
    <div class="author-scroll" tabIndex={0} role="region" aria-label="Which check fails which answer">
      <table>
        <thead>
          <tr>
            <th scope="col">Answer</th>
            <th scope="col">Fails</th>
            <th scope="col">Is told</th>
          </tr>
        </thead>
        <tbody>
          {answers.map(({ name, failed, said }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{failed.map((check) => checks.indexOf(check) + 1).join(", ") || "none"}</td>
              <td>{said}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
