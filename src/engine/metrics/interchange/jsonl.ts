/** Our own file of a Run: a line about the run, then one line a request. Nothing is lost either way. */
import { InputError } from "../../errors.ts";
import { statuses, tokenSources, type ChunkColumns, type Run } from "../../run.ts";
import { array, count, finite, object, orNull, parseLines, time, type Json } from "./parse.ts";
import type { ToolResult } from "./rows.ts";

const FORMAT = "perflab-run";
const VERSION = 1;

/**
 * Line 1: `{ format, version, requests, run }`, where `run` is everything that is not per request. Then for each request
 * `{ scheduled, started, headers, first_event, first, last, closed, tokens: { in, out, cached, source, in_source, visible }, status,
 * preemptions, replica, chunks: [[t, tokens, kind, place], …], error }`: seconds from the start of the run, null where it
 * never happened; `place` is the chunk's row in the run's own order.
 */
export function toJsonl(run: Run): string {
  const { requests: r, chunks, ...rest } = run;
  const own = chunks && ownChunks(chunks, r.count);
  const errors = new Map((run.failures ?? []).map(({ request, ...error }) => [request, error]));
  const lines = [
    JSON.stringify(
      {
        format: FORMAT,
        version: VERSION,
        requests: r.count,
        chunks: chunks !== undefined,
        run: rest,
      },
      packArrays,
    ),
  ];
  for (let i = 0; i < r.count; i++)
    lines.push(
      JSON.stringify({
        scheduled: orNull(r.scheduled[i]),
        started: orNull(r.started[i]),
        headers: orNull(r.headers[i]),
        first_event: orNull(r.firstEvent[i]),
        first: orNull(r.first[i]),
        last: orNull(r.last[i]),
        closed: orNull(r.closed[i]),
        tokens: {
          in: r.promptTokens[i],
          out: r.outputTokens[i],
          cached: r.cachedTokens[i],
          source: tokenSources[r.tokenSource[i]],
          ...(r.promptSource ? { in_source: tokenSources[r.promptSource[i]] } : {}),
          ...(r.visibleTokens ? { visible: r.visibleTokens[i] } : {}),
        },
        status: statuses[r.status[i]],
        preemptions: r.preemptions[i],
        replica: r.replica[i],
        ...(own ? { chunks: own[i] } : {}),
        ...(errors.has(i) ? { error: errors.get(i) } : {}),
      }),
    );
  return lines.join("\n") + "\n";
}

/** Throws InputError, naming line and field, for a file that is not ours, of a later version, or damaged. */
export function fromJsonl(file: string): Run {
  return runOfLines(parseLines(file, "the file"));
}

/** The runs of a file, one behind the other: each begins with its own line about the run. */
export function jsonlRuns(lines: readonly unknown[]): ToolResult[] {
  const runs: Json[][] = [];
  lines.forEach((value, i) => {
    const line = object(value, `line ${i + 1} of the file`);
    if (line["format"] === FORMAT) runs.push([line]);
    else runs.at(-1)!.push(line);
  });
  return runs.map((own) => {
    const run = runOfLines(own);
    const { origin, date } = run;
    const of = origin.kind === "measured" ? `${origin.model} on ${origin.target}` : "simulated";
    return { label: date ? `${of}, ${date}` : of, run, dropped: [], missing: [] };
  });
}

function runOfLines([head, ...rows]: readonly Json[]): Run {
  if (head?.["format"] !== FORMAT) throw new InputError("format", head?.["format"], `"${FORMAT}"`);
  if (head["version"] !== VERSION) throw new InputError("version", head["version"], `${VERSION}, the only one so far`);
  if (head["requests"] !== rows.length)
    throw new InputError(
      "the number of request lines",
      rows.length,
      `${String(head["requests"])}, as the first line says`,
    );
  const rest = unpackArrays(object(head["run"], "run")) as unknown as Omit<Run, "requests">;
  checkHead(rest as unknown as Json);

  const at = (i: number, name: string) => `${name} of request ${i}`;
  const times = (name: string) => Float64Array.from(rows, (row, i) => time(row[name], at(i, name)));
  const tokens = rows.map((row, i) => object(row["tokens"], at(i, "tokens")));
  const counts = (name: string) => Uint32Array.from(tokens, (t, i) => count(t[name], at(i, `tokens.${name}`)));
  const small = (name: string) => Uint16Array.from(rows, (row, i) => count(row[name], at(i, name)));
  return {
    ...rest,
    requests: {
      count: rows.length,
      scheduled: times("scheduled"),
      started: times("started"),
      headers: times("headers"),
      firstEvent: times("first_event"),
      first: times("first"),
      last: times("last"),
      closed: times("closed"),
      promptTokens: counts("in"),
      cachedTokens: counts("cached"),
      outputTokens: counts("out"),
      tokenSource: Uint8Array.from(tokens, (t, i) => indexIn(tokenSources, t["source"], at(i, "tokens.source"))),
      ...(tokens[0]?.["in_source"] !== undefined && {
        promptSource: Uint8Array.from(tokens, (t, i) =>
          indexIn(tokenSources, t["in_source"], at(i, "tokens.in_source")),
        ),
      }),
      ...(tokens[0]?.["visible"] !== undefined && { visibleTokens: counts("visible") }),
      status: Uint8Array.from(rows, (row, i) => indexIn(statuses, row["status"], at(i, "status"))),
      preemptions: small("preemptions"),
      replica: small("replica"),
    },
    ...(head["chunks"] === true ? { chunks: allChunks(rows) } : {}),
  };
}

/** What everything reads of a run, whoever wrote the line. */
function checkHead(run: Json): void {
  const origin = object(run["origin"], "run.origin");
  indexIn(["simulated", "measured"], origin["kind"], "run.origin.kind");
  if (origin["kind"] === "measured")
    for (const name of ["target", "model", "transport"]) string(origin[name], `run.origin.${name}`);
  if (origin["kind"] === "measured") finite(origin["clientLag"], "run.origin.clientLag");
  object(run["versions"], "run.versions");
  const arrivals = object(object(run["workload"], "run.workload")["arrivals"], "run.workload.arrivals");
  string(arrivals["kind"], "run.workload.arrivals.kind");
  if (arrivals["kind"] === "closed") finite(arrivals["users"], "run.workload.arrivals.users");
  time(arrivals["rate"], "run.workload.arrivals.rate");
  for (const [i, failure] of array(run["failures"] ?? [], "run.failures").entries())
    string(object(failure, `run.failures[${i}]`)["message"], `run.failures[${i}].message`);
  if (run["ended"] !== undefined) string(object(run["ended"], "run.ended")["message"], "run.ended.message");
}

function string(value: unknown, field: string): void {
  if (typeof value !== "string") throw new InputError(field, value, "a text");
}

function indexIn(names: readonly string[], name: unknown, field: string): number {
  const index = names.indexOf(name as string);
  if (index < 0) throw new InputError(field, name, `one of ${names.join(", ")}`);
  return index;
}

type ChunkRow = [t: number, tokens: number, kind: number, place: number];

function ownChunks({ t, request, tokens, kind }: ChunkColumns, requests: number): ChunkRow[][] {
  const own = Array.from({ length: requests }, (): ChunkRow[] => []);
  for (let k = 0; k < t.length; k++) own[request[k]].push([t[k], tokens[k], kind[k], k]);
  return own;
}

function allChunks(rows: readonly Json[]): ChunkColumns {
  const all = rows.flatMap((row, i) =>
    array(row["chunks"], `chunks of request ${i}`).map((chunk) => ({
      i,
      chunk: array(chunk, `a chunk of request ${i}`),
    })),
  );
  const out = {
    t: new Float64Array(all.length),
    request: new Uint32Array(all.length),
    tokens: new Uint16Array(all.length),
    kind: new Uint16Array(all.length),
  };
  for (const { i, chunk } of all) {
    const place = count(chunk[3], `the place of a chunk of request ${i}`);
    if (place >= all.length) throw new InputError(`the place of a chunk of request ${i}`, place, `below ${all.length}`);
    out.t[place] = finite(chunk[0], `the time of a chunk of request ${i}`);
    out.request[place] = i;
    out.tokens[place] = count(chunk[1], `the tokens of a chunk of request ${i}`);
    out.kind[place] = count(chunk[2], `the kind of a chunk of request ${i}`);
  }
  return out;
}

const arrays = { Float64Array, Uint32Array, Uint16Array, Uint8Array, Int32Array };

/** Typed arrays as `{ $array, values }`; numbers that JSON lacks as texts. */
function packArrays(_key: string, value: unknown): unknown {
  for (const [name, type] of Object.entries(arrays))
    if (value instanceof type)
      return { $array: name, values: Array.from(value, (v) => (Number.isFinite(v) ? v : String(v))) };
  return value;
}

function unpackArrays(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpackArrays);
  if (typeof value !== "object" || value === null) return value;
  const name = (value as Json)["$array"];
  if (typeof name === "string" && Object.hasOwn(arrays, name))
    return arrays[name as keyof typeof arrays].from(array((value as Json)["values"], "values").map(Number));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpackArrays(inner)]));
}
