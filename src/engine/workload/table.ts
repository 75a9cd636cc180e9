/** A workload request by request, in columns: what the simulator and the load generator both read. */
import { InputError } from "../errors.ts";
import { createRandom, hashWord, type Random } from "../random.ts";
import { arrivalTimes } from "./arrivals.ts";
import { sampler, tokenSampler } from "./lengths.ts";
import { groupSampler } from "./prefix.ts";
import { traceTable } from "./trace.ts";
import type { RequestSpec, Workload } from "./types.ts";

/** Runs longer than this are cut, and say so. */
export const MAX_REQUESTS = 4_000_000;

/** Which leading tokens requests have in common. Row r of a request covers segments [offset[i], offset[i+1]). */
export interface Segments {
  readonly offset: ArrayLike<number>;
  /** Content ids: equal ids are equal text. */
  readonly id: ArrayLike<number>;
  readonly tokens: ArrayLike<number>;
  /** Content id of the request's own answer, by which a later turn finds it in the cache. */
  readonly answer: ArrayLike<number>;
}

/** One row a request, in order of arrival. Seconds and tokens. */
export interface RequestTable {
  readonly count: number;
  /** When it should leave; NaN for one that waits for an earlier answer (see `after`). */
  readonly at: Float64Array;
  readonly prompt: Uint32Array;
  readonly output: Uint32Array;
  readonly priority?: Int32Array;
  /** Seconds after it left at which the client gives up. */
  readonly cancelAfter?: Float64Array;
  readonly segments?: Segments;
  /** Request whose end this one waits for, or −1; and the pause between, seconds. */
  readonly after?: Int32Array;
  readonly pause?: Float64Array;
  /** Set when the workload would have gone on. */
  readonly endless?: boolean;
}

/** How many requests a workload asks for: at most `limit`, and whether time or number ends it. */
function bounds(workload: Workload): { limit: number; duration: number; endless: boolean } {
  const { requests, duration } = workload;
  if (requests === undefined && duration === undefined) {
    throw new InputError("workload", undefined, "given requests or duration (or both)");
  }
  if (requests !== undefined && !(requests >= 1 && (Number.isInteger(requests) || requests === Infinity))) {
    throw new InputError("workload.requests", requests, "a whole number from 1");
  }
  if (duration !== undefined && !(duration > 0)) throw new InputError("workload.duration", duration, "above 0 seconds");
  const asked = requests ?? Infinity;
  return { limit: Math.min(asked, MAX_REQUESTS), duration: duration ?? Infinity, endless: asked > MAX_REQUESTS };
}

/** Draws a workload under a seed. The same seed gives every request the same arrival and lengths on any server. */
export function drawTable(workload: Workload, seed: number): RequestTable {
  const { arrivals } = workload;
  if (arrivals.kind === "script") return scriptTable(arrivals.requests, workload);
  if (arrivals.kind === "trace") return traceTable(arrivals.name, workload);
  const random = createRandom(seed, "workload");
  if (workload.sessions) return sessionTable(workload, random);
  const { limit, duration, endless } = bounds(workload);
  const closed = arrivals.kind === "closed";
  if (arrivals.kind === "burst" && limit === MAX_REQUESTS && workload.requests === undefined) {
    throw new InputError("workload.requests", undefined, "given for a burst");
  }
  const nextArrival = closed ? () => 0 : arrivalTimes(arrivals, random.split("arrivals"));
  const prompt = tokenSampler(workload.prompt, random.split("prompt"));
  const output = tokenSampler(workload.output, random.split("output"));
  let capacity = limit;
  if (workload.requests === undefined) capacity = 1024;
  let table = emptyColumns(capacity);
  let n = 0;
  for (; n < limit; n++) {
    const at = nextArrival();
    // A closed loop's own clock ends it: the driver stops sending at `duration`.
    if (at >= duration) break;
    if (closed && workload.requests === undefined && n >= closedGuess(workload)) break;
    if (n === table.at.length) table = grown(table);
    table.at[n] = closed ? NaN : at;
    table.prompt[n] = prompt();
    table.output[n] = output();
  }
  const columns = {
    at: table.at.subarray(0, n),
    prompt: table.prompt.subarray(0, n),
    output: table.output.subarray(0, n),
  };
  const base: RequestTable = { count: n, ...columns, ...(endless && n === limit ? { endless } : {}) };
  const extra: { segments?: Segments; pause?: Float64Array } = {};
  if (closed && arrivals.thinkTime) {
    const think = sampler(arrivals.thinkTime, random.split("think"));
    extra.pause = Float64Array.from({ length: n }, () => Math.max(0, think()));
  }
  if (workload.prefix) extra.segments = prefixSegments(workload, random, base);
  return { ...base, ...extra };
}

/** Requests prepared for a closed loop that only a duration ends: no user can finish faster than one in a millisecond. */
function closedGuess(workload: Workload): number {
  const users = workload.arrivals.kind === "closed" ? workload.arrivals.users : 1;
  return Math.min(MAX_REQUESTS, Math.max(users, Math.ceil(users * (workload.duration ?? 0) * 20) + users));
}

interface Columns {
  at: Float64Array;
  prompt: Uint32Array;
  output: Uint32Array;
}

function emptyColumns(n: number): Columns {
  return { at: new Float64Array(n), prompt: new Uint32Array(n), output: new Uint32Array(n) };
}

function grown(old: Columns): Columns {
  const columns = emptyColumns(old.at.length * 2);
  columns.at.set(old.at);
  columns.prompt.set(old.prompt);
  columns.output.set(old.output);
  return columns;
}

/** Content id of text that only one request holds. */
export function ownContent(request: number, part: number): number {
  return hashWord(hashWord(0x51ed270b, request), part);
}

/** A leading segment shared within a group; the prompt is prefix plus own tokens. */
function prefixSegments(workload: Workload, random: Random, table: RequestTable): Segments {
  const { pick, tokensOf } = groupSampler(workload.prefix as NonNullable<Workload["prefix"]>, random);
  const n = table.count;
  const segments = {
    offset: Uint32Array.from({ length: n + 1 }, (_, i) => 2 * i),
    id: new Uint32Array(2 * n),
    tokens: new Uint32Array(2 * n),
    answer: Uint32Array.from({ length: n }, (_, i) => ownContent(i, 1)),
  };
  for (let i = 0; i < n; i++) {
    const group = pick();
    const own = table.prompt[i] as number;
    segments.id[2 * i] = hashWord(0x3c6ef372, group);
    segments.tokens[2 * i] = tokensOf(group);
    segments.id[2 * i + 1] = ownContent(i, 0);
    segments.tokens[2 * i + 1] = own;
    table.prompt[i] = own + tokensOf(group);
  }
  return segments;
}

/** Conversations: each turn's prompt is the whole conversation so far plus new tokens; it follows the previous answer. */
function sessionTable(workload: Workload, random: Random): RequestTable {
  const { arrivals, sessions, prefix } = workload;
  if (!sessions) throw new InputError("workload.sessions", sessions, "given");
  const { limit, duration, endless } = bounds(workload);
  const closed = arrivals.kind === "closed";
  const nextArrival = closed ? () => 0 : arrivalTimes(arrivals, random.split("arrivals"));
  const prompt = tokenSampler(workload.prompt, random.split("prompt"));
  const output = tokenSampler(workload.output, random.split("output"));
  const turns = tokenSampler(sessions.turns, random.split("turns"));
  const think = sessions.think ? sampler(sessions.think, random.split("think")) : () => 0;
  const group = prefix ? groupSampler(prefix, random) : undefined;
  const rows: { at: number; prompt: number; output: number; after: number; pause: number }[] = [];
  const ids: number[] = [];
  const lengths: number[] = [];
  const offset: number[] = [0];
  const most = closed && workload.requests === undefined ? closedGuess(workload) : limit;
  while (rows.length < most) {
    const at = nextArrival();
    if (at >= duration) break;
    const context: [number, number][] = [];
    if (group) {
      const g = group.pick();
      context.push([hashWord(0x3c6ef372, g), group.tokensOf(g)]);
    }
    const count = turns();
    for (let turn = 0; turn < count && rows.length < most; turn++) {
      const i = rows.length;
      const own = prompt();
      const answer = output();
      context.push([ownContent(i, 0), own]);
      for (const [id, tokens] of context) {
        ids.push(id);
        lengths.push(tokens);
      }
      offset.push(ids.length);
      const total = context.reduce((sum, [, tokens]) => sum + tokens, 0);
      const first = turn === 0;
      rows.push({
        at: first && !closed ? at : NaN,
        prompt: total,
        output: answer,
        after: first ? -1 : i - 1,
        pause: first ? 0 : Math.max(0, think()),
      });
      context.push([ownContent(i, 1), answer]);
    }
  }
  const n = rows.length;
  return {
    count: n,
    at: Float64Array.from(rows, (r) => r.at),
    prompt: Uint32Array.from(rows, (r) => r.prompt),
    output: Uint32Array.from(rows, (r) => r.output),
    after: Int32Array.from(rows, (r) => r.after),
    pause: Float64Array.from(rows, (r) => r.pause),
    segments: {
      offset: Uint32Array.from(offset),
      id: Uint32Array.from(ids),
      tokens: Uint32Array.from(lengths),
      answer: Uint32Array.from({ length: n }, (_, i) => ownContent(i, 1)),
    },
    ...(endless && n === limit ? { endless } : {}),
  };
}

/** Content id of text that goes by a name or number. */
export function contentId(id: string | number): number {
  if (typeof id === "number") return hashWord(hashWord(0x1f83d9ab, id >>> 0), Math.floor(id / 4294967296) >>> 0);
  let h = 0x1f83d9ab;
  for (let k = 0; k < id.length; k++) h = hashWord(h, id.charCodeAt(k));
  return h;
}

/** A scripted workload as columns, sorted by time. */
export function scriptTable(specs: readonly RequestSpec[], workload?: Workload): RequestTable {
  const duration = workload?.duration ?? Infinity;
  const limit = workload?.requests ?? Infinity;
  const order = specs
    .map((spec, i) => ({ spec, i }))
    .sort((a, b) => a.spec.at - b.spec.at || a.i - b.i)
    .filter(({ spec }, i) => spec.at < duration && i < limit)
    .map(({ spec }) => spec);
  const n = order.length;
  const shared = order.some((spec) => typeof spec.prompt !== "number");
  const ids: number[] = [];
  const lengths: number[] = [];
  const offset: number[] = [0];
  const prompt = new Uint32Array(n);
  order.forEach((spec, i) => {
    const segments = typeof spec.prompt === "number" ? [{ id: `own ${i}`, tokens: spec.prompt }] : spec.prompt;
    let total = 0;
    for (const segment of segments) {
      ids.push(contentId(segment.id));
      lengths.push(segment.tokens);
      total += segment.tokens;
    }
    offset.push(ids.length);
    prompt[i] = total;
  });
  return {
    count: n,
    at: Float64Array.from(order, (spec) => spec.at),
    prompt,
    output: Uint32Array.from(order, (spec) => spec.output),
    ...(order.some((spec) => spec.priority !== undefined)
      ? { priority: Int32Array.from(order, (spec) => spec.priority ?? 0) }
      : {}),
    ...(order.some((spec) => spec.cancelAfter !== undefined)
      ? { cancelAfter: Float64Array.from(order, (spec) => spec.cancelAfter ?? Infinity) }
      : {}),
    ...(shared
      ? {
          segments: {
            offset: Uint32Array.from(offset),
            id: Uint32Array.from(ids),
            tokens: Uint32Array.from(lengths),
            answer: Uint32Array.from({ length: n }, (_, i) => ownContent(i, 1)),
          },
        }
      : {}),
  };
}
