/** What an Artillery script asks of our client: the options of `perflab bench`, written as YAML, and which slice each virtual user has. */
import { Command } from "commander";
import { addBenchOptions, type BenchFlags } from "../../../src/server/commands/bench.ts";
import { UsageError } from "../../../src/server/commands/exit-codes.ts";
import type { Shard } from "../../../src/engine/benchmark/shard.ts";

/** `config.perflab` of a script. */
export interface EngineConfig {
  /** Virtual users that share one schedule on this host. Default 1. */
  readonly shards?: number | string;
  /** Which of several hosts this is, "0/4": each host's users then share a part. */
  readonly host?: string;
  /** The instant at which all begin; needed for more than one slice. */
  readonly startAt?: string | number;
}

/** A phase as Artillery hands it to a worker: of several workers, which this is, from 1. */
export interface WorkerPhase {
  readonly worker?: number;
  readonly totalWorkers?: number;
}

/**
 * The slice of a worker's `ordinal`-th virtual user (from 0). Users are numbered over workers in turn, whatever number of them
 * Artillery chose. Throws UsageError for a user too many, who would send a slice twice.
 */
export function sliceOf(config: EngineConfig, phase: WorkerPhase, ordinal: number): Shard {
  const shards = Number(config.shards ?? 1);
  if (!(Number.isInteger(shards) && shards >= 1))
    throw new UsageError(`config.perflab.shards is ${String(config.shards)}; it must be a whole number from 1`);
  const index = (phase.worker ?? 1) - 1 + (phase.totalWorkers ?? 1) * ordinal;
  if (index >= shards)
    throw new UsageError(
      `virtual user ${index + 1} has no slice: config.perflab.shards is ${shards}, so let exactly ${shards} arrive`,
    );
  const [, host = "0", hosts = "1"] = /^(\d+)\/(\d+)$/.exec(config.host ?? "0/1") ?? [];
  if (config.host !== undefined && !/^\d+\/\d+$/.test(config.host))
    throw new UsageError(`config.perflab.host is ${config.host}; write 0/4 for the first of four`);
  return { index: Number(host) * shards + index, of: Number(hosts) * shards };
}

/** One `bench` step as the command line's own flags. Throws UsageError with the command's words. */
export function flagsOf(
  step: Readonly<Record<string, unknown>>,
  target: string,
  config: EngineConfig,
  slice: Shard,
): BenchFlags {
  const asked = { "base-url": target, ...step };
  for (const name of ["shard", "start-at"])
    if (name in step) throw new UsageError(`${name} belongs in config.perflab, since all virtual users share it`);
  if (slice.of > 1 && (config.startAt === undefined || config.startAt === ""))
    throw new UsageError("config.perflab.startAt is missing: several virtual users need one instant to begin at");
  const argv = Object.entries(asked).flatMap(([name, value]) => argumentsOf(name, value));
  if (config.startAt !== undefined && config.startAt !== "") argv.push("--start-at", String(config.startAt));
  if (slice.of > 1) argv.push("--shard", `${slice.index}/${slice.of}`);
  const command = addBenchOptions(new Command("bench")).exitOverride().configureOutput({ writeErr: () => {} });
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    throw new UsageError(`bench: ${(error as Error).message.replace(/^error: /, "")}`);
  }
  const flags = command.opts<BenchFlags>();
  const { saveResult } = flags;
  if (typeof saveResult !== "string") return flags;
  if (slice.of > 1 && !saveResult.includes("{shard}"))
    throw new UsageError(`save-result is ${saveResult}; with several slices it needs {shard} in its name`);
  return { ...flags, saveResult: saveResult.replaceAll("{shard}", String(slice.index)) };
}

function argumentsOf(name: string, value: unknown): string[] {
  if (value === true) return [`--${name}`];
  if (value === false || value === null || value === undefined) return [];
  return Array.isArray(value) ? [`--${name}`, ...value.map(String)] : [`--${name}`, String(value)];
}
