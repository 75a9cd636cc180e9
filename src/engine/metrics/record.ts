/** One request of a Run as one raw record: what every tool's definitions are computed from. */
import { chunkKinds, statuses, tokenSources, type ChunkColumns, type Run } from "../run.ts";

/** Times in seconds from the start of the run; NaN where it never happened. */
export interface RawRecord {
  readonly scheduled: number;
  readonly started: number;
  readonly headers: number;
  readonly firstEvent: number;
  readonly first: number;
  readonly last: number;
  readonly closed: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Those that the stream showed; 0 where nobody can say. */
  readonly visibleTokens: number;
  readonly tokenSource: (typeof tokenSources)[number];
  readonly promptSource: (typeof tokenSources)[number];
  readonly status: (typeof statuses)[number];
  /** This request's chunks in order of time, where kept. */
  readonly chunks?: { readonly t: Float64Array; readonly tokens: Uint16Array; readonly kind: Uint16Array };
}

/** Kind bits of a chunk that carries at least one token, of whatever sort. */
export const TOKENS = chunkKinds.content | chunkKinds.reasoning | chunkKinds.tool;
/** Kind bits of a chunk with a non-empty `choices` list. */
export const CHOICES = TOKENS | chunkKinds.role | chunkKinds.empty | chunkKinds.finish;

/** Reads requests of `run` one by one. Chunks are grouped by request once, if they are not so already. */
export function recordReader(run: Run): (request: number) => RawRecord {
  const r = run.requests;
  const grouped = run.chunks && groupByRequest(run.chunks, r.count);
  return (i) => ({
    scheduled: r.scheduled[i],
    started: r.started[i],
    headers: r.headers[i],
    firstEvent: r.firstEvent[i],
    first: r.first[i],
    last: r.last[i],
    closed: r.closed[i],
    promptTokens: r.promptTokens[i],
    cachedTokens: r.cachedTokens[i],
    outputTokens: r.outputTokens[i],
    visibleTokens: r.visibleTokens ? r.visibleTokens[i] : r.outputTokens[i],
    tokenSource: tokenSources[r.tokenSource[i]],
    promptSource: tokenSources[(r.promptSource ?? r.tokenSource)[i]],
    status: statuses[r.status[i]],
    chunks: grouped && {
      t: grouped.t.subarray(grouped.from[i], grouped.from[i + 1]),
      tokens: grouped.tokens.subarray(grouped.from[i], grouped.from[i + 1]),
      kind: grouped.kind.subarray(grouped.from[i], grouped.from[i + 1]),
    },
  });
}

/** Chunks request by request, and where each request's begin. A stable counting sort: order of time is kept. */
export function groupByRequest(chunks: ChunkColumns, count: number) {
  const n = chunks.t.length;
  const from = new Uint32Array(count + 1);
  let grouped = true;
  for (let k = 0; k < n; k++) {
    from[chunks.request[k] + 1]++;
    if (k > 0 && chunks.request[k] < chunks.request[k - 1]) grouped = false;
  }
  for (let i = 0; i < count; i++) from[i + 1] += from[i];
  if (grouped) return { from, t: chunks.t, tokens: chunks.tokens, kind: chunks.kind };

  const next = from.slice(0, count);
  const t = new Float64Array(n);
  const tokens = new Uint16Array(n);
  const kind = new Uint16Array(n);
  for (let k = 0; k < n; k++) {
    const place = next[chunks.request[k]]++;
    t[place] = chunks.t[k];
    tokens[place] = chunks.tokens[k];
    kind[place] = chunks.kind[k];
  }
  return { from, t, tokens, kind };
}

/** Times of the chunks that carry any of the `kinds` bits; undefined where chunks were not kept. */
export function timesOf(record: RawRecord, kinds: number): number[] | undefined {
  const c = record.chunks;
  if (!c) return undefined;
  const times: number[] = [];
  for (let k = 0; k < c.t.length; k++) if (c.kind[k] & kinds) times.push(c.t[k]);
  return times;
}

/** Mean tokens of a token-bearing chunk of the streamed answers; undefined where none were kept, or where nobody counted the tokens. */
export function chunkSize(records: readonly RawRecord[]): number | undefined {
  let tokens = 0;
  let chunks = 0;
  for (const record of records) {
    const c = record.chunks;
    if (!c || record.tokenSource === "chunks" || record.visibleTokens === 0 || Number.isNaN(record.first)) continue;
    for (let k = 0; k < c.t.length; k++) {
      if (!(c.kind[k] & TOKENS)) continue;
      tokens += c.tokens[k];
      chunks++;
    }
  }
  return chunks > 0 ? tokens / chunks : undefined;
}

/** Differences of neighbours. */
export function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((t, i) => t - times[i]);
}

/**
 * Gaps between tokens: a chunk of k tokens after gap g is [g, 0, …, 0], as its reader sees it, and the k − 1 that come
 * with the first token are 0. So the mean is (last − first) ÷ (tokens − 1). Undefined where chunks were not kept, or
 * where they hold tokens that nobody can number.
 */
export function tokenGaps(record: RawRecord, kinds: number): number[] | undefined {
  const c = record.chunks;
  if (!c || record.visibleTokens === 0) return undefined;
  const out: number[] = [];
  let before = NaN;
  for (let k = 0; k < c.t.length; k++) {
    if (!(c.kind[k] & kinds)) continue;
    if (before === before) out.push(c.t[k] - before);
    for (let extra = c.tokens[k]; extra > 1; extra--) out.push(0);
    before = c.t[k];
  }
  return out;
}
