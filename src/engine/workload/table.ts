/** Draws a workload request by request, in columns: what the simulator and the load generator both read. */
import { InputError } from "../errors.ts";
import { createRandom, type Random } from "../random.ts";
import { arrivalTimes } from "./arrivals.ts";
import { checkWorkload } from "./check.ts";
import { bounds, closedGuess, MAX_REQUESTS } from "./bounds.ts";
import { groupContent, ownContent } from "./content-id.ts";
import { sampler, tokenSampler } from "./lengths.ts";
import { groupSampler } from "./prefix.ts";
import type { RequestTable, Segments } from "./request-table.ts";
import { scriptTable } from "./script-table.ts";
import { sessionTable } from "./session-table.ts";
import { traceTable } from "./trace.ts";
import type { Workload } from "./types.ts";

/**
 * Draws a workload under a seed. The same seed gives every request the same arrival and lengths on any server. Throws InputError for
 * what no workload can be, names that nobody knows included.
 */
export function drawTable(workload: Workload, seed: number): RequestTable {
  checkWorkload(workload);
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
    segments.id[2 * i] = groupContent(group);
    segments.tokens[2 * i] = tokensOf(group);
    segments.id[2 * i + 1] = ownContent(i, 0);
    segments.tokens[2 * i + 1] = own;
    table.prompt[i] = own + tokensOf(group);
  }
  return segments;
}
