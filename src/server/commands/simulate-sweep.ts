/** `perflab simulate-sweep`: many simulated points at once, spread over this machine's cores, or over several machines. */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import color from "picocolors";
import type { Shard } from "../../engine/benchmark/shard.ts";
import { formats } from "../../engine/catalog/dtypes.ts";
import type { Dtype } from "../../engine/catalog/types.ts";
import type { Server } from "../../engine/server.ts";
import { milliseconds } from "../../endpoint/report/run-report.ts";
import { pointsOf, pointsOfShard, type PointResult } from "../sweep-points/points.ts";
import { spread } from "../sweep-points/spread.ts";
import { exitCodes, UsageError } from "./exit-codes.ts";
import { keep } from "./keep.ts";
import { sloOf } from "./measuring.ts";
import { createProgress } from "./progress.ts";
import { readParameters } from "./read-json.ts";
import { list, loads as loadList, percentiles, wholeFrom, wholes } from "./read-options.ts";
import { perSecond } from "./report.ts";
import { checkWritable } from "./run-file.ts";
import { shard } from "./shard-options.ts";
import { stopOnSignals } from "./stopping.ts";
import { textTable } from "./table.ts";
import { addWorkloadOptions, workloadOf, type WorkloadFlags } from "./workload-options.ts";

interface Flags extends WorkloadFlags {
  model: string;
  gpu: string;
  tensorParallel: number[];
  maxNumSeqs?: number[];
  weights?: Dtype;
  kv?: Dtype;
  parameters?: string;
  loads: number[];
  seeds: number;
  goodput: string[];
  metricPercentiles: number[];
  threads: number;
  shard?: Shard;
  saveResult?: string;
  json?: boolean;
}

const EXAMPLES = `
A point is simulated with the same bits wherever it runs, so the number of threads and machines changes nothing but the time.

Examples:
  Rates from 1 to 32 requests a second on one and two GPUs, five seeds each: 60 points on all cores
    $ perflab simulate-sweep --model llama-3.1-8b --gpu h100-sxm-80 --loads 1,2,4,8,16,32 --tensor-parallel 1,2 --seeds 5
  Closed loop
    $ perflab simulate-sweep --model llama-3.1-8b --gpu h100-sxm-80 --concurrency 1 --loads 1,8,64
  The second of three machines; then \`cat points-*.jsonl\`: each line has its place in the whole sweep
    $ perflab simulate-sweep --model llama-3.1-8b --gpu h100-sxm-80 --loads 1,2,4,8,16,32 --shard 1/3 --save-result points-1.jsonl`;

export function simulateSweepCommand(): Command {
  const dtypes = Object.keys(formats);
  const command = new Command("simulate-sweep")
    .description("simulate many loads, servers and seeds on all cores")
    .option("--model <id>", "model of the catalogue", "llama-3.1-8b")
    .option("--gpu <id>", "GPU of the catalogue", "h100-sxm-80")
    .option("--tensor-parallel <list>", "GPUs that share the model", wholes, [1])
    .option("--max-num-seqs <list>", "sequences in a batch", wholes)
    .addOption(new Option("--weights <dtype>", "of the weights").choices(dtypes))
    .addOption(new Option("--kv <dtype>", "of the KV cache").choices(dtypes))
    .option("--parameters <file>", "fitted constants, as calibrate --save-parameters wrote them");
  return addWorkloadOptions(command)
    .option("--loads <list>", "rates (or users, with --concurrency) to simulate", loadList, [1, 2, 4, 8, 16, 32])
    .option("--seeds <n>", "so many seeds a load, from --seed on; each is a point of its own", wholeFrom(1), 1)
    .option("--goodput <slo...>", "bounds in ms: ttft:200 tpot:50 e2el:3000", list, [])
    .option("--metric-percentiles <list>", "percentiles to keep", percentiles, [50, 90, 99])
    .option("--threads <n>", "worker threads", wholeFrom(1), availableParallelism())
    .option("--shard <i/n>", "the i-th of n parts of the points, counted from 0", shard)
    .option("--save-result <file>", "keep the points as JSON lines")
    .option("--json", "print the points as JSON lines instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  if (flags.datasetPath !== undefined || flags.samePrompts)
    throw new UsageError("nothing is sent here, so there are no prompts: leave out --dataset-path and --same-prompts");
  if (flags.saveResult !== undefined) await checkWritable(flags.saveResult, "perflab");
  const closed = flags.concurrency !== undefined;
  const workload = await workloadOf({
    ...flags,
    ...(!closed && !Number.isFinite(flags.requestRate) && { requestRate: 1 }),
  });
  const slo = sloOf(flags.goodput);
  const seeds = Array.from({ length: flags.seeds }, (_, i) => flags.seed + i);
  const axes = { loads: flags.loads, seeds, servers: await serversOf(flags) };
  const all = pointsOf(workload, axes, { percentiles: flags.metricPercentiles, ...(slo && { slo }) });
  const points = flags.shard ? pointsOfShard(all, flags.shard) : all;
  if (flags.shard)
    process.stderr.write(`shard ${flags.shard.index}/${flags.shard.of}: ${points.length} of ${all.length} points\n`);
  const stopping = stopOnSignals();
  const progress = createProgress("points");
  progress.update(0, points.length);
  const results = await spread(points, {
    threads: flags.threads,
    signal: stopping.signal,
    onPoint: (done, of) => progress.update(done, of),
  }).finally(() => progress.stop());
  const lines = results.map((result) => `${JSON.stringify(result)}\n`).join("");
  if (flags.saveResult !== undefined) await keep(flags.saveResult, writeFile(flags.saveResult, lines));
  stopping.done();
  process.stdout.write(flags.json ? lines : `${tableOf(results)}\n`);
  if (stopping.code() !== undefined) process.exitCode = stopping.code();
  else if (results.length > 0 && results.every((result) => "refused" in result)) process.exitCode = exitCodes.failed;
}

async function serversOf(flags: Flags): Promise<Server[]> {
  const parameters = flags.parameters === undefined ? undefined : await readParameters(flags.parameters);
  return flags.tensorParallel.flatMap((tensorParallel) =>
    (flags.maxNumSeqs ?? [undefined]).map((maxNumSeqs) => ({
      model: flags.model,
      gpu: flags.gpu,
      tensorParallel,
      ...(flags.weights && { weights: flags.weights }),
      ...(flags.kv && { kv: flags.kv }),
      ...(maxNumSeqs !== undefined && { scheduler: { maxNumSeqs } }),
      ...(parameters && { parameters }),
    })),
  );
}

function tableOf(results: readonly PointResult[]): string {
  const slo = results.some((result) => "report" in result && result.report.goodput);
  const head = [
    "load",
    "TP",
    "seqs",
    "seed",
    "ok",
    "req/s",
    "out tok/s",
    "TTFT p50",
    "TTFT p99",
    "TPOT p50",
    "E2E p99",
  ];
  if (slo) head.push("within, %");
  const refused: string[] = [];
  const cells = results.map((result) => {
    const { server, load, seed } = result;
    const which = [
      String(load),
      String(server.tensorParallel),
      String(server.scheduler?.maxNumSeqs ?? "–"),
      String(seed),
    ];
    if ("refused" in result) {
      refused.push(`load ${load}, seed ${seed}: ${result.refused}`);
      return [...which, ...Array.from({ length: head.length - which.length }, () => "–")];
    }
    const { times, counts, requestsPerSecond, outputTokensPerSecond, goodput, ended } = result.report;
    if (ended) refused.push(`load ${load}, seed ${seed}: ${ended.message}`);
    const at = (metric: string, q: string): string => milliseconds(times[metric]?.[q] ?? null);
    return [
      ...which,
      String(counts["succeeded"]),
      requestsPerSecond.toPrecision(3),
      perSecond(outputTokensPerSecond),
      at("ttft", "p50"),
      at("ttft", "p99"),
      at("tpot", "p50"),
      at("e2e", "p99"),
      ...(slo ? [goodput ? (100 * goodput.attainment).toPrecision(3) : "–"] : []),
    ];
  });
  return [
    color.dim("simulated; times in ms"),
    textTable(head, cells),
    ...refused.map((line) => color.yellow(line)),
  ].join("\n");
}
