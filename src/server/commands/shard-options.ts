/** Options of `bench` for one schedule on several machines: which part, when all begin, and by whose clock. */
import { createHash } from "node:crypto";
import { InvalidArgumentError, type Command } from "commander";
import { endpointUrl } from "../../endpoint/base-url.ts";
import { COMPARED, offsetText } from "../../endpoint/clock-offset.ts";
import type { EndpointTarget, MeasureOptions } from "../../endpoint/endpoint-target.ts";
import { measureClock } from "../../endpoint/node/measure-clock.ts";
import { wall } from "../../endpoint/node/node-clock.ts";
import { hashWord } from "../../engine/random.ts";
import type { Shard } from "../../engine/benchmark/shard.ts";
import type { ClockOffset } from "../../engine/run.ts";
import { UsageError } from "./exit-codes.ts";
import type { MeasuringFlags } from "./measuring.ts";
import { wholeFrom } from "./read-options.ts";

export interface ShardFlags {
  shard?: Shard;
  startAt?: number;
  timeSource?: URL;
  clockProbes: number;
}

/** A start further off is a slip, seconds. */
const FURTHEST = 7 * 86_400;

export function addShardOptions(command: Command): Command {
  return command
    .option("--shard <i/n>", "send the i-th of n parts of the schedule, counted from 0; needs --start-at", shard)
    .option("--start-at <time>", "begin then: 2026-11-28T09:30:00Z, or seconds since 1970", instant)
    .option(
      "--time-source <url>",
      "any web server whose Date header sets the clock for --start-at (default: this machine's clock, compared with the endpoint's)",
      httpUrl,
    )
    .option("--clock-probes <n>", "requests that compare the clocks, up to a second each; 0: none", wholeFrom(0), 12);
}

export function shard(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  if (index === undefined || of === undefined) throw new InvalidArgumentError("Write 0/4 for the first of four.");
  if (Number(of) < 1 || Number(index) >= Number(of))
    throw new InvalidArgumentError(`Shards are counted from 0: 0/${of} to ${Math.max(0, Number(of) - 1)}/${of}.`);
  return { index: Number(index), of: Number(of) };
}

/** Seconds since 1970. */
export function instant(text: string): number {
  const number = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Date.parse(zoned(text)) / 1000;
  if (!Number.isFinite(number))
    throw new InvalidArgumentError("It must be a date with its zone, or seconds since 1970.");
  return number;
}

/** Without a zone, two machines could mean two instants. */
function zoned(text: string): string {
  return /(Z|[+-]\d\d:?\d\d)$/i.test(text.trim()) ? text.trim() : "";
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError("It must be an http or https address.");
  return url;
}

/** Throws UsageError for what can't be meant, before anything is sent. */
export function checkShardFlags(flags: ShardFlags): void {
  if (flags.shard && flags.startAt === undefined)
    throw new UsageError("--shard needs --start-at: one instant for all shards, a minute or so from now");
  if (flags.timeSource && flags.startAt === undefined) throw new UsageError("--time-source is for --start-at");
  if (flags.timeSource && flags.clockProbes === 0)
    throw new UsageError("--time-source needs probes: with --clock-probes 0 nobody asks it");
  const left = (flags.startAt ?? Infinity) - wall();
  if (left < 0) throw new UsageError(`--start-at passed ${(-left).toFixed(0)} s ago`);
  if (flags.startAt !== undefined && left > FURTHEST)
    throw new UsageError(`--start-at is ${(left / 86_400).toFixed(0)} days from now; seven at most`);
}

/**
 * What a measurement needs for its part and its start: asks the time source first. Prompts are made from the agreed start, so that
 * all shards share their prefixes, and the next run has others.
 */
export async function shardOptionsOf(
  flags: ShardFlags & MeasuringFlags,
  target: EndpointTarget,
  said: Pick<MeasureOptions, "prompts" | "salt">,
  signal: AbortSignal,
): Promise<Pick<MeasureOptions, "shard" | "startAt" | "salt">> {
  const { startAt, timeSource } = flags;
  if (startAt === undefined) return {};
  const clock = await compareClocks(flags, target, signal);
  if (timeSource && !clock)
    throw new UsageError(`--time-source ${timeSource.href} gave no Date, so the start can't be kept by it`);
  if (clock) process.stderr.write(`${offsetText(clock)}\n`);
  const byOwnClock = startAt - (timeSource && clock ? clock.offset : 0);
  const part = flags.shard && {
    ...flags.shard,
    startAt,
    settings: settingsOf(flags, said, target),
    ...(clock && { clock }),
  };
  const seconds = Math.max(0, byOwnClock - wall());
  process.stderr.write(
    `${flags.shard ? `shard ${flags.shard.index}/${flags.shard.of} ` : ""}begins in ${seconds.toFixed(0)} s, at ${new Date(startAt * 1000).toISOString()}\n`,
  );
  return { startAt: byOwnClock, ...(part && { shard: part, salt: said.salt ?? saltOf(startAt) }) };
}

async function compareClocks(
  { timeSource, clockProbes, startAt }: ShardFlags,
  target: EndpointTarget,
  signal: AbortSignal,
): Promise<ClockOffset | undefined> {
  if (clockProbes === 0) return undefined;
  // Half of the time at most, the rest is the warm-up's.
  const probes = Math.max(1, Math.min(clockProbes, Math.floor((startAt! - wall()) / 2)));
  const question = timeSource
    ? { target: { label: "", baseUrl: "", model: "" }, url: timeSource, source: timeSource.host }
    : { target, url: endpointUrl(target.baseUrl, "/models"), source: COMPARED };
  return measureClock({ ...question, probes, signal });
}

/** 31 bits of the start, in milliseconds. */
export function saltOf(startAt: number): number {
  const ms = Math.round(startAt * 1000);
  return hashWord(hashWord(0, Math.floor(ms / 2 ** 32)), ms % 2 ** 32) >>> 1;
}

/** What all shards must have in common beside the workload. What may be long or private is there as a digest. */
function settingsOf(
  flags: MeasuringFlags,
  said: Pick<MeasureOptions, "prompts">,
  target: EndpointTarget,
): Record<string, string> {
  return {
    "--backend": target.api ?? "chat",
    ...(flags.timeout !== undefined && { "--timeout": `${flags.timeout} s` }),
    ...(flags.extraBody !== undefined && { "--extra-body": digest(flags.extraBody) }),
    ...(said.prompts && { "--dataset-path": digest(JSON.stringify(said.prompts)) }),
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
