/** `perflab bench`: one measurement of an endpoint. */
import { Command } from "commander";
import { exitCodes, UsageError } from "./exit-codes.ts";
import { keep } from "./keep.ts";
import {
  addMeasuringOptions,
  confirmLarge,
  measureOptionsOf,
  measureWithProgress,
  refuseUnmeasurable,
  sloOf,
  type MeasuringFlags,
} from "./measuring.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { MeasureOptions } from "../../endpoint/endpoint-target.ts";
import { share } from "./read-options.ts";
import { reportOf } from "../../endpoint/report/run-report.ts";
import { printed } from "./report.ts";
import { checkWritable, formatOption, runFileName, saveRun, type RunFormat } from "./run-file.ts";
import { addShardOptions, checkShardFlags, shardOptionsOf, type ShardFlags } from "./shard-options.ts";
import { stopOnSignals } from "./stopping.ts";
import { addTargetOptions, targetOf, type TargetFlags } from "./target-options.ts";
import { addWorkloadOptions, sayingOf, workloadOf, type WorkloadFlags } from "./workload-options.ts";

export type BenchFlags = TargetFlags &
  WorkloadFlags &
  ShardFlags &
  MeasuringFlags & {
    saveResult?: string | true;
    format: RunFormat;
  };

type Flags = BenchFlags & { failOnClientLimit?: boolean; maxFailed?: number };
type Saying = Pick<MeasureOptions, "prompts" | "salt">;

const EXAMPLES = `
Examples:
  Ten requests a second, Poisson, 512 tokens in and 128 out
    $ perflab bench --base-url http://127.0.0.1:8000/v1 --request-rate 10 --random-input-len 512 --num-prompts 200
  32 users, each waiting for its answer, for a minute; what share keeps the SLO
    $ perflab bench --base-url http://127.0.0.1:8000/v1 --concurrency 32 --duration 60 --num-prompts 100000 --goodput ttft:200 tpot:50
  The same run as vLLM's own tool would report it, kept for a comparison
    $ perflab bench --base-url http://127.0.0.1:8000/v1 --request-rate 4 --definition vllm --save-result before.jsonl
  Your own prompts (JSON lines, ShareGPT or CSV), at the arrivals that you choose
    $ perflab bench --base-url http://127.0.0.1:8000/v1 --dataset-path prompts.jsonl --request-rate 2
  Recorded traffic: a shipped trace, or a file in Mooncake's, Azure's or a plain format
    $ perflab bench --base-url http://127.0.0.1:8000/v1 --trace traffic.csv --num-prompts 1000
  The same run in a file that vLLM's scripts read
    $ perflab bench --base-url http://127.0.0.1:8000/v1 --request-rate 4 --save-result before.json --format vllm
  One schedule from two machines, both beginning at the same instant; then \`perflab merge shard-*.jsonl\`
    $ perflab bench --base-url http://server:8000/v1 --request-rate 400 --num-prompts 20000 --shard 0/2 --start-at 2026-11-28T09:30:00Z --save-result shard-0.jsonl
    $ perflab bench --base-url http://server:8000/v1 --request-rate 400 --num-prompts 20000 --shard 1/2 --start-at 2026-11-28T09:30:00Z --save-result shard-1.jsonl`;

/** What says which measurement it is; the tool for Artillery takes the same. */
export function addBenchOptions(command: Command): Command {
  return addShardOptions(addMeasuringOptions(addWorkloadOptions(addTargetOptions(command))))
    .option("--save-result [file]", "keep the whole run, request by request (for compare)")
    .addOption(formatOption());
}

export function benchCommand(): Command {
  const command = new Command("bench").description("measure an endpoint under one load");
  addBenchOptions(command)
    .option("--max-failed <share>", "exit with 1 when a larger share of the sent requests failed (0.01)", share)
    .option("--fail-on-client-limit", "exit with 1 when this machine was too slow to measure")
    .addHelpText("after", EXAMPLES)
    .action(bench);
  return command;
}

/** The load and what it says, checked. Throws UsageError or InputError before anything is sent. */
export async function loadOf(flags: BenchFlags): Promise<{ slo?: Slo; workload: Workload; saying: Saying }> {
  const slo = sloOf(flags.goodput);
  refuseUnmeasurable(slo, flags);
  checkShardFlags(flags);
  if (flags.shard && flags.saveResult !== undefined && flags.format !== "perflab")
    throw new UsageError("a shard is kept in perflab's own format, which alone can be merged: leave out --format");
  const workload = await workloadOf(flags);
  const saying = await sayingOf(flags);
  if (flags.saveResult !== undefined)
    await checkWritable(flags.saveResult === true ? "run" : flags.saveResult, flags.format);
  await confirmLarge([workload], flags, flags.shard);
  return { ...(slo && { slo }), workload, saying };
}

async function bench(flags: Flags): Promise<void> {
  const { slo, workload, saying } = await loadOf(flags);
  const target = await targetOf(flags);
  const stopping = stopOnSignals();
  const part = await shardOptionsOf(flags, target, saying, stopping.signal);
  const options = { ...measureOptionsOf(flags), ...saying, ...part };
  const run = await measureWithProgress(target, workload, { ...options, signal: stopping.signal }).catch(
    (error: unknown) => {
      // In warm-up: nothing has been measured.
      process.exitCode = stopping.code();
      throw error;
    },
  );
  const file =
    flags.saveResult === true ? runFileName(target.label, new Date(), flags.format) : (flags.saveResult ?? undefined);
  // Before the table, whose reader may be gone.
  if (file !== undefined) await keep(file, saveRun(run, file, flags.format));
  stopping.done();
  const report = reportOf(run, {
    definition: flags.definition,
    from: flags.fromScheduled ? "scheduled" : "started",
    percentiles: flags.metricPercentiles,
    ...(slo && { slo }),
    ...(target.price && { price: target.price }),
  });
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${printed(report, flags.metricPercentiles)}\n`);
  if (run.ended?.reason === "stopped") process.exitCode = stopping.code() ?? exitCodes.stopped;
  else if (
    report.counts["succeeded"] === 0 ||
    tooManyFailed(report.counts, flags.maxFailed) ||
    (flags.failOnClientLimit && report.clientLimited)
  )
    process.exitCode = exitCodes.failed;
}

/** Of the requests that were sent and not called off. Without a limit, none is too many. */
function tooManyFailed(counts: Readonly<Record<string, number>>, most: number | undefined): boolean {
  if (most === undefined) return false;
  const of = (...names: string[]): number => names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  const failed = of("failed", "timedOut", "refused");
  const sent = failed + of("succeeded");
  if (failed <= most * sent) return false;
  process.stderr.write(`${failed} of ${sent} requests failed, more than --max-failed ${most} allows\n`);
  return true;
}
