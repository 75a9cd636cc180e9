/** The shards of one schedule as one Run: their raw records, pooled in the order of the schedule. */
import { InputError } from "../../errors.ts";
import type { ChunkColumns, Measurement, MergedShard, RequestColumns, RequestFailure, Run } from "../../run.ts";
import { examineShards } from "./examine.ts";
import { inFlight } from "../throughput.ts";

export interface NamedRun {
  readonly name: string;
  readonly run: Run;
}

/**
 * Times stay as they are: they all count from the instant that was agreed. Lags are those of the worst client. Without the server's own
 * counters: each client's hold the others' requests too. Throws InputError for what are not shards of one schedule, and, unless
 * `allowMissing`, where one is missing.
 */
export function mergeRuns(named: readonly NamedRun[], options: { readonly allowMissing?: boolean } = {}): Run {
  const { wrong, missing, of } = examineShards(named);
  if (wrong.length > 0) throw new InputError("shards", named.length, "shards of one schedule", wrong.join("\n"));
  for (const { name, run } of named)
    if (run.measurement!.rows!.length !== run.requests.count)
      throw new InputError(
        `the rows of ${name}`,
        run.measurement!.rows!.length,
        `${run.requests.count}, one for each of its requests`,
      );
  if (missing.length > 0 && !options.allowMissing)
    throw new InputError("shards", named.length, "all shards", missingText(missing, of));
  const parts = [...named].sort((a, b) => shardOf(a.run).index - shardOf(b.run).index).map(({ run }) => run);
  const places = placesOf(parts);
  const requests = pooledRequests(parts, places);
  const chunks = parts.every((run) => run.chunks) ? pooledChunks(parts, places) : undefined;
  const failures = parts
    .flatMap((run, k) => (run.failures ?? []).map((f): RequestFailure => ({ ...f, request: places[k]![f.request]! })))
    .sort((a, b) => a.request - b.request);
  const [first] = parts as [Run];
  const ended = endedOf(parts, missing, of);
  const lags = parts.map((run) => (run.origin.kind === "measured" ? run.origin.clientLag : 0));
  return {
    origin: first.origin.kind === "measured" ? { ...first.origin, clientLag: Math.max(...lags) } : first.origin,
    workload: first.workload,
    versions: first.versions,
    date: new Date(shardOf(first).startAt * 1000).toISOString(),
    ...(ended && { ended }),
    requests,
    ...(chunks && { chunks }),
    failures,
    measurement: pooledMeasurement(parts, places, requests, missing),
  };
}

export function missingText(missing: readonly number[], of: number): string {
  const named = missing.map((index) => `${index}/${of}`).join(", ");
  return `${missing.length === 1 ? "shard" : "shards"} ${named} ${missing.length === 1 ? "is" : "are"} missing, so a part of the schedule is`;
}

function shardOf(run: Pick<Run, "measurement">) {
  return run.measurement!.shard!;
}

/** For each part, which row of the pool each of its rows becomes. */
function placesOf(parts: readonly Run[]): Uint32Array[] {
  const all: { part: number; row: number; at: number }[] = [];
  parts.forEach((run, part) => run.measurement!.rows!.forEach((at, row) => all.push({ part, row, at })));
  all.sort((a, b) => a.at - b.at);
  const places = parts.map((run) => new Uint32Array(run.requests.count));
  all.forEach(({ part, row }, place) => (places[part]![row] = place));
  return places;
}

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** One column of all parts, each value at its place. */
function pooled<T extends Column>(columns: readonly T[], places: readonly Uint32Array[]): T {
  const length = places.reduce((sum, { length }) => sum + length, 0);
  const out = new (columns[0]!.constructor as new (length: number) => T)(length);
  columns.forEach((column, k) => places[k]!.forEach((place, row) => (out[place] = column[row]!)));
  return out;
}

function pooledRequests(parts: readonly Run[], places: readonly Uint32Array[]): RequestColumns {
  const column = <T extends Column>(read: (r: RequestColumns) => T): T =>
    pooled(
      parts.map(({ requests }) => read(requests)),
      places,
    );
  return {
    count: places.reduce((sum, { length }) => sum + length, 0),
    scheduled: column((r) => r.scheduled),
    started: column((r) => r.started),
    headers: column((r) => r.headers),
    firstEvent: column((r) => r.firstEvent),
    first: column((r) => r.first),
    last: column((r) => r.last),
    closed: column((r) => r.closed),
    promptTokens: column((r) => r.promptTokens),
    cachedTokens: column((r) => r.cachedTokens),
    outputTokens: column((r) => r.outputTokens),
    tokenSource: column((r) => r.tokenSource),
    promptSource: column((r) => r.promptSource ?? r.tokenSource),
    visibleTokens: column((r) => r.visibleTokens ?? r.outputTokens),
    status: column((r) => r.status),
    preemptions: column((r) => r.preemptions),
    replica: column((r) => r.replica),
  };
}

function pooledChunks(parts: readonly Run[], places: readonly Uint32Array[]): ChunkColumns {
  const length = parts.reduce((sum, { chunks }) => sum + chunks!.t.length, 0);
  const out = {
    t: new Float64Array(length),
    request: new Uint32Array(length),
    tokens: new Uint16Array(length),
    kind: new Uint16Array(length),
  };
  let from = 0;
  parts.forEach(({ chunks }, k) => {
    const { t, request, tokens, kind } = chunks!;
    out.t.set(t, from);
    out.tokens.set(tokens, from);
    out.kind.set(kind, from);
    for (let n = 0; n < t.length; n++) out.request[from + n] = places[k]![request[n]!]!;
    from += t.length;
  });
  return out;
}

function pooledMeasurement(
  parts: readonly Run[],
  places: readonly Uint32Array[],
  requests: RequestColumns,
  missing: readonly number[],
): Measurement {
  const of = parts.map((run) => run.measurement!);
  const sum = (read: (m: Measurement) => number | undefined): number => of.reduce((all, m) => all + (read(m) ?? 0), 0);
  const worst = (read: (m: Measurement) => number | undefined): number => Math.max(...of.map((m) => read(m) ?? 0));
  const [first] = of as [Measurement];
  const counted = <K extends "warmupFailed" | "warmupTokens" | "resent" | "onePiece">(name: K) => {
    const n = sum((m) => m[name]);
    return n > 0 ? { [name]: n } : {};
  };
  const shards = parts.map((run): MergedShard => {
    const { index, clock } = shardOf(run);
    const clientLag = run.origin.kind === "measured" ? run.origin.clientLag : 0;
    return { index, requests: run.requests.count, clientLag, ...(clock && { clock }) };
  });
  return {
    askedPromptTokens: pooled(
      of.map((m) => m.askedPromptTokens),
      places,
    ),
    askedOutputTokens: pooled(
      of.map((m) => m.askedOutputTokens),
      places,
    ),
    zero: first.zero,
    streamed: first.streamed,
    salt: first.salt,
    warmup: sum((m) => m.warmup),
    ...counted("warmupFailed"),
    ...counted("warmupTokens"),
    ...counted("resent"),
    ...counted("onePiece"),
    ...(of.some((m) => m.withoutRequestId) && { withoutRequestId: true }),
    ...proxyOf(of),
    dispatchLag: worst((m) => m.dispatchLag),
    heartbeatLag: worst((m) => m.heartbeatLag),
    longestStall: worst((m) => m.longestStall),
    bytes: sum((m) => m.bytes),
    peakInFlight: peakOf(requests),
    ...(of.some((m) => m.insecureTls) && { insecureTls: true }),
    merged: { of: shardOf(parts[0]!).of, startAt: shardOf(parts[0]!).startAt, shards, missing },
  };
}

function proxyOf(of: readonly Measurement[]): Pick<Measurement, "proxy"> {
  const proxy = of.find((m) => m.proxy)?.proxy;
  return proxy ? { proxy } : {};
}

function peakOf({ count, started, closed }: RequestColumns): number {
  const sent = Array.from({ length: count }, (_, i) => i)
    .filter((i) => !Number.isNaN(started[i]))
    .sort((a, b) => started[a]! - started[b]!);
  if (sent.length === 0) return 0;
  return inFlight(
    sent.map((i) => started[i]!),
    sent.map((i) => (closed[i]! >= started[i]! ? closed[i]! : started[i]!)),
  ).peak;
}

/** Why the whole is less than the schedule: which shards ended early and why, else which are missing. `parts`: of shards. */
export function endedOf(
  parts: readonly Pick<Run, "ended" | "measurement">[],
  missing: readonly number[],
  of: number,
): Run["ended"] {
  const early = parts.filter((run) => run.ended);
  const [first] = early;
  if (first)
    return {
      reason: first.ended!.reason,
      message: early.map((run) => `Shard ${shardOf(run).index}/${of}: ${run.ended!.message}`).join(" "),
    };
  if (missing.length === 0) return undefined;
  return { reason: "shards-missing", message: `Merged without all: ${missingText(missing, of)}.` };
}
