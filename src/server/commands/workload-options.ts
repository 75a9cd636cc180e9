/** Options that describe the load, under the names that `vllm bench serve` made familiar. */
import { existsSync } from "node:fs";
import { Option, type Command } from "commander";
import { burst, closed, constant, gamma, poisson, ramp } from "../../engine/workload/arrivals.ts";
import { fixed, uniform } from "../../engine/workload/lengths.ts";
import { registerTrace, trace } from "../../engine/workload/trace.ts";
import { shippedTraces } from "../../engine/workload/traces/names.ts";
import { registerShippedTraces } from "../../engine/workload/traces/all.ts";
import type { Arrivals, Lengths, Workload } from "../../engine/workload/types.ts";
import type { MeasureOptions } from "../../endpoint/endpoint-target.ts";
import { UsageError } from "./exit-codes.ts";
import { readPrompts } from "./prompt-file.ts";
import { atLeast, rate, wholeFrom } from "./read-options.ts";
import { readTrace } from "./trace-file.ts";

export interface WorkloadFlags {
  requestRate: number;
  burstiness: number;
  constantRate?: boolean;
  maxConcurrency?: number;
  concurrency?: number;
  rampUpStartRps?: number;
  rampUpEndRps?: number;
  rampUpSeconds: number;
  trace?: string;
  datasetPath?: string;
  samePrompts?: boolean;
  numPrompts: number;
  duration?: number;
  randomInputLen: number;
  randomOutputLen: number;
  randomRangeRatio: number;
  randomPrefixLen: number;
  numPrefixes: number;
  turns: number;
  seed: number;
}

export function addWorkloadOptions(command: Command): Command {
  return command
    .option("--request-rate <rps>", "open loop: requests per second, or inf for all at once", rate, Infinity)
    .option(
      "--burstiness <shape>",
      "gamma shape of the gaps: 1 is Poisson, below burstier, above smoother",
      atLeast(0.01),
      1,
    )
    .option("--constant-rate", "equal gaps instead of random ones")
    .option("--concurrency <users>", "closed loop: so many users, each waiting for its answer", wholeFrom(1))
    .option("--max-concurrency <n>", "cap on requests in flight; waiting time behind it is reported", wholeFrom(1))
    .option("--ramp-up-start-rps <rps>", "with --ramp-up-end-rps: a rate that climbs", atLeast(0))
    .option("--ramp-up-end-rps <rps>", "the rate it climbs to", atLeast(0.001))
    .option("--ramp-up-seconds <s>", "how long it climbs", atLeast(0.1), 60)
    .option("--trace <name or file>", `replay arrivals and lengths: ${shippedTraces.join(", ")}, or a file of them`)
    .option("--dataset-path <file>", "send prompts of your own: JSON lines, JSON (ShareGPT too) or CSV")
    .option("--same-prompts", "make the prompts from --seed alone: the same in every run, so a warm prefix cache shows")
    .option("--num-prompts <n>", "requests to send", wholeFrom(1), 100)
    .option("--duration <s>", "stop sending after so many seconds", atLeast(0.1))
    .option("--random-input-len <tokens>", "prompt length", wholeFrom(1), 1024)
    .option("--random-output-len <tokens>", "answer length", wholeFrom(1), 128)
    .addOption(
      new Option("--random-range-ratio <r>", "lengths uniform in len × (1 ± r), as vLLM has it")
        .argParser(atLeast(0))
        .default(0),
    )
    .option("--random-prefix-len <tokens>", "leading tokens that requests of a group share", wholeFrom(0), 0)
    .option("--num-prefixes <n>", "groups that share a prefix", wholeFrom(1), 1)
    .option("--turns <n>", "turns of each conversation", wholeFrom(1), 1)
    .option("--seed <n>", "of arrivals and lengths; prompts differ in every run", wholeFrom(0), 0);
}

/** Throws UsageError where options contradict each other, or a file can't be used. */
export async function workloadOf(flags: WorkloadFlags): Promise<Workload> {
  const extent = {
    requests: flags.numPrompts,
    ...(flags.duration !== undefined && { duration: flags.duration }),
    ...(flags.maxConcurrency !== undefined && { maxConcurrency: flags.maxConcurrency }),
    seed: flags.seed,
  };
  if (flags.trace !== undefined) {
    if (flags.concurrency !== undefined || Number.isFinite(flags.requestRate) || flags.rampUpEndRps !== undefined)
      throw new UsageError("--trace brings its own arrivals: leave out --concurrency, --request-rate and --ramp-up-*");
    registerShippedTraces();
    const recorded = trace(await traceName(flags.trace));
    if (recorded.requests! > flags.numPrompts)
      process.stderr.write(`the first ${flags.numPrompts} of ${recorded.requests} recorded requests (--num-prompts)\n`);
    return { ...recorded, ...extent };
  }
  return {
    arrivals: arrivalsOf(flags),
    prompt: lengths(flags.randomInputLen, flags.randomRangeRatio),
    output: lengths(flags.randomOutputLen, flags.randomRangeRatio),
    ...(flags.randomPrefixLen > 0 && { prefix: { groups: flags.numPrefixes, tokens: fixed(flags.randomPrefixLen) } }),
    ...(flags.turns > 1 && { sessions: { turns: fixed(flags.turns) } }),
    ...extent,
  };
}

/** Of a shipped trace, or of a file, which is registered under its own name. */
async function traceName(nameOrFile: string): Promise<string> {
  if (shippedTraces.includes(nameOrFile)) return nameOrFile;
  if (!existsSync(nameOrFile))
    throw new UsageError(`--trace ${nameOrFile} is neither a file nor one of ${shippedTraces.join(", ")}`);
  const { name, table } = await readTrace(nameOrFile);
  registerTrace(name, table);
  return name;
}

/** What the load says: prompts of a file, and whether they are the same in every run. Tells on stderr what was guessed. */
export async function sayingOf(flags: WorkloadFlags): Promise<Pick<MeasureOptions, "prompts" | "salt">> {
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const salt = flags.samePrompts ? { salt: flags.seed } : {};
  if (flags.samePrompts)
    tell(
      "the same prompts as in every run of this seed: a prefix cache that is warm from an earlier run makes this one look faster",
    );
  if (flags.datasetPath === undefined) return salt;
  if (flags.turns > 1 || flags.randomPrefixLen > 0)
    throw new UsageError("--dataset-path sends each prompt as it is: leave out --turns and --random-prefix-len");
  const { prompts, skipped, guessedOutput } = await readPrompts(flags.datasetPath);
  tell(
    `${prompts.length} prompts of ${flags.datasetPath}${skipped > 0 ? `; ${skipped} rows have none and are left out` : ""}`,
  );
  tell(
    "the prompts are the same in every run, so a warm prefix cache counts; their asked lengths are guessed at 4 characters a token",
  );
  if (guessedOutput) tell("answers are asked to be as long as those in the file, at 4 characters a token");
  if (prompts.length < flags.numPrompts && flags.duration === undefined)
    tell(`--num-prompts ${flags.numPrompts} sends the ${prompts.length} prompts more than once`);
  return { ...salt, prompts };
}

function arrivalsOf(flags: WorkloadFlags): Arrivals {
  if (flags.concurrency !== undefined) {
    if (Number.isFinite(flags.requestRate))
      throw new UsageError(
        "--concurrency is a closed loop and --request-rate an open one: give one of them (--max-concurrency caps an open loop)",
      );
    return closed(flags.concurrency);
  }
  if (flags.rampUpEndRps !== undefined) return ramp(flags.rampUpStartRps ?? 0, flags.rampUpEndRps, flags.rampUpSeconds);
  if (!Number.isFinite(flags.requestRate)) return burst();
  if (flags.constantRate) return constant(flags.requestRate);
  return flags.burstiness === 1 ? poisson(flags.requestRate) : gamma(flags.requestRate, flags.burstiness);
}

function lengths(length: number, ratio: number): Lengths {
  if (ratio === 0) return fixed(length);
  if (ratio >= 1) throw new UsageError("--random-range-ratio must be below 1");
  return uniform(Math.max(1, Math.floor(length * (1 - ratio))), Math.ceil(length * (1 + ratio)));
}
