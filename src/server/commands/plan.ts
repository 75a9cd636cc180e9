/** `perflab plan`: servers that carry a load and keep what was promised, from the cheapest up, and how one is started. */
import { Command, Option } from "commander";
import color from "picocolors";
import { findPlans } from "../../engine/plan/find-plans.ts";
import { sglangCommand, vllmCommand } from "../../engine/plan/take-away/commands.ts";
import { kubernetesManifest } from "../../engine/plan/take-away/kubernetes.ts";
import type { Bound, PlanAnswer, PlanPercentile, PlanQuestion, PlanRow } from "../../engine/plan/types.ts";
import { milliseconds } from "../../endpoint/report/run-report.ts";
import { exitCodes, UsageError } from "./exit-codes.ts";
import { readJson } from "./read-json.ts";
import { atLeast, list, wholeFrom } from "./read-options.ts";
import { textTable } from "./table.ts";

interface Flags {
  question?: string;
  model: string;
  requestRate: number;
  inputLen: number;
  outputLen: number;
  keep: string[];
  budget?: number;
  gpus: string[];
  rows: number;
  asOf: string;
  start?: number;
  as: (typeof STARTS)[number];
  json?: boolean;
}

const STARTS = ["vllm", "sglang", "kubernetes"] as const;

const EXAMPLES = `
Each row was simulated; prices are the catalogue's, with their day. Commands and manifests that it prints were not run.

Examples:
  What carries ten requests a second with half a second to the first token
    $ perflab plan --model llama-3.1-8b --request-rate 10 --keep ttft:p95:500 tpot:p95:50 --budget 5000
  The second row as a command, or as a manifest
    $ perflab plan --model llama-3.1-8b --request-rate 10 --keep ttft:p95:500 --start 2
    $ perflab plan --model llama-3.1-8b --request-rate 10 --keep ttft:p95:500 --start 2 --as kubernetes > vllm.yaml
  Everything else that can be asked, as the estimator's page saves it in its JSON
    $ perflab plan --question question.json`;

export function planCommand(): Command {
  return new Command("plan")
    .description("find servers for a load: the cheapest that keep every goal")
    .option("--question <file>", "the whole question as JSON, in place of the options that follow")
    .option("--model <id>", "model of the catalogue, or its name on Hugging Face", "llama-3.1-8b")
    .option("--request-rate <rps>", "requests per second at the busiest time", atLeast(1e-6), 1)
    .option("--input-len <tokens>", "prompt length", wholeFrom(1), 1024)
    .option("--output-len <tokens>", "answer length", wholeFrom(1), 128)
    .option("--keep <goal...>", "goals in ms: ttft:p95:500 tpot:p99:50 e2e:p50:4000", list, [])
    .option("--budget <usd>", "USD a month", atLeast(1))
    .option("--gpus <list...>", "only these GPUs of the catalogue", list, [])
    .option("--rows <n>", "so many of the cheapest", wholeFrom(1), 12)
    .option("--as-of <date>", "day of the prices", new Date().toISOString().slice(0, 10))
    .option("--start <row>", "print how the row of this number, counted from 1, is started", wholeFrom(1))
    .addOption(new Option("--as <kind>", "of --start").choices(STARTS).default("vllm"))
    .option("--json", "print one JSON object instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const question = flags.question === undefined ? questionOf(flags) : await readQuestion(flags.question);
  const answer = findPlans(question);
  if (flags.start !== undefined) return void process.stdout.write(`${started(answer, flags.start, flags.as)}\n`);
  if (flags.json) process.stdout.write(`${JSON.stringify({ simulated: true, question, answer })}\n`);
  else process.stdout.write(`${textOf(answer)}\n`);
  if (answer.rows.length === 0) process.exitCode = exitCodes.failed;
}

/** A question, or a file of the page or of --json, which has one in it. */
async function readQuestion(file: string): Promise<PlanQuestion> {
  const read = (await readJson(file)) as { question?: PlanQuestion } & PlanQuestion;
  const question = read?.question ?? read;
  // JSON has no Infinity.
  return question?.rows === null ? { ...question, rows: Infinity } : question;
}

function questionOf(flags: Flags): PlanQuestion {
  return {
    model: flags.model,
    workload: {
      rate: flags.requestRate,
      prompt: { kind: "fixed", value: flags.inputLen },
      output: { kind: "fixed", value: flags.outputLen },
    },
    slo: { bounds: flags.keep.map(boundOf) },
    ...(flags.budget !== undefined && { usdPerMonth: flags.budget }),
    ...(flags.gpus.length > 0 && { space: { gpus: flags.gpus } }),
    rows: flags.rows,
    asOf: flags.asOf,
  };
}

function boundOf(text: string): Bound {
  const [, metric, percentile, value] = /^(ttft|tpot|e2e):p(\d+):([\d.]+)$/.exec(text) ?? [];
  if (metric === undefined)
    throw new UsageError(`--keep ${text}: write ttft:p95:500, tpot:p99:50 or e2e:p50:4000, in ms`);
  return {
    metric: metric as Bound["metric"],
    percentile: Number(percentile) as PlanPercentile,
    seconds: Number(value) / 1000,
  };
}

function started({ rows }: PlanAnswer, place: number, kind: Flags["as"]): string {
  const row = rows[place - 1];
  if (!row)
    throw new UsageError(`--start ${place}: there ${rows.length === 1 ? "is 1 row" : `are ${rows.length} rows`}`);
  if (kind === "kubernetes") return kubernetesManifest(row.server).trimEnd();
  const { text, notes } = kind === "vllm" ? vllmCommand(row.server) : sglangCommand(row.server);
  return [`# ${row.id}. Not run.`, ...notes.map((note) => `# ${note}`), text].join("\n");
}

function textOf({ rows, refused, nearest, configurations, simulated }: PlanAnswer): string {
  const head = ["", "server", "USD/month", "p99 TTFT, ms", "p99 TPOT, ms", "p99 E2E, ms", "load"];
  const cells = rows.map((row, i) => [`${i + 1}${row.onFront ? " *" : ""}`, row.id, ...figuresOf(row)]);
  const stale = rows.filter(({ price }) => price.stale).length;
  return [
    rows.length > 0 ? textTable(head, cells) : color.yellow("nothing meets all of it"),
    ...(rows.length > 0 ? [color.dim("* neither beaten in price nor in p99 by another")] : []),
    ...(stale > 0 ? [color.yellow(`${stale} of these prices are old: ask again before you rely on them`)] : []),
    ...nearest.map(({ words }) => words),
    color.dim(`${configurations} configurations, ${simulated} plans simulated`),
    ...refused.map(({ words }) => color.dim(words)),
  ].join("\n");
}

function figuresOf({ usdPerMonth, confirmed, load }: PlanRow): string[] {
  const { ttft, tpot, e2e } = confirmed;
  return [
    String(Math.round(usdPerMonth)),
    milliseconds(ttft.p99),
    tpot.p99 >= 0 ? milliseconds(tpot.p99) : "-",
    milliseconds(e2e.p99),
    `${Math.round(100 * load)} %`,
  ];
}
