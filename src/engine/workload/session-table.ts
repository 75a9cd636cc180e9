/** Conversations as requests. */
import { InputError } from "../errors.ts";
import type { Random } from "../random.ts";
import { arrivalTimes } from "./arrivals.ts";
import { bounds, closedGuess } from "./bounds.ts";
import { groupContent, ownContent } from "./content-id.ts";
import { sampler, tokenSampler } from "./lengths.ts";
import { groupSampler } from "./prefix.ts";
import type { RequestTable } from "./request-table.ts";
import type { Workload } from "./types.ts";

/** Conversations: each turn's prompt is the whole conversation so far plus new tokens; it follows the previous answer. */
export function sessionTable(workload: Workload, random: Random): RequestTable {
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
    let total = 0;
    if (group) {
      const g = group.pick();
      context.push([groupContent(g), group.tokensOf(g)]);
      total += group.tokensOf(g);
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
      total += own;
      const first = turn === 0;
      rows.push({
        at: first && !closed ? at : NaN,
        prompt: total,
        output: answer,
        after: first ? -1 : i - 1,
        pause: first ? 0 : Math.max(0, think()),
      });
      context.push([ownContent(i, 1), answer]);
      total += answer;
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
