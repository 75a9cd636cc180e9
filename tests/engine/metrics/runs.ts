/** Hand-made runs: one object a request, with NaN and sensible zeros filled in. */
import { chunkKinds, statuses, tokenSources, type ChunkColumns, type Run } from "../../../src/engine/run.ts";

type Kind = keyof typeof chunkKinds;

export interface Row {
  scheduled?: number;
  started?: number;
  firstEvent?: number;
  first?: number;
  last?: number;
  closed?: number;
  prompt?: number;
  cached?: number;
  output?: number;
  source?: (typeof tokenSources)[number];
  status?: (typeof statuses)[number];
  /** [time, tokens, kinds] */
  chunks?: [number, number, ...Kind[]][];
}

export function makeRun(rows: readonly Row[], clientLag?: number): Run {
  const of = (read: (row: Row) => number | undefined) => Float64Array.from(rows, (row) => read(row) ?? NaN);
  const times = rows.map(fill);
  return {
    origin:
      clientLag === undefined
        ? { kind: "simulated", server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" }, seed: 1 }
        : { kind: "measured", target: "mine", model: "m", transport: "node:http", clientLag },
    workload: {
      arrivals: { kind: "burst" },
      prompt: { kind: "fixed", value: 10 },
      output: { kind: "fixed", value: 10 },
      requests: rows.length,
    },
    versions: { perflab: "test" },
    requests: {
      count: rows.length,
      scheduled: of((r) => r.scheduled ?? 0),
      started: of((r) => (r.status === "unsent" ? undefined : (r.started ?? r.scheduled ?? 0))),
      headers: of((r) => r.firstEvent ?? r.first),
      firstEvent: Float64Array.from(times, (t) => t.firstEvent),
      first: Float64Array.from(times, (t) => t.first),
      last: Float64Array.from(times, (t) => t.last),
      closed: Float64Array.from(times, (t) => t.closed),
      promptTokens: Uint32Array.from(rows, (r) => r.prompt ?? 0),
      cachedTokens: Uint32Array.from(rows, (r) => r.cached ?? 0),
      outputTokens: Uint32Array.from(rows, (r) => r.output ?? 0),
      tokenSource: Uint8Array.from(rows, (r) => tokenSources.indexOf(r.source ?? "usage")),
      status: Uint8Array.from(rows, (r) => statuses.indexOf(r.status ?? "succeeded")),
      preemptions: new Uint16Array(rows.length),
      replica: new Uint16Array(rows.length),
    },
    ...(rows.some((r) => r.chunks) ? { chunks: chunkColumns(rows) } : {}),
  };
}

function fill(row: Row) {
  const at = (...kinds: Kind[]) =>
    (row.chunks ?? []).filter(([, , ...of]) => of.some((k) => kinds.includes(k))).map(([t]) => t);
  const tokens = at("content", "reasoning", "tool");
  const first = row.first ?? tokens[0] ?? NaN;
  const last = row.last ?? tokens.at(-1) ?? first;
  return {
    firstEvent: row.firstEvent ?? at("role", "empty", "content", "reasoning", "tool", "finish")[0] ?? first,
    first,
    last,
    closed: row.closed ?? row.chunks?.at(-1)?.[0] ?? last,
  };
}

/** In order of arrival over all requests, as a measured run has them. */
function chunkColumns(rows: readonly Row[]): ChunkColumns {
  const all = rows
    .flatMap((row, request) =>
      (row.chunks ?? []).map(([t, tokens, ...kinds]) => ({
        t,
        tokens,
        request,
        kind: kinds.reduce((bits, k) => bits | chunkKinds[k], 0),
      })),
    )
    .sort((a, b) => a.t - b.t);
  return {
    t: Float64Array.from(all, (c) => c.t),
    request: Uint32Array.from(all, (c) => c.request),
    tokens: Uint16Array.from(all, (c) => c.tokens),
    kind: Uint16Array.from(all, (c) => c.kind),
  };
}
