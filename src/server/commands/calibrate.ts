/** `perflab calibrate`: fits the step model to a measured sweep, says what that shows, and predicts other loads. */
import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import color from "picocolors";
import { calibrate } from "../../engine/calibrate/calibrate.ts";
import type { Calibration, HeldOut, Load, MeasuredPoint } from "../../engine/calibrate/types.ts";
import { formats } from "../../engine/catalog/dtypes.ts";
import type { Dtype } from "../../engine/catalog/types.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import type { Run } from "../../engine/run.ts";
import type { Server } from "../../engine/server.ts";
import { engines } from "../../engine/step/engines.ts";
import { UsageError } from "./exit-codes.ts";
import { keep } from "./keep.ts";
import { readJson, readServer } from "./read-json.ts";
import { numbers, wholeFrom } from "./read-options.ts";
import { milliseconds } from "../../endpoint/report/run-report.ts";
import { loadRun } from "./run-file.ts";
import { textTable } from "./table.ts";

interface Flags {
  runs?: string[];
  points?: string;
  server?: string;
  model?: string;
  gpu?: string;
  tensorParallel: number;
  weights?: Dtype;
  kv?: Dtype;
  engine?: string;
  numGpuBlocks?: number;
  inputLen: number;
  outputLen: number;
  loads: number[];
  saveParameters?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  Fit the runs of a sweep, and predict its curve up to 256 users
    $ perflab sweep --base-url http://127.0.0.1:8000/v1 --concurrency 1 --loads 1,2,4,8,16 --save-result sweep
    $ perflab calibrate --model llama-3.1-8b --gpu h100-sxm-80 --runs sweep-*.jsonl --loads 32,64,128,256
  Published figures instead of runs: a JSON list of { prompt, output, concurrency, ttft, tpot }, times in seconds
    $ perflab calibrate --model llama-3.1-8b --gpu h100-sxm-80 --points points.json
  The fitted server as an endpoint, and in an estimate
    $ perflab calibrate --model llama-3.1-8b --gpu h100-sxm-80 --runs sweep-*.jsonl --save-parameters mine.json
    $ perflab simulate --model llama-3.1-8b --gpu h100-sxm-80 --parameters mine.json
    $ perflab estimate --model llama-3.1-8b --gpu h100-sxm-80 --parameters mine.json --concurrency 32
  A server that the catalogue does not have, as JSON; its model may be a Hugging Face config
    $ perflab calibrate --server server.json --runs sweep-*.jsonl`;

export function calibrateCommand(): Command {
  const dtypes = Object.keys(formats);
  return new Command("calibrate")
    .description("fit the step model to a measured sweep: a digital twin of the server")
    .option(
      "--runs <files...>",
      "kept runs of perflab, vLLM (--save-detailed), AIPerf, GuideLLM or inference-perf, one a load",
    )
    .option("--points <file>", "measured points as a JSON list")
    .option("--server <file>", "the server as JSON, in place of the options below")
    .option("--model <id>", "model of the catalogue")
    .option("--gpu <id>", "GPU of the catalogue")
    .option("--tensor-parallel <n>", "GPUs that share the model", wholeFrom(1), 1)
    .addOption(new Option("--weights <dtype>", "of the weights").choices(dtypes))
    .addOption(new Option("--kv <dtype>", "of the KV cache").choices(dtypes))
    .addOption(new Option("--engine <name>", "generation of the engine").choices(engines))
    .option("--num-gpu-blocks <n>", "KV blocks, as the server's log prints them", wholeFrom(1))
    .option("--input-len <tokens>", "prompt length of the predicted curve", wholeFrom(1), 1024)
    .option("--output-len <tokens>", "answer length of the predicted curve", wholeFrom(1), 128)
    .option("--loads <list>", "users of the predicted curve", numbers, [1, 4, 16, 64, 256])
    .option("--save-parameters <file>", "keep the fitted parameters as JSON, for --parameters of simulate and estimate")
    .option("--json", "print one JSON object instead of tables")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const server = flags.server === undefined ? serverOf(flags) : await readServer(flags.server);
  const points: (Run | MeasuredPoint)[] = flags.points === undefined ? [] : await readPoints(flags.points);
  for (const file of flags.runs ?? []) points.push(await timedRun(file));
  if (points.length === 0) throw new UsageError("give --runs or --points: what was measured");
  const twin = calibrate(server, points);
  const curve = flags.loads.map((concurrency) => {
    const load = { prompt: flags.inputLen, output: flags.outputLen, concurrency };
    return { load, ...twin.predict(load) };
  });
  if (flags.saveParameters !== undefined)
    await keep(flags.saveParameters, writeFile(flags.saveParameters, `${JSON.stringify(twin.parameters, null, 2)}\n`));
  const { intervals, unidentifiable, heldOut } = twin;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ points: points.length, intervals, unidentifiable, heldOut, curve })}\n`
      : `${points.length} points fitted\n${parameterTable(twin)}\n${heldOutTable(heldOut)}\n${curveTable(curve)}\n`,
  );
}

/** Throws UsageError for a run of unknown times: its load can't be told. */
async function timedRun(file: string): Promise<Run> {
  const { run, source } = await loadRun(file);
  if (run.untimed)
    throw new UsageError(
      `${file} (${source}) doesn't say when requests left, so its load is unknown; give what it measured as --points`,
    );
  return run;
}

function serverOf(flags: Flags): Server {
  const { model, gpu, tensorParallel, weights, kv, engine, numGpuBlocks } = flags;
  if (model === undefined || gpu === undefined) throw new UsageError("give --model and --gpu, or --server");
  return {
    model,
    gpu,
    tensorParallel,
    ...(weights && { weights }),
    ...(kv && { kv }),
    ...(engine && { engine }),
    ...(numGpuBlocks && { scheduler: { numGpuBlocks } }),
  };
}

async function readPoints(file: string): Promise<MeasuredPoint[]> {
  const list = await readJson(file);
  if (!Array.isArray(list)) throw new UsageError(`${file} must hold a JSON list of points`);
  return list as MeasuredPoint[];
}

function parameterTable({ intervals, unidentifiable }: Calibration): string {
  const cells = Object.entries(intervals).map(([name, { value, low, high }]) => [
    name,
    short(value),
    `${short(low)} … ${short(high)}`,
    unidentifiable.includes(name) ? color.dim("no: known from before") : "yes",
  ]);
  return textTable(["parameter", "value", "95 % interval", "shown by these points"], cells);
}

function heldOutTable(heldOut: readonly HeldOut[]): string {
  const cells = heldOut.map(({ metric, load, measured, predicted }) => [
    `${metric} at ${loadText(load)}`,
    shown(metric, measured),
    shown(metric, predicted.value),
    `${shown(metric, predicted.low)} … ${shown(metric, predicted.high)}`,
    `${(100 * (predicted.value / measured - 1)).toFixed(1)} %`,
  ]);
  return textTable(["held out", "measured", "predicted", "95 % interval", "error"], cells);
}

function curveTable(curve: readonly ({ readonly load: Load } & ReturnType<Calibration["predict"]>)[]): string {
  const cells = curve.map(({ load, ...metrics }) => [
    loadText(load),
    ...(["ttft", "tpot", "outputTokensPerSecond"] as const).map((metric) => rangeText(metric, metrics[metric])),
  ]);
  return textTable(["predicted", "TTFT, ms", "TPOT, ms", "output tokens/s"], cells);
}

function rangeText(metric: string, { value, low, high }: Ranged): string {
  return `${shown(metric, value)} (${shown(metric, low)} … ${shown(metric, high)})`;
}

function loadText({ prompt, output, concurrency, rate }: Load): string {
  const load = concurrency === undefined ? `${short(rate!)} requests/s` : `${short(concurrency)} users`;
  return `${load}, ${Math.round(prompt)} → ${Math.round(output)} tokens`;
}

function shown(metric: string, value: number): string {
  return metric === "outputTokensPerSecond" ? value.toPrecision(4) : milliseconds(value);
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
