/** `perflab aiperf-config`: the same load as a configuration of AIPerf 0.13, for `aiperf profile` or `aiperf kube profile`. */
import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { stringify } from "yaml";
import type { Lengths, Workload } from "../../engine/workload/types.ts";
import { endpointUrl } from "../../endpoint/base-url.ts";
import { given } from "../../engine/metrics/interchange/stated.ts";
import { UsageError } from "./exit-codes.ts";
import { sloOf } from "./measuring.ts";
import { list, wholeFrom } from "./read-options.ts";
import { addWorkloadOptions, workloadOf, type WorkloadFlags } from "./workload-options.ts";

interface Flags extends WorkloadFlags {
  baseUrl: string;
  model: string;
  backend: "openai-chat" | "openai";
  stream: boolean;
  numWarmups: number;
  goodput: string[];
  output?: string;
}

const EXAMPLES = `
Examples (AIPerf itself is NVIDIA's: pip install aiperf==0.13.0)
  On one machine
    $ perflab aiperf-config --base-url http://server:8000/v1 --model m --request-rate 50 --num-prompts 5000 --output aiperf.yaml
    $ aiperf profile --config aiperf.yaml
  On a cluster
    $ aiperf kube profile --config aiperf.yaml --image nvcr.io/nvidia/aiperf:latest --total-workers 50
  Its records here again, percentiles by our definitions or its own
    $ perflab report artifacts/perflab/ --definition aiperf`;

export function aiperfConfigCommand(): Command {
  const command = new Command("aiperf-config")
    .description("write the same load as a configuration for AIPerf, which spreads over a cluster by itself")
    .addOption(
      new Option("--base-url <url>", "the API's address, usually ending in /v1")
        .env("PERFLAB_BASE_URL")
        .makeOptionMandatory(),
    )
    .requiredOption("--model <name>", "the model's name")
    .addOption(
      new Option("--backend <api>", "chat or plain completions")
        .choices(["openai-chat", "openai"])
        .default("openai-chat"),
    );
  return addWorkloadOptions(command)
    .option("--num-warmups <n>", "requests before the run", wholeFrom(0), 4)
    .option("--no-stream", "ask for whole answers; then there is no TTFT")
    .option("--goodput <slo...>", "bounds in ms: ttft:200 tpot:50 e2el:3000", list, [])
    .option("--output <file>", "write it there instead of printing it")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  if (flags.datasetPath !== undefined || flags.trace !== undefined)
    throw new UsageError(
      "--trace and --dataset-path are files: give them to AIPerf itself (its datasets of type file)",
    );
  const workload = await workloadOf(flags);
  const text = `${HEAD}${stringify(aiperfConfig(workload, flags))}`;
  if (flags.output === undefined) return void process.stdout.write(text);
  await writeFile(flags.output, text).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--output ${flags.output} can't be written (${error.code})`);
  });
  process.stderr.write(`written to ${flags.output}\n`);
}

const HEAD = `# Written by perflab aiperf-config for AIPerf 0.13. Same load, other random numbers: arrivals and prompts are AIPerf's own.
# A key goes in with --api-key, or as endpoint.apiKey: \${OPENAI_API_KEY}.
`;

type Config = Record<string, unknown>;

/** Throws UsageError for a load that AIPerf has no word for. */
export function aiperfConfig(
  workload: Workload,
  flags: Pick<Flags, "baseUrl" | "model" | "backend" | "stream" | "numWarmups" | "goodput" | "randomRangeRatio">,
): Config {
  const chat = flags.backend === "openai-chat";
  const { prefix, sessions, seed = 0 } = workload;
  const slo = sloOf(flags.goodput);
  const ms = (name: "ttft" | "tpot" | "e2e") => (slo?.[name] === undefined ? undefined : 1000 * slo[name]);
  const slos = given({ time_to_first_token: ms("ttft"), inter_token_latency: ms("tpot"), request_latency: ms("e2e") });
  const profiling = phaseOf(workload);
  return {
    schemaVersion: "2.0",
    randomSeed: seed,
    benchmark: {
      models: [flags.model],
      endpoint: {
        // The whole address of the call.
        urls: [endpointUrl(flags.baseUrl, chat ? "/chat/completions" : "/completions").href],
        type: chat ? "chat" : "completions",
        streaming: flags.stream,
        useServerTokenCount: true,
      },
      datasets: [
        {
          name: "default",
          type: "synthetic",
          entries: workload.requests ?? 1000,
          prompts: {
            isl: middleOf(workload.prompt),
            osl: middleOf(workload.output),
            ...(flags.randomRangeRatio > 0 && { randomRangeRatio: String(flags.randomRangeRatio) }),
          },
          ...(prefix && { prefixPrompts: { poolSize: prefix.groups, length: middleOf(prefix.tokens) } }),
          ...(sessions && { turns: middleOf(sessions.turns) }),
        },
      ],
      phases: [
        ...(flags.numWarmups > 0
          ? [
              {
                name: "warmup",
                type: "concurrency",
                requests: flags.numWarmups,
                concurrency: flags.numWarmups,
                excludeFromResults: true,
              },
            ]
          : []),
        profiling,
      ],
      ...(Object.keys(slos).length > 0 && { slos }),
      artifacts: { dir: "./artifacts/perflab", summary: ["json"], records: ["jsonl"] },
    },
  };
}

function phaseOf({ arrivals, requests, duration, maxConcurrency }: Workload): Config {
  const extent = given({ requests, duration, concurrency: maxConcurrency });
  const common = { name: "profiling", ...extent };
  switch (arrivals.kind) {
    case "closed":
      return { ...common, type: "concurrency", concurrency: arrivals.users };
    case "burst":
      return { ...common, type: "concurrency", concurrency: maxConcurrency ?? requests ?? 1 };
    case "poisson":
    case "constant":
      return { ...common, type: arrivals.kind, rate: arrivals.rate };
    case "gamma":
      return { ...common, type: "gamma", rate: arrivals.rate, smoothness: arrivals.burstiness };
    default:
      throw new UsageError(
        `arrivals of the kind ${arrivals.kind} can't be written for AIPerf: give --request-rate or --concurrency`,
      );
  }
}

/** AIPerf draws around it by randomRangeRatio, in the same window. */
function middleOf(lengths: Lengths): number {
  if (lengths.kind === "fixed") return lengths.value;
  if (lengths.kind === "uniform") return Math.round((lengths.min + lengths.max) / 2);
  throw new UsageError(`lengths of the kind ${lengths.kind} can't be written for AIPerf`);
}
