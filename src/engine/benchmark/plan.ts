/** What will be sent and when: a Workload unrolled into chains of requests, for an open or a closed loop. */
import { expand } from "../workload/expand.ts";
import { drawTable } from "../workload/table.ts";
import type { RequestSpec, Workload } from "../workload/types.ts";

/** One conversation: indices into `requests`, in order. Single-turn workloads have chains of one. */
export interface Chain {
  /** When its first request is due, seconds from the start; ignored in a closed loop. */
  readonly at: number;
  readonly requests: readonly number[];
}

export interface Plan {
  readonly requests: readonly RequestSpec[];
  readonly chains: readonly Chain[];
  /** Closed loop: how many chains run at once. Absent: open loop. */
  readonly users?: number;
  /** Seconds between the end of the request before (in the chain, or of the same user) and this one being due. */
  readonly think?: ArrayLike<number>;
  readonly maxConcurrency?: number;
  /** Seconds after which nothing more becomes due. */
  readonly duration?: number;
  /** Rows of `requests` that are sent, ascending: those of one client of several. Absent: all. */
  readonly rows?: Uint32Array;
}

/** The rows that are sent, ascending. */
export function rowsOf({ rows, requests }: Plan): Uint32Array {
  return rows ?? Uint32Array.from(requests, (_, i) => i);
}

/** Unrolls a workload under its seed (0 when it has none). Throws InputError as `expand` does. */
export function planOf(workload: Workload): Plan {
  const seed = workload.seed ?? 0;
  const requests = expand(workload, seed);
  const { after, pause } = drawTable(workload, seed);
  const chains: { at: number; requests: number[] }[] = [];
  const chainOf = new Map<number, { at: number; requests: number[] }>();
  requests.forEach((spec, i) => {
    const before = after?.[i] ?? -1;
    let chain = before >= 0 ? chainOf.get(before) : undefined;
    if (!chain) {
      chain = { at: spec.at, requests: [] };
      chains.push(chain);
    }
    chain.requests.push(i);
    chainOf.set(i, chain);
  });
  const { arrivals, maxConcurrency, duration } = workload;
  return {
    requests,
    chains,
    ...(arrivals.kind === "closed" && { users: arrivals.users }),
    ...(pause && { think: pause }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(duration !== undefined && { duration }),
  };
}

/** Tokens of one request's prompt. */
export function promptTokens(spec: RequestSpec): number {
  if (typeof spec.prompt === "number") return spec.prompt;
  let sum = 0;
  for (const segment of spec.prompt) sum += segment.tokens;
  return sum;
}

/** What a plan would use at most, for a confirmation before money or hours are spent. */
export function planSize(plan: Plan): { requests: number; promptTokens: number; outputTokens: number } {
  let prompt = 0;
  let output = 0;
  const rows = rowsOf(plan);
  for (const i of rows) {
    const spec = plan.requests[i]!;
    prompt += promptTokens(spec);
    output += spec.output;
  }
  return { requests: rows.length, promptTokens: prompt, outputTokens: output };
}
