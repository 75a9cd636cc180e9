/** A measured Run from rows that another tool wrote: one object a request. */
import { chunkKinds, statuses, tokenSources, type RequestFailure, type Run } from "../../run.ts";
import type { Workload } from "../../workload/types.ts";
import type { StatedSummary } from "./stated.ts";

/** Seconds from any common zero; NaN or absent where unknown. */
export interface ImportedRow {
  readonly scheduled: number;
  readonly started: number;
  readonly headers?: number;
  readonly first?: number;
  readonly last?: number;
  readonly closed?: number;
  readonly promptTokens: number;
  readonly cachedTokens?: number;
  readonly outputTokens: number;
  readonly tokenSource: (typeof tokenSources)[number];
  readonly status: (typeof statuses)[number];
  /** Times of token-bearing chunks, in order. */
  readonly chunks?: readonly number[];
  readonly error?: string;
}

/** A Run, and what the file held that a Run has no place for. */
export interface Imported<Beside> {
  readonly run: Run;
  readonly beside: Beside;
  /** Fields that were left out, and why. */
  readonly dropped: readonly string[];
  /** What a measurement has and this file lacks. */
  readonly missing?: readonly string[];
}

/** One result of a file: a run with its requests, or only the statistics that its tool kept of one. */
export interface ToolResult {
  /** Tells it from the file's other results. */
  readonly label: string;
  /** Absent where the file keeps no requests. */
  readonly run?: Run;
  /** What the tool itself worked out. */
  readonly stated?: StatedSummary;
  readonly dropped: readonly string[];
  /** What is not in the file; where there is no run, what to give instead comes first. */
  readonly missing: readonly string[];
}

/** Whole tokens per chunk: as even as can be, the first chunks taking what is left over. */
function tokensPerChunk(tokens: number, chunks: number, chunk: number): number {
  return Math.max(1, Math.floor(tokens / chunks) + (chunk < tokens % chunks ? 1 : 0));
}

/**
 * Times are counted from the earliest `scheduled`. How many tokens a chunk held is not in any of these files: they are
 * spread evenly over the chunks.
 */
export function runFromRows(
  rows: readonly ImportedRow[],
  about: { tool: string; model: string; date?: string; untimed?: Run["untimed"]; workload?: Partial<Workload> },
): { run: Run; zero: number } {
  const zero = rows.reduce((least, { scheduled, started }) => {
    const at = Number.isNaN(scheduled) ? started : scheduled;
    return at < least ? at : least;
  }, Infinity);
  const start = zero === Infinity ? 0 : zero;
  const times = (read: (row: ImportedRow) => number | undefined) =>
    Float64Array.from(rows, (row) => (read(row) ?? NaN) - start);
  const counts = (read: (row: ImportedRow) => number) => Uint32Array.from(rows, read);

  const kept = rows.reduce((sum, row) => sum + (row.chunks?.length ?? 0), 0);
  const chunks = {
    t: new Float64Array(kept),
    request: new Uint32Array(kept),
    tokens: new Uint16Array(kept),
    kind: new Uint16Array(kept).fill(chunkKinds.content),
  };
  let next = 0;
  rows.forEach((row, request) =>
    row.chunks?.forEach((t, k, all) => {
      chunks.t[next] = t - start;
      chunks.request[next] = request;
      chunks.tokens[next++] = tokensPerChunk(row.outputTokens, all.length, k);
    }),
  );
  const failures = rows.flatMap((row, request): RequestFailure[] =>
    row.error ? [{ request, kind: "imported", phase: "stream", message: row.error }] : [],
  );
  const run: Run = {
    origin: {
      kind: "measured",
      target: `imported from ${about.tool}`,
      model: about.model,
      transport: about.tool,
      clientLag: 0,
    },
    workload: {
      arrivals: {
        kind: "script",
        requests: rows.map((row) => ({
          at: (Number.isNaN(row.scheduled) ? row.started : row.scheduled) - start,
          prompt: row.promptTokens,
          output: row.outputTokens,
        })),
      },
      prompt: { kind: "empirical", values: rows.map((row) => row.promptTokens) },
      output: { kind: "empirical", values: rows.map((row) => row.outputTokens) },
      requests: rows.length,
      ...about.workload,
    },
    versions: { source: about.tool },
    ...(about.date ? { date: about.date } : {}),
    ...(about.untimed ? { untimed: about.untimed } : {}),
    requests: {
      count: rows.length,
      scheduled: times((r) => r.scheduled),
      started: times((r) => r.started),
      headers: times((r) => r.headers),
      firstEvent: times((r) => r.first),
      first: times((r) => r.first),
      last: times((r) => r.last),
      closed: times((r) => r.closed ?? r.last),
      promptTokens: counts((r) => r.promptTokens),
      cachedTokens: counts((r) => r.cachedTokens ?? 0),
      outputTokens: counts((r) => r.outputTokens),
      tokenSource: Uint8Array.from(rows, (r) => tokenSources.indexOf(r.tokenSource)),
      status: Uint8Array.from(rows, (r) => statuses.indexOf(r.status)),
      preemptions: new Uint16Array(rows.length),
      replica: new Uint16Array(rows.length),
    },
    ...(kept > 0 ? { chunks } : {}),
    ...(failures.length > 0 ? { failures } : {}),
  };
  return { run, zero: start };
}
