/** `perflab simulate`: an OpenAI-compatible endpoint whose tokens leave when a simulated server says so. */
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import color from "picocolors";
import type { Server } from "../../engine/server.ts";
import { createLog } from "../http/log.ts";
import { outliveErrors } from "../http/sturdy-server.ts";
import { startSimulatedThread } from "../simulated/thread.ts";
import { saveTokenizer } from "../simulated/tokenizer-files.ts";
import { UsageError } from "./exit-codes.ts";
import { readParameters, readServer } from "./read-json.ts";
import { atLeast, wholeFrom } from "./read-options.ts";

interface Flags {
  port: number;
  host: string;
  saveTokenizer?: string;
  model: string;
  gpu: string;
  tensorParallel: number;
  maxNumSeqs?: number;
  servedModelName?: string;
  ttft?: number;
  itl?: number;
  lockstep?: boolean;
  timeScale: number;
  apiKey?: string;
  seed: number;
  behaviour?: string;
  parameters?: string;
  server?: string;
}

const EXAMPLES = `
Examples:
  Llama 3.1 8B on one H100, as the simulator has it
    $ perflab simulate --model llama-3.1-8b --gpu h100-sxm-80
  A digital twin of your own server, as calibrate or the site's twin page fitted it
    $ perflab simulate --server twin.json
  A first token after 100 ms and one every 20 ms, whatever the load
    $ perflab simulate --ttft 100 --itl 20
  For vllm bench serve, AIPerf and others that count with a tokenizer: --tokenizer ./tok
    $ perflab simulate --save-tokenizer ./tok
  With scripted faults
    $ echo '{"faults":[{"kind":"reset","rate":0.05}]}' > faults.json && perflab simulate --behaviour faults.json`;

export function simulateCommand(): Command {
  return new Command("simulate")
    .description("start a simulated endpoint")
    .option("--port <n>", "port, 0 for any", wholeFrom(0), 8000)
    .option("--host <address>", "address to listen on; other than loopback, every Host is answered", "127.0.0.1")
    .option(
      "--server <file>",
      "the server as JSON, such as a digital twin, in place of the model, GPU and sequences below",
    )
    .option("--model <id>", "model of the catalogue", "llama-3.1-8b")
    .option("--gpu <id>", "GPU of the catalogue", "h100-sxm-80")
    .option("--tensor-parallel <n>", "GPUs that share the model", wholeFrom(1), 1)
    .option("--max-num-seqs <n>", "sequences in a batch", wholeFrom(1))
    .option("--served-model-name <name>", "the name in /v1/models")
    .option("--ttft <ms>", "with --itl: a fixed pace instead of the simulator", atLeast(0))
    .option("--itl <ms>", "gap between tokens", atLeast(0.1))
    .option("--lockstep", "with a fixed pace: all streams emit together, as a batch does")
    .option("--time-scale <x>", "simulated seconds per real second", atLeast(0.001), 1)
    .option("--api-key <key>", "refuse requests without it")
    .option("--seed <n>", "of answers and faults", wholeFrom(0), 0)
    .option("--parameters <file>", "fitted constants, as calibrate --save-parameters wrote them")
    .option("--behaviour <file>", "JSON: dialect, faults, chunking and the like")
    .option("--save-tokenizer <folder>", "write its tokenizer.json there, for clients that count tokens themselves")
    .addHelpText("after", EXAMPLES)
    .action(simulateEndpoint);
}

async function simulateEndpoint(flags: Flags): Promise<void> {
  if ((flags.ttft === undefined) !== (flags.itl === undefined))
    throw new UsageError("a fixed pace needs both --ttft and --itl");
  if (flags.parameters !== undefined && flags.ttft !== undefined)
    throw new UsageError("--parameters are of the simulator, which a fixed pace (--ttft, --itl) does without");
  const server: Server = {
    ...(flags.server === undefined
      ? {
          model: flags.model,
          gpu: flags.gpu,
          tensorParallel: flags.tensorParallel,
          ...(flags.maxNumSeqs !== undefined && { scheduler: { maxNumSeqs: flags.maxNumSeqs } }),
        }
      : await readServer(flags.server)),
    ...(flags.parameters !== undefined && { parameters: await readParameters(flags.parameters) }),
  };
  const fixed =
    flags.ttft !== undefined && flags.itl !== undefined
      ? { ttft: flags.ttft / 1000, itl: flags.itl / 1000, ...(flags.lockstep && { lockstep: true }) }
      : undefined;
  if (flags.saveTokenizer !== undefined)
    await saveTokenizer(flags.saveTokenizer).catch((error: Error) => {
      throw new UsageError(`--save-tokenizer ${flags.saveTokenizer}: ${error.message}`);
    });
  const { url } = await startSimulatedThread({
    port: flags.port,
    host: flags.host,
    seed: flags.seed,
    timeScale: flags.timeScale,
    ...(fixed ? { fixed } : { server }),
    ...(flags.servedModelName !== undefined && { model: flags.servedModelName }),
    ...(flags.apiKey !== undefined && { apiKey: flags.apiKey }),
    ...(flags.behaviour !== undefined && { behaviour: await behaviourOf(flags.behaviour) }),
  });
  process.stdout.write(
    `${color.bold("simulated endpoint")}  ${color.cyan(`${url}/v1`)}\n${color.dim("Ctrl+C ends it.")}\n`,
  );
  outliveErrors(createLog());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(0));
}

async function behaviourOf(file: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`--behaviour ${file}: ${(error as Error).message}`);
  }
}
