/** `perflab estimate`: what a server should do, in closed form, with intervals. */
import { Command, Option } from "commander";
import color from "picocolors";
import type { Dtype } from "../../engine/catalog/types.ts";
import { selfHostedCost } from "../../engine/estimate/cost.ts";
import { estimate } from "../../engine/estimate/estimate.ts";
import type { MemoryBudget } from "../../engine/estimate/types.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import type { Server } from "../../engine/server.ts";
import { catalogueText } from "./catalogue.ts";
import { UsageError } from "./exit-codes.ts";
import { textTable } from "./table.ts";
import { readParameters, readServer } from "./read-json.ts";
import { atLeast, wholeFrom } from "./read-options.ts";
import { milliseconds } from "../../endpoint/report/run-report.ts";

interface Flags {
  model?: string;
  gpu?: string;
  tensorParallel: number;
  weights?: Dtype;
  kv?: Dtype;
  inputLen: number;
  outputLen: number;
  concurrency: string;
  gpuHour?: number;
  parameters?: string;
  server?: string;
  json?: boolean;
}

const DTYPES = ["bf16", "fp16", "fp8", "int8", "w8a16", "w4a16", "mxfp4", "nvfp4", "q4_k_m", "q8_0", "f16"];
const BYTES_PER_GIB = 2 ** 30;

const EXAMPLES = `
Examples:
  What the catalogue has of Llama
    $ perflab estimate --list llama
  One server
    $ perflab estimate --model llama-3.1-8b --gpu h100-sxm-80 --input-len 1024 --output-len 256 --concurrency 32
  As much as it can do, and what that costs
  $ perflab estimate --model llama-3.1-70b --gpu h100-sxm-80 --tensor-parallel 4 --concurrency max --gpu-hour 2.5`;

export function estimateCommand(): Command {
  return new Command("estimate")
    .description("estimate TTFT, TPOT, throughput and memory of a server")
    .option("--list [text]", "list the models and GPUs of the catalogue, or those whose name contains the text")
    .option("--server <file>", "the server as JSON, such as a digital twin, in place of the options below")
    .option("--model <id>", "model of the catalogue, or its name on Hugging Face")
    .option("--gpu <id>", "GPU of the catalogue")
    .option("--tensor-parallel <n>", "GPUs that share the model", wholeFrom(1), 1)
    .addOption(new Option("--weights <dtype>", "of the weights").choices(DTYPES))
    .addOption(new Option("--kv <dtype>", "of the KV cache").choices(DTYPES))
    .option("--input-len <tokens>", "prompt length", wholeFrom(1), 1024)
    .option("--output-len <tokens>", "answer length", wholeFrom(1), 128)
    .option("--concurrency <n|max>", "requests at once", "max")
    .option("--parameters <file>", "fitted constants, as calibrate --save-parameters wrote them")
    .option("--gpu-hour <usd>", "price of one GPU for an hour", atLeast(0))
    .option("--json", "print one JSON object instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

function serverOf({ model, gpu, tensorParallel, weights, kv }: Flags): Server {
  if (model === undefined || gpu === undefined)
    throw new UsageError(`--${model === undefined ? "model" : "gpu"} is missing; estimate --list shows what there is`);
  return { model, gpu, tensorParallel, ...(weights && { weights }), ...(kv && { kv }) };
}

async function run(flags: Flags & { list?: string | true }): Promise<void> {
  if (flags.list !== undefined)
    return void process.stdout.write(`${catalogueText(flags.list === true ? "" : flags.list)}\n`);
  const concurrency = flags.concurrency === "max" ? "max" : Number(flags.concurrency);
  if (concurrency !== "max" && !(Number.isInteger(concurrency) && concurrency >= 1))
    throw new UsageError('--concurrency must be a whole number from 1, or "max"');
  const server: Server = {
    ...(flags.server === undefined ? serverOf(flags) : await readServer(flags.server)),
    ...(flags.parameters !== undefined && { parameters: await readParameters(flags.parameters) }),
  };
  const result = estimate(server, { prompt: flags.inputLen, output: flags.outputLen, concurrency });
  const cost =
    flags.gpuHour === undefined
      ? undefined
      : selfHostedCost({
          gpuHour: flags.gpuHour,
          gpus: server.tensorParallel ?? 1,
          outputTokensPerSecond: result.outputTokensPerSecond.value,
        }).perMillionOutputTokens;
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ ...result, ...(cost !== undefined && { usdPerMillionOutputTokens: cost }) })}\n`,
    );
    return;
  }
  const head = ["", "estimate", "interval"];
  const cells: string[][] = [];
  const row = (name: string, { value, low, high }: Ranged, show: (value: number) => string): void =>
    void cells.push([name, show(value), `${show(low)} … ${show(high)}`]);
  row("TTFT, ms", result.ttft, milliseconds);
  if (result.concurrency > 1) row("TTFT, ms, all asking at once", result.ttftTogether, milliseconds);
  if (flags.outputLen > 1) row("TPOT, ms", result.tpot, milliseconds);
  row("E2E, ms", result.e2e, milliseconds);
  row("output tokens/s", result.outputTokensPerSecond, (value) => value.toPrecision(4));
  row("requests/s", result.requestsPerSecond, (value) => value.toPrecision(3));
  process.stdout.write(
    `${textTable(head, cells)}\nconcurrency ${result.concurrency}, bound by ${result.bound}\n${memoryLines(result.memory)}\n`,
  );
  if (cost !== undefined) process.stdout.write(`$${cost.toPrecision(3)} per million output tokens\n`);
  if (result.assumed.length > 0) process.stdout.write(color.dim(`assumed: ${result.assumed.join(", ")}\n`));
}

/** What one GPU holds of a replica that is spread over several, and the KV cache as vLLM's log gives it. */
function memoryLines(memory: MemoryBudget): string {
  const gib = (bytes: number): string => (bytes / memory.gpus / BYTES_PER_GIB).toPrecision(3);
  const all =
    memory.gpus > 1 ? ` (${memory.gpus} GPUs: ${(memory.total / BYTES_PER_GIB).toPrecision(3)} GiB in all)` : "";
  const lines = [
    `per GPU: weights ${gib(memory.weights)} GiB, KV cache ${gib(memory.kv)} GiB${all}`,
    `GPU KV cache size: ${memory.cacheTokens.toLocaleString("en")} tokens, in ${memory.blocks} blocks`,
  ];
  if (!memory.fits) lines.push(color.red(`does not fit: ${memory.reason ?? ""}`));
  return lines.join("\n");
}
