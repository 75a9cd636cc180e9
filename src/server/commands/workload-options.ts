/** Options that describe the load, under the names that `vllm bench serve` made familiar. */
import { Option, type Command } from "commander";
import { burst, closed, constant, gamma, poisson, ramp } from "../../engine/workload/arrivals.ts";
import { fixed, uniform } from "../../engine/workload/lengths.ts";
import { trace } from "../../engine/workload/trace.ts";
import { registerShippedTraces } from "../../engine/workload/traces/all.ts";
import type { Arrivals, Lengths, Workload } from "../../engine/workload/types.ts";
import { UsageError } from "./exit-codes.ts";
import { atLeast, rate, wholeFrom } from "./read-options.ts";

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
    .option("--trace <name>", "replay a shipped trace of arrivals and lengths")
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

/** Throws UsageError where options contradict each other. */
export function workloadOf(flags: WorkloadFlags): Workload {
  const extent = {
    requests: flags.numPrompts,
    ...(flags.duration !== undefined && { duration: flags.duration }),
    ...(flags.maxConcurrency !== undefined && { maxConcurrency: flags.maxConcurrency }),
    seed: flags.seed,
  };
  if (flags.trace !== undefined) {
    registerShippedTraces();
    return { ...trace(flags.trace), ...extent };
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
