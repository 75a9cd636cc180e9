/** Our own file of a Run: a line about the run, then one line a request. Nothing is lost either way. */
import { statuses, tokenSources, type ChunkColumns, type Run } from "../../run.ts";
import { arrays, FORMAT, KeptRun, VERSION } from "./kept-run.ts";
import { object, orNull, parseLines, type Json } from "./parse.ts";
import type { ToolResult } from "./rows.ts";

/**
 * Line 1: `{ format, version, requests, run }`, where `run` is everything that is not per request. Then for each request
 * `{ scheduled, started, headers, first_event, first, last, closed, tokens: { in, out, cached, source, in_source, visible }, status,
 * preemptions, replica, chunks: [[t, tokens, kind, place], …], error }`: seconds from the start of the run, null where it
 * never happened; `place` is the chunk's row in the run's own order.
 */
export function toJsonl(run: Run): string {
  return [...jsonlLines(run)].join("");
}

/** As `toJsonl`, line by line, each with its end: a run of a million requests is longer than a string can be. */
export function* jsonlLines(run: Run): Generator<string> {
  const { requests: r, chunks, ...rest } = run;
  const own = chunks && ownChunks(chunks, r.count);
  const errors = new Map((run.failures ?? []).map(({ request, ...error }) => [request, error]));
  const head = { format: FORMAT, version: VERSION, requests: r.count, chunks: chunks !== undefined, run: rest };
  yield `${JSON.stringify(head, packArrays)}\n`;
  for (let i = 0; i < r.count; i++)
    yield `${JSON.stringify({
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
      ...(own ? { chunks: own(i) } : {}),
      ...(errors.has(i) ? { error: errors.get(i) } : {}),
    })}\n`;
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
  const kept = new KeptRun(head);
  rows.forEach((row) => kept.add(row));
  return kept.run();
}

type ChunkRow = [t: number, tokens: number, kind: number, place: number];

/** Reads the chunks of each request, in their order. */
function ownChunks({ t, request, tokens, kind }: ChunkColumns, requests: number): (i: number) => ChunkRow[] {
  const from = new Uint32Array(requests + 1);
  for (const i of request) from[i + 1]!++;
  for (let i = 0; i < requests; i++) from[i + 1]! += from[i]!;
  const next = from.slice();
  const order = new Uint32Array(t.length);
  request.forEach((i, k) => (order[next[i]!++] = k));
  return (i) => Array.from(order.subarray(from[i], from[i + 1]), (k): ChunkRow => [t[k]!, tokens[k]!, kind[k]!, k]);
}

/** Typed arrays as `{ $array, values }`; numbers that JSON lacks as texts. */
function packArrays(_key: string, value: unknown): unknown {
  for (const [name, type] of Object.entries(arrays))
    if (value instanceof type)
      return { $array: name, values: Array.from(value, (v) => (Number.isFinite(v) ? v : String(v))) };
  return value;
}
