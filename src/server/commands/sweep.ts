/** `perflab sweep`: the same workload at growing load, or a search for the highest load within an SLO. */
import { Command } from "commander";
import { highestWithin, sweep, type SweepPoint } from "../../engine/benchmark/sweep.ts";
import type { Workload } from "../../engine/workload/types.ts";
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
import { MeasureError } from "../../endpoint/endpoint-target.ts";
import { atLeast, loads as loadList } from "./read-options.ts";
import { milliseconds, reportOf, type Report } from "../../endpoint/report/run-report.ts";
import { perSecond } from "./report.ts";
import { checkWritable, extensionOf, formatOption, saveRun, type RunFormat } from "./run-file.ts";
import { stopOnSignals } from "./stopping.ts";
import { addTargetOptions, targetOf, type TargetFlags } from "./target-options.ts";
import { textTable } from "./table.ts";
import { addWorkloadOptions, sayingOf, workloadOf, type WorkloadFlags } from "./workload-options.ts";

type Flags = TargetFlags &
  WorkloadFlags &
  MeasuringFlags & {
    loads: number[];
    untilSaturated?: boolean;
    findMax?: boolean;
    from: number;
    to: number;
    attainment: number;
    saveResult?: string;
    format: RunFormat;
  };

const EXAMPLES = `
Examples:
  Rates from 1 to 32 requests a second, ending once throughput no longer grows
    $ perflab sweep --base-url http://127.0.0.1:8000/v1 --loads 1,2,4,8,16,32 --until-saturated
  Closed loop with 1 to 64 users
    $ perflab sweep --base-url http://127.0.0.1:8000/v1 --concurrency 1 --loads 1,2,4,8,16,32,64
  The highest rate at which 99 % of requests keep the SLO
    $ perflab sweep --base-url http://127.0.0.1:8000/v1 --find-max --from 1 --to 64 --goodput ttft:500 tpot:50`;

export function sweepCommand(): Command {
  const command = new Command("sweep").description("measure an endpoint at growing load");
  addMeasuringOptions(addWorkloadOptions(addTargetOptions(command)))
    .option("--loads <list>", "rates (or users, with --concurrency) to measure", loadList, [1, 2, 4, 8, 16, 32])
    .option("--until-saturated", "end once throughput no longer grows")
    .option("--find-max", "search for the highest load that keeps the --goodput bounds")
    .option("--from <load>", "where the search begins", atLeast(0.001), 1)
    .option("--to <load>", "where it ends", atLeast(0.001), 256)
    .option("--attainment <share>", "share of requests that must keep the bounds", atLeast(0), 0.99)
    .option("--save-result <prefix>", "keep every run as PREFIX-LOAD.jsonl (or .json)")
    .addOption(formatOption())
    .addHelpText("after", EXAMPLES)
    .action(run);
  return command;
}

async function run(flags: Flags): Promise<void> {
  const slo = sloOf(flags.goodput);
  refuseUnmeasurable(slo, flags);
  const closed = flags.concurrency !== undefined;
  const workload = await workloadOf({
    ...flags,
    ...(!closed && !Number.isFinite(flags.requestRate) && { requestRate: 1 }),
  });
  if (flags.findMax && !slo) throw new UsageError("--find-max needs a bound: --goodput ttft:500, for example");
  const { loads } = flags;
  if (flags.findMax && (1 - flags.attainment) * flags.numPrompts < 1 && flags.attainment < 1)
    process.stderr.write(
      `of ${flags.numPrompts} requests not one may miss at --attainment ${flags.attainment}: more --num-prompts make the search less a matter of luck\n`,
    );
  const options = { ...measureOptionsOf(flags), ...(await sayingOf(flags)) };
  if (flags.saveResult !== undefined)
    await checkWritable(`${flags.saveResult}-1.${extensionOf(flags.format)}`, flags.format);
  await confirmLarge(flags.findMax ? [workload] : loads.map(() => workload), flags);
  const target = await targetOf(flags);
  const rows: { load: number; report: Report }[] = [];
  const onPoint = ({ load, run: measured }: SweepPoint): void => {
    const report = reportOf(measured, {
      definition: flags.definition,
      percentiles: flags.metricPercentiles,
      ...(slo && { slo }),
      ...(target.price && { price: target.price }),
    });
    rows.push({ load, report });
    points.push({ load, run: measured });
    if (!flags.json) process.stderr.write(`${load}: ${perSecond(report.outputTokensPerSecond)} output tokens/s\n`);
  };
  const stopping = stopOnSignals();
  const points: SweepPoint[] = [];
  const measure = (at: Workload) => measureWithProgress(target, at, { ...options, signal: stopping.signal });
  const search = async () => {
    if (!flags.findMax) {
      await sweep(measure, workload, loads, { ...(flags.untilSaturated && { untilSaturated: true }), onPoint });
      return undefined;
    }
    const { from, to, attainment } = flags;
    return (await highestWithin(measure, workload, slo!, { from, to, attainment, onPoint })).rate;
  };
  const found = await search().catch((error: unknown) => {
    // Stopped in the warm-up of a later load: the loads before it are kept.
    process.exitCode = stopping.code();
    if (!(error instanceof MeasureError && stopping.code() !== undefined && points.length > 0)) throw error;
    return undefined;
  });
  if (flags.saveResult !== undefined)
    for (const { load, run: measured } of points) {
      const file = `${flags.saveResult}-${load}.${extensionOf(flags.format)}`;
      await keep(file, saveRun(measured, file, flags.format));
    }
  stopping.done();
  const highest = stopping.code() === undefined ? found : undefined;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ ...(highest !== undefined && { highest }), loads: closed ? "users" : "rate", points: rows })}\n`
      : `${tableOf(rows)}\n`,
  );
  if (highest !== undefined && !flags.json)
    process.stdout.write(
      highest > 0
        ? `highest load within the bounds: ${highest.toPrecision(3)}\n`
        : "not even the lowest load keeps the bounds\n",
    );
  if (stopping.code() !== undefined) process.exitCode = stopping.code();
  else if (rows.every(({ report }) => report.counts["succeeded"] === 0)) process.exitCode = exitCodes.failed;
}

function tableOf(rows: readonly { load: number; report: Report }[]): string {
  const head = ["load", "ok", "failed", "req/s", "out tok/s", "TTFT p50", "TTFT p99", "TPOT p50", "E2E p50", "client"];
  const cells: string[][] = [];
  for (const { load, report } of rows) {
    const { times, counts } = report;
    const succeeded = counts["succeeded"] ?? 0;
    const at = (metric: string, q: string): string => milliseconds(times[metric]?.[q] ?? null);
    cells.push([
      String(load),
      String(succeeded),
      String((counts["scheduled"] ?? 0) - succeeded),
      report.requestsPerSecond.toPrecision(3),
      `${report.guessed.output ? "≈ " : ""}${perSecond(report.outputTokensPerSecond)}`,
      at("ttft", "p50"),
      at("ttft", "p99"),
      at("tpot", "p50"),
      at("e2e", "p50"),
      report.clientLimited ? "limited" : "ok",
    ]);
  }
  return textTable(head, cells);
}
