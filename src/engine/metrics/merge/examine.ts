/** Whether kept runs are the shards of one schedule: what is foreign, doubled, different or missing, in words. */
import { checkShard } from "../../benchmark/shard.ts";
import type { Run, ShardFacts } from "../../run.ts";
import { within } from "../../within.ts";

/** A run without its requests, and what its file is called. */
export interface NamedHead {
  readonly name: string;
  readonly run: Pick<Run, "origin" | "workload" | "measurement">;
}

export interface Examined {
  /** Why these can't be pooled, a sentence each. */
  readonly wrong: readonly string[];
  /** Indices that no file has. */
  readonly missing: readonly number[];
  readonly of: number;
}

/** More than any client has memory for. */
const MOST_REQUESTS = 1e9;
/** A word for "this differs" that names both values is enough up to so many letters. */
const SHOWN = 60;

export function examineShards(heads: readonly NamedHead[]): Examined {
  const wrong: string[] = [];
  const shards: { name: string; shard: ShardFacts; run: NamedHead["run"] }[] = [];
  for (const { name, run } of heads) {
    const { shard, rows, merged } = run.measurement ?? {};
    if (shard && rows) {
      const slip = impossible(shard);
      if (slip === undefined) shards.push({ name, shard, run });
      else wrong.push(`${name} says what no shard can: ${slip}`);
    } else
      wrong.push(
        merged
          ? `${name} is merged already: give the files of the shards`
          : `${name} is no shard: it was ${run.measurement ? "measured" : "made"} without --shard`,
      );
  }
  const [first] = shards;
  if (!first) return { wrong, missing: [], of: 0 };
  for (const other of shards) {
    const differences = differencesOf(first, other);
    if (differences.length > 0)
      wrong.push(`${other.name} is of another run than ${first.name}: ${differences.join("; ")}`);
  }
  const { of } = first.shard;
  const names = new Map<number, string[]>();
  for (const { name, shard } of shards) names.set(shard.index, [...(names.get(shard.index) ?? []), name]);
  for (const [index, twice] of names)
    if (twice.length > 1) wrong.push(`shard ${index}/${of} is there ${twice.length} times: ${twice.join(", ")}`);
  if (wrong.length === 0)
    wrong.push(
      ...overlaps(
        shards.map(({ run, name }) => ({ name, rows: run.measurement!.rows! })),
        first.shard.requests,
      ),
    );
  const missing = Array.from({ length: of }, (_, i) => i).filter((i) => !names.has(i));
  return { wrong, missing, of };
}

/** What is wrong with what a file says of its own place, which may have been written by anything. */
function impossible(shard: ShardFacts): string | undefined {
  try {
    checkShard(shard);
  } catch (error) {
    return (error as Error).message;
  }
  return Number.isInteger(shard.requests) && within(shard.requests, 0, MOST_REQUESTS)
    ? undefined
    : `shard.requests is ${String(shard.requests)}`;
}

interface Shown {
  readonly shard: ShardFacts;
  readonly run: NamedHead["run"];
}

/** What must be the same in all: names and both values. */
function differencesOf(a: Shown, b: Shown): string[] {
  const [x, y] = [factsOf(a), factsOf(b)];
  const names = [...new Set([...x.keys(), ...y.keys()])];
  return names.flatMap((name) => {
    const [left, right] = [x.get(name) ?? "not given", y.get(name) ?? "not given"];
    if (left === right) return [];
    return [`${name} (${short(right)}, and ${short(left)} there)`];
  });
}

function factsOf({ shard, run }: Shown): Map<string, string> {
  const { origin, workload, measurement } = run;
  const facts = new Map<string, string>([
    ["shards", String(shard.of)],
    ["--start-at", new Date(shard.startAt * 1000).toISOString()],
    ["requests of the schedule", String(shard.requests)],
    ["salt", String(measurement!.salt)],
    ["streaming", String(measurement!.streamed)],
  ]);
  if (origin.kind === "measured") facts.set("model", origin.model).set("target", origin.target);
  for (const [name, value] of Object.entries(workload)) facts.set(name, JSON.stringify(value));
  for (const [name, value] of Object.entries(shard.settings)) facts.set(name, value);
  return facts;
}

function short(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** Rows that no schedule of so many requests has, or that two shards have: then they were not dealt out of one schedule. */
function overlaps(shards: readonly { name: string; rows: Uint32Array }[], requests: number): string[] {
  const beyond = shards.flatMap(({ name, rows }) => {
    let row = 0;
    for (const at of rows) if (at > row) row = at;
    return rows.length === 0 || row < requests ? [] : [`${name} holds request ${row} of a schedule of ${requests}`];
  });
  if (beyond.length > 0) return beyond;
  // Of each request, the place of its shard in the list, from 1. A Map would end at 2^24 requests.
  const owner = new Uint16Array(requests);
  const found = new Map<string, number>();
  shards.forEach(({ name, rows }, i) => {
    for (const row of rows) {
      const before = owner[row]!;
      if (before === 0) {
        owner[row] = i + 1;
        continue;
      }
      const pair = `${shards[before - 1]!.name} and ${name}`;
      found.set(pair, (found.get(pair) ?? 0) + 1);
    }
  });
  return [...found].map(([pair, n]) => `${pair} hold ${n} of the same requests`);
}
