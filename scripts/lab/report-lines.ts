/** What check:labs prints of one lab: how it fared, which check fails which answer, what is still to write, and all that is wrong. */
import pc from "picocolors";
import { faultLine, type Fault } from "../../src/lab/fault.ts";
import type { LabReport } from "../../src/lab/proof.ts";
import { stillToWrite } from "./new-lab.ts";

export interface ProvedLab {
  readonly id: string;
  /** Its folder, from the root of the repository. */
  readonly at: string;
  /** The text of lab.yaml; undefined where there is none. */
  readonly yaml: string | undefined;
  /** undefined where the folder lacks what a proof needs. */
  readonly report: LabReport | undefined;
  readonly faults: readonly Fault[];
  /** How long it took. */
  readonly seconds: number;
}

export function reportLines({ id, at, yaml, report, faults, seconds }: ProvedLab): readonly string[] {
  const lines = [
    `${faults.length === 0 ? pc.green("✓") : pc.red("✗")} ${pc.bold(id)} ${pc.dim(`${seconds.toFixed(1)} s`)}`,
  ];
  if (report !== undefined && report.checks.length > 0) {
    const { solution, starter, wrong, mutants, answer } = report;
    lines.push(
      `  solution: ${solution.seeds} seeds, ${solution.seconds.toFixed(2)} s a run, ${solution.charts} charts, ${Math.ceil(solution.bytes / 1000)} kB of output` +
        (answer === null ? "" : `; the prediction's answer is ${answer.toPrecision(4)}`),
      `  changed solutions: ${mutants.tried - mutants.survived.length} of ${mutants.tried} noticed`,
      ...matrix(report.checks, [{ ...starter, name: "the starter" }, ...wrong]),
    );
  }
  for (const { field, line } of report === undefined ? [] : stillToWrite(yaml ?? ""))
    lines.push(`  ${pc.yellow("still to write:")} ${at}/lab.yaml:${line} \`${field}\` is as new:lab wrote it.`);
  for (const note of report?.notes ?? []) lines.push(`  ${pc.yellow("worth a look:")} ${faultLine(note)}`);
  for (const fault of faults) lines.push(pc.red(`  ${faultLine(fault)}`));
  return lines;
}

/** Which check fails which answer. */
function matrix(
  checks: readonly string[],
  answers: readonly { name: string; failed: readonly string[] }[],
): readonly string[] {
  const wide = Math.max(...answers.map(({ name }) => name.length));
  return [
    ...checks.map((name, i) => `  ${pc.dim(`${i + 1}`)} ${name}`),
    ...answers.map(({ name, failed }) => {
      const row = checks.map((check, i) => (failed.includes(check) ? pc.yellow(String(i + 1)) : pc.dim("·"))).join(" ");
      return `    ${name.padEnd(wide)}  ${row}`;
    }),
  ];
}
