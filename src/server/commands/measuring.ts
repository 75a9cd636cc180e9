/** What bench and sweep share: one measurement with its progress, and the options around it. */
import { createInterface } from "node:readline/promises";
import { Option, type Command } from "commander";
import { planOf, planSize } from "../../engine/benchmark/plan.ts";
import { shardPlan, type Shard } from "../../engine/benchmark/shard.ts";
import type { Slo } from "../../engine/metrics/types.ts";
import type { Definition } from "../../engine/metrics/types.ts";
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { EndpointTarget, MeasureOptions } from "../../endpoint/endpoint-target.ts";
import { measureFromNode } from "../../endpoint/node/measure-from-node.ts";
import { UsageError } from "./exit-codes.ts";
import { createProgress } from "./progress.ts";
import { atLeast, list, percentiles, wholeFrom } from "./read-options.ts";

export interface MeasuringFlags {
  numWarmups: number;
  requestBudget?: number;
  tokenBudget?: number;
  yes?: boolean;
  stream: boolean;
  extraBody?: string;
  timeout?: number;
  goodput: string[];
  definition: Definition;
  metricPercentiles: number[];
  fromScheduled?: boolean;
  json?: boolean;
}

/** From so many tokens on, a person is asked first. */
const ASK_FROM_TOKENS = 5_000_000;
const DEFINITIONS = ["perflab", "vllm", "sglang", "aiperf", "guidellm", "inference-perf", "mlperf"];
const SLO_NAMES: Readonly<Record<string, keyof Slo>> = { ttft: "ttft", tpot: "tpot", e2el: "e2e", e2e: "e2e" };

export function addMeasuringOptions(command: Command): Command {
  return command
    .option("--num-warmups <n>", "requests before the run; they also calibrate prompt lengths", wholeFrom(0), 4)
    .option("--request-budget <n>", "stop before sending more requests", wholeFrom(1))
    .option("--token-budget <n>", "stop before using more tokens, prompts included", wholeFrom(1))
    .option("-y, --yes", "don't ask before large runs")
    .option("--no-stream", "ask for whole answers; then there is no TTFT")
    .option("--extra-body <json>", "fields to add to every request")
    .option("--timeout <s>", "give up on a request after so long", atLeast(0.1))
    .option("--goodput <slo...>", "bounds in ms: ttft:200 tpot:50 e2el:3000", list, [])
    .addOption(
      new Option("--definition <tool>", "whose definitions of the metrics to use")
        .choices(DEFINITIONS)
        .default("perflab"),
    )
    .option("--metric-percentiles <list>", "percentiles to print", percentiles, [50, 90, 99])
    .option("--from-scheduled", "count latency from when a request was due, not from when it left")
    .option("--json", "print one JSON object instead of a table");
}

/** Bounds in seconds; undefined when none was given. */
export function sloOf(bounds: readonly string[]): Slo | undefined {
  const slo: Slo = {};
  for (const bound of bounds.flatMap((text) => text.split(/[\s,]+/))) {
    const [name = "", value = ""] = bound.split(":");
    const metric = SLO_NAMES[name];
    const milliseconds = Number(value);
    if (!metric || value === "" || !(milliseconds >= 0))
      throw new UsageError(`--goodput ${bound}: write ttft:200, tpot:50 or e2el:3000, in ms`);
    slo[metric] = milliseconds / 1000;
  }
  return Object.keys(slo).length > 0 ? slo : undefined;
}

/** Throws UsageError for objectives on what whole answers can't tell: before anything is sent. */
export function refuseUnmeasurable(slo: Slo | undefined, flags: Pick<MeasuringFlags, "stream">): void {
  const times = (["ttft", "tpot"] as const).filter((name) => slo?.[name] !== undefined);
  if (!flags.stream && times.length > 0)
    throw new UsageError(
      `--goodput ${times.join(" and ")} can't be judged with --no-stream, which does not tell when the first token came: bound e2el instead, or leave out --no-stream`,
    );
}

/** Throws UsageError when the person says no, or when nobody is there to ask. */
export async function confirmLarge(
  workloads: readonly Workload[],
  flags: MeasuringFlags,
  shard?: Shard,
): Promise<void> {
  let tokens = 0;
  let requests = 0;
  for (const workload of workloads) {
    if (workload.duration !== undefined && workload.arrivals.kind === "closed") continue;
    const plan = planOf(workload);
    const size = planSize(shard ? shardPlan(plan, shard) : plan);
    tokens += size.promptTokens + size.outputTokens;
    requests += size.requests;
  }
  const budget = flags.tokenBudget ?? Infinity;
  if (flags.yes || Math.min(tokens, budget) < ASK_FROM_TOKENS) return;
  const question = `This sends ${requests} requests with up to ${tokens} tokens.`;
  if (!process.stdin.isTTY) throw new UsageError(`${question} Add --yes if you mean it, or set --token-budget.`);
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question(`${question} Go on? [y/N] `);
  ask.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError("nothing was sent");
}

/** What of the options a measurement needs, checked: nothing is sent before all of them are known to be good. */
export function measureOptionsOf(flags: MeasuringFlags): MeasureOptions {
  return {
    warmup: flags.numWarmups,
    whole: !flags.stream,
    budget: {
      ...(flags.requestBudget !== undefined && { requests: flags.requestBudget }),
      ...(flags.tokenBudget !== undefined && { tokens: flags.tokenBudget }),
    },
    ...(flags.extraBody !== undefined && { extraBody: extraBody(flags.extraBody) }),
    ...(flags.timeout !== undefined && { timeouts: { total: flags.timeout } }),
  };
}

/** One measurement with its progress on stderr. A signal ends it with what was measured so far. */
export async function measureWithProgress(
  target: EndpointTarget,
  workload: Workload,
  options: MeasureOptions,
): Promise<Run> {
  const progress = createProgress();
  try {
    return await measureFromNode(target, workload, {
      ...options,
      onProgress: (done, of) => progress.update(done, of),
    });
  } finally {
    progress.stop();
  }
}

function extraBody(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, with the option's name.
  }
  throw new UsageError("--extra-body must be a JSON object");
}
