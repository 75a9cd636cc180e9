/** `perflab report`: a kept run printed again, by any tool's definitions, as a table, JSON or CSV; and written for another tool. */
import { Command, Option } from "commander";
import { writeFile } from "node:fs/promises";
import { definitions } from "../../engine/metrics/definitions/definitions.ts";
import type { StatedSummary } from "../../engine/metrics/interchange/index.ts";
import type { Definition } from "../../engine/metrics/types.ts";
import { UsageError } from "./exit-codes.ts";
import { sloOf } from "./measuring.ts";
import { list, numbers } from "./read-options.ts";
import { reportHtml } from "../../endpoint/report/report-html.ts";
import { reportOf, type Report } from "../../endpoint/report/run-report.ts";
import { printed } from "./report.ts";
import { formatOption, loadResult, notesOn, writeRun, type RunFormat } from "./run-file.ts";
import { statedText } from "./stated-text.ts";

interface Flags {
  definition: Definition;
  percentiles: number[];
  fromScheduled?: boolean;
  goodput: string[];
  json?: boolean;
  csv?: boolean;
  saveResult?: string;
  saveHtml?: string;
  format: RunFormat;
}

const EXAMPLES = `
Reads results of perflab, vLLM (bench serve, with --save-detailed), SGLang (--output-details), AIPerf, GuideLLM, inference-perf
and llmperf request by request; their summaries, and those of GenAI-Perf, k6, Locust, wrk2 and HdrHistogram, as they stand.

Examples:
  $ perflab report run.jsonl
  The same run by vLLM's definitions, with other percentiles
  $ perflab report run.jsonl --definition vllm --percentiles 50,95,99.9
  AIPerf's folder as a file that GuideLLM reads
  $ perflab report artifacts/run/ --save-result benchmarks.json --format guidellm`;

export function reportCommand(): Command {
  return new Command("report")
    .description("print a kept run, or write it for another tool")
    .argument("<file>", "a file of perflab or another tool; FILE#2 is the second run of a file")
    .addOption(
      new Option("--definition <tool>", "whose definitions of the metrics to use")
        .choices(definitions)
        .default("perflab"),
    )
    .option("--percentiles <list>", "percentiles to print", numbers, [50, 90, 99])
    .option("--from-scheduled", "count latency from when a request was due, not from when it left")
    .option("--goodput <slo>", "a bound in ms, as ttft:200, tpot:50 or e2el:3000; may be repeated", list, [])
    .option("--json", "print one JSON object instead of a table; times in seconds")
    .option("--csv", "print metric,statistic,value,unit; times in seconds")
    .option("--save-result <file>", "write the run in the format of --format instead of printing it")
    .addOption(formatOption())
    .option("--save-html <file>", "write one HTML file with the report card, times and intervals instead of printing")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(file: string, flags: Flags): Promise<void> {
  if (flags.json && flags.csv) throw new UsageError("give --json or --csv, not both");
  if (flags.percentiles.some((q) => q > 100)) throw new UsageError("--percentiles must be percentages from 0 to 100");
  const slo = sloOf(flags.goodput);
  const loaded = await loadResult(file);
  for (const note of notesOn(file, loaded)) process.stderr.write(`${note}\n`);
  const { run, stated } = loaded.result;
  if (flags.saveResult !== undefined) {
    if (!run) throw new UsageError(`${file} holds no requests, so it can't be written as a run`);
    await writeRun(run, flags.saveResult, flags.format);
    process.stderr.write(`kept in ${flags.saveResult}\n`);
    return;
  }
  if (flags.saveHtml !== undefined) {
    if (!run) throw new UsageError(`${file} holds no requests, so there is no report card to fill in`);
    await writeFile(flags.saveHtml, reportHtml(run, { title: file })).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`--save-html ${flags.saveHtml} can't be written (${error.code})`);
    });
    process.stderr.write(`report in ${flags.saveHtml}\n`);
    return;
  }
  if (!run) return void process.stdout.write(`${summaryText(loaded.source, stated ?? { metrics: [] }, flags)}\n`);
  const report = reportOf(run, {
    definition: flags.definition,
    ...(flags.fromScheduled && { from: "scheduled" }),
    percentiles: flags.percentiles,
    ...(slo && { slo }),
  });
  process.stdout.write(
    flags.json ? `${JSON.stringify(report)}\n` : flags.csv ? csvOf(report) : `${printed(report, flags.percentiles)}\n`,
  );
}

function summaryText(source: string, stated: StatedSummary, flags: Flags): string {
  if (flags.json) return JSON.stringify({ source, ...stated });
  if (!flags.csv) return statedText(source, stated);
  const { metrics, ...totals } = stated;
  const cells: Cells = metrics.flatMap(({ name, unit, n, mean, min, max, percentiles }): Cells => [
    [name, "n", n, ""],
    [name, "mean", mean, unit],
    [name, "min", min, unit],
    ...percentiles.map(([q, value]): Cells[number] => [name, `p${q}`, value, unit]),
    [name, "max", max, unit],
  ]);
  for (const [name, value] of Object.entries(totals))
    if (typeof value === "number") cells.push(["run", name, value, ""]);
  return csvText(cells);
}

type Cells = (readonly [metric: string, statistic: string, value: number | null | undefined, unit: string])[];

function csvOf(report: Report): string {
  const cells: Cells = Object.entries(report.times).flatMap(([metric, times]) =>
    Object.entries(times).map(([name, value]): Cells[number] => [metric, name, value, name === "n" ? "" : "s"]),
  );
  for (const [name, value] of Object.entries(report.counts)) cells.push(["requests", name, value, ""]);
  cells.push(["run", "duration", report.duration, "s"]);
  for (const name of ["requestsPerSecond", "outputTokensPerSecond", "totalTokensPerSecond"] as const)
    cells.push(["run", name, report[name], "1/s"]);
  if (report.goodput) {
    cells.push(["goodput", "requestsPerSecond", report.goodput.requestsPerSecond, "1/s"]);
    cells.push(["goodput", "attainment", report.goodput.attainment, ""]);
  }
  return `${csvText(cells)}\n`;
}

/** An unknown value is an empty cell. */
function csvText(cells: Cells): string {
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = cells.map(([metric, statistic, value, unit]) =>
    [quoted(metric), statistic, typeof value === "number" && Number.isFinite(value) ? value : "", unit].join(","),
  );
  return ["metric,statistic,value,unit", ...rows].join("\n");
}
