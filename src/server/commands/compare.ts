/** `perflab compare A B`: what changed between two runs, with intervals; fails when something got worse, so that it can gate a CI. */
import { Command } from "commander";
import color from "picocolors";
import { compare } from "../../engine/metrics/compare.ts";
import type { Run } from "../../engine/run.ts";
import type { Comparison } from "../../engine/metrics/types.ts";
import { exitCodes } from "./exit-codes.ts";
import { atLeast } from "./read-options.ts";
import { milliseconds } from "./report.ts";
import { loadRun } from "./run-file.ts";
import { textTable } from "./table.ts";

type Row = Comparison["rows"][number];

const EXAMPLES = `
Examples:
  $ perflab compare before.jsonl after.jsonl
  A run of ours against one that vLLM, AIPerf or GuideLLM kept
  $ perflab compare before.jsonl vllm-result.json
  Fail only where something got more than 5 % worse, beyond chance
  $ perflab compare before.jsonl after.jsonl --tolerance 5`;

export function compareCommand(): Command {
  return new Command("compare")
    .description("compare two kept runs; exits with 1 on a regression")
    .argument("<a>", "the run before: a file of perflab, vLLM (--save-detailed), AIPerf or GuideLLM")
    .argument("<b>", "the run after")
    .option("--tolerance <percent>", "how much worse is still fine", atLeast(0), 0)
    .option("--json", "print one JSON object instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(async (a: string, b: string, flags: { tolerance: number; json?: boolean }) => {
      const { rows } = compare(await load(a), await load(b));
      const regressions = rows.filter((row) => isWorse(row, flags.tolerance / 100)).map(({ metric }) => metric);
      process.stdout.write(
        flags.json ? `${JSON.stringify({ rows, regressions })}\n` : `${tableOf(rows, regressions)}\n`,
      );
      if (regressions.length > 0) process.exitCode = exitCodes.failed;
    });
}

async function load(file: string): Promise<Run> {
  const { run, format, dropped } = await loadRun(file);
  if (dropped.length > 0) process.stderr.write(`${file} (${format}): left out ${dropped.join(", ")}\n`);
  return run;
}

/** Times are better low, rates high. */
function isRate(metric: string): boolean {
  return metric.endsWith("/s");
}

/** Even the kind end of the interval is worse by more than the tolerance. */
function isWorse({ metric, a, delta }: Row, tolerance: number): boolean {
  const allowed = tolerance * Math.abs(a);
  return isRate(metric) ? delta.high < -allowed : delta.low > allowed;
}

function tableOf(rows: readonly Row[], regressions: readonly string[]): string {
  const head = ["", "a", "b", "change", "95 % interval", ""];
  const cells: string[][] = [];
  for (const { metric, a, b, delta } of rows) {
    const show = (value: number): string => (isRate(metric) ? value.toPrecision(4) : milliseconds(value));
    const percent = a === 0 ? "" : `${((100 * delta.value) / a).toFixed(1)} %`;
    const better = isRate(metric) ? delta.low > 0 : delta.high < 0;
    const verdict = regressions.includes(metric) ? color.red("worse") : better ? color.green("better") : "";
    cells.push([
      isRate(metric) ? metric : `${metric}, ms`,
      show(a),
      show(b),
      percent,
      `${show(delta.low)} … ${show(delta.high)}`,
      verdict,
    ]);
  }
  return textTable(head, cells);
}
