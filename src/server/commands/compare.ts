/** `perflab compare A B`: what changed between two runs, with intervals; fails when something got worse, so that it can gate a CI. */
import { Command } from "commander";
import color from "picocolors";
import { compare } from "../../engine/metrics/compare.ts";
import { regressionsOf, type Regression } from "../../engine/metrics/gate.ts";
import type { StatedSummary } from "../../engine/metrics/interchange/index.ts";
import { summarize } from "../../engine/metrics/summarize.ts";
import type { ComparedRow, Comparison } from "../../engine/metrics/types.ts";
import { exitCodes } from "./exit-codes.ts";
import { atLeast, share } from "./read-options.ts";
import { milliseconds } from "../../endpoint/report/run-report.ts";
import { loadResult, notesOn, type LoadedResult } from "./run-file.ts";
import { statedText } from "./stated-text.ts";
import { textTable } from "./table.ts";

interface Flags {
  tolerance: number;
  maxFailed?: number;
  allowSmaller?: boolean;
  json?: boolean;
}

const EXAMPLES = `
Exits with 1 when b is worse beyond chance, has no success, fewer successes (beyond chance, or see --max-failed) or fewer than
half as many requests; with 2 when one of the files holds only a summary, of which no change can be told from chance.

Examples:
  $ perflab compare before.jsonl after.jsonl
  A run of ours against one that vLLM, SGLang, AIPerf, GuideLLM, inference-perf or llmperf kept
  $ perflab compare before.jsonl vllm-result.json
  The second and the third run of a file to which vLLM appended
  $ perflab compare runs.json#2 runs.json#3
  Fail only where something got more than 5 % worse, beyond chance, or more than 1 % of requests failed
  $ perflab compare before.jsonl after.jsonl --tolerance 5 --max-failed 0.01`;

export function compareCommand(): Command {
  return new Command("compare")
    .description("compare two kept runs; exits with 1 on a regression")
    .argument("<a>", "the run before: a file of perflab or another tool; FILE#2 is the second run of a file")
    .argument("<b>", "the run after")
    .option("--tolerance <percent>", "how much worse is still fine, for times and rates", atLeast(0), 0)
    .option("--max-failed <share>", "share of b's requests that may fail (0.01), in place of a's share", share)
    .option("--allow-smaller", "b may hold fewer than half as many successful requests as a")
    .option("--json", "print one JSON object instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(a: string, b: string, flags: Flags): Promise<void> {
  const [before, after] = [await loadResult(a), await loadResult(b)];
  const notes = [...notesOn(a, before), ...notesOn(b, after)];
  for (const note of notes) process.stderr.write(`${note}\n`);
  if (!before.result.run || !after.result.run) return showSummaries([a, b], [before, after], flags);
  const comparison = compare(before.result.run, after.result.run);
  const regressions = regressionsOf(comparison, {
    tolerance: flags.tolerance / 100,
    ...(flags.maxFailed !== undefined && { maxFailed: flags.maxFailed }),
    ...(flags.allowSmaller && { allowSmaller: true }),
  });
  if (flags.json) {
    const { rows, leftOut, loads, outcomes } = comparison;
    const worse = regressions.map(({ metric }) => metric);
    const why = regressions.map(({ metric, why }) => `${metric}: ${why}`);
    process.stdout.write(`${JSON.stringify({ outcomes, rows, regressions: worse, why, loads, leftOut, notes })}\n`);
  } else process.stdout.write(`${textOf(comparison, regressions)}\n`);
  if (regressions.length > 0) process.exitCode = exitCodes.failed;
}

/** Success first, then how the loads differ, then the rows. */
function textOf(comparison: Comparison, regressions: readonly Regression[]): string {
  const { loads, leftOut } = comparison;
  const reasons = regressions.filter(({ metric }) => metric === "succeeded" || metric === "requests");
  return [
    successLine(comparison, reasons.length > 0),
    ...reasons.map(({ why }) => color.red(why)),
    ...(loads.length > 0 ? [color.yellow(`The loads differ: ${loads.join("; ")}.`)] : []),
    tableOf(
      comparison.rows,
      regressions.map(({ metric }) => metric),
    ),
    ...leftOut.map((line) => color.dim(`left out ${line}`)),
  ].join("\n");
}

function successLine({ outcomes }: Comparison, bad: boolean): string {
  const [a, b] = outcomes.map(({ scheduled, succeeded, failed, cancelled, unsent }) =>
    [
      `${succeeded} of ${scheduled}`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
      ...(unsent > 0 ? [`${unsent} unsent`] : []),
    ].join(", "),
  );
  const line = `succeeded: a ${a}; b ${b}`;
  return bad ? color.red(`${line}  worse`) : line;
}

function tableOf(rows: readonly ComparedRow[], regressions: readonly string[]): string {
  const head = ["", "a", "b", "change", "95 % interval", ""];
  const cells = rows.map(({ metric, a, b, delta, unit, better }) => {
    // Rounding in a mean of equal values is no change.
    const least = 1e-9 * Math.max(a, b);
    const show = (value: number): string => shownAs(unit)(Math.abs(value) < least ? 0 : value);
    const percent = a === 0 || unit === "share" ? "" : `${((100 * delta.value) / a).toFixed(1)} %`;
    const improved = better === "high" ? delta.low > 0 : delta.high < 0;
    const verdict = regressions.includes(metric) ? color.red("worse") : improved ? color.green("better") : "";
    const name = unit === "s" ? `${metric}, ms` : unit === "share" ? `${metric}, %` : metric;
    return [name, show(a), show(b), percent, `${show(delta.low)} … ${show(delta.high)}`, verdict];
  });
  return textTable(head, cells);
}

function shownAs(unit: ComparedRow["unit"]): (value: number) => string {
  if (unit === "s") return milliseconds;
  return unit === "share" ? (value) => (100 * value).toPrecision(3) : (value) => value.toPrecision(4);
}

/** What the two say of themselves, and no verdict: without requests a change can't be told from chance. */
function showSummaries(
  files: readonly [string, string],
  loaded: readonly [LoadedResult, LoadedResult],
  flags: Flags,
): void {
  const summaries = loaded.map(statedOfResult);
  const dead = summaries[1]?.succeeded === 0;
  const without = files.filter((_, i) => !loaded[i]!.result.run).join(" and ");
  const why = dead
    ? "succeeded: b has no successful request"
    : `can't be judged: ${without} ${without.includes(" and ") ? "hold" : "holds"} no requests, so chance can't be told from change`;
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ rows: [], regressions: dead ? ["succeeded"] : [], why: [why], summaries })}\n`,
    );
  else {
    process.stdout.write(`${color.red(why)}\n`);
    loaded.forEach(({ source }, i) =>
      process.stdout.write(`\n${"ab"[i]}: ${files[i]}\n${statedText(source, summaries[i]!)}\n`),
    );
  }
  process.exitCode = dead ? exitCodes.failed : exitCodes.usage;
}

/** The same statistics of a run that a summary has of itself. */
function statedOfResult({ result }: LoadedResult): StatedSummary {
  if (!result.run) return result.stated ?? { metrics: [] };
  const s = summarize(result.run);
  const metrics = (["ttft", "tpot", "itl", "e2e"] as const).flatMap((name): StatedSummary["metrics"] => {
    const of = s[name];
    if (of.n === 0) return [];
    const percentiles = [50, 90, 95, 99].map((q): [number, number] => [q, of.p(q)]);
    return [{ name, unit: "s", from: name, n: of.n, mean: of.mean, min: of.min, max: of.max, percentiles }];
  });
  const { requestsPerSecond, outputTokensPerSecond, totalTokensPerSecond, duration, succeeded, failed, cancelled } = s;
  const rates = { requestsPerSecond, outputTokensPerSecond, totalTokensPerSecond, duration };
  const known = Object.fromEntries(Object.entries(rates).filter(([, value]) => !Number.isNaN(value)));
  return { ...known, succeeded, failed, cancelled, metrics };
}
