/** ITL and ICL of a run: gaps pooled over its requests, or what the run's histogram still says where chunks were not kept. */
import { statuses, type Run } from "../run.ts";
import type { RequestMetrics } from "./definitions/types.ts";
import { empty, fromSorted, fromWeighted } from "./distribution.ts";
import { fromHistogram } from "./histogram-distribution.ts";
import type { Rank } from "./rank.ts";
import type { Distribution } from "./types.ts";

export interface Gaps {
  readonly itl: Distribution;
  readonly icl: Distribution;
  /** What had to be guessed. */
  readonly notes: readonly string[];
}

export function gapsOf(run: Run, done: readonly RequestMetrics[], rank: Rank): Gaps {
  // Some tools' ITL is one value a request, which needs no chunks.
  const itl = done.some((m) => m.itl.length > 0) ? itlOf(done, rank) : undefined;
  if (run.chunks) return { itl: itl ?? empty(), icl: pooled(done, "icl", rank), notes: [] };
  if (run.itl) {
    const histogram = fromHistogram(run.itl);
    const notes = ["icl: chunks were not kept; gaps between tokens, to within 1 %, stand for gaps between chunks"];
    if (hasUnfinished(run))
      notes.push(
        "itl, icl: the histogram also holds the gaps of requests that did not succeed; record chunks to leave them out",
      );
    return { itl: itl ?? histogram, icl: histogram, notes };
  }
  const nothing = empty();
  return { itl: itl ?? nothing, icl: nothing, notes: ["itl, icl: the times of chunks were not kept"] };
}

/** Whether a request that got tokens did not succeed. */
function hasUnfinished({ requests: r }: Run): boolean {
  return r.status.some((status, i) => statuses[status] !== "succeeded" && r.outputTokens[i] > 1);
}

function itlOf(done: readonly RequestMetrics[], rank: Rank): Distribution {
  if (done.every((m) => m.itlWeight === undefined)) return pooled(done, "itl", rank);
  const of = done.filter((m) => m.itl.length > 0);
  return fromWeighted(
    of.map((m) => m.itl[0]),
    of.map((m) => m.itlWeight ?? 1),
  );
}

function pooled(done: readonly RequestMetrics[], name: "itl" | "icl", rank: Rank): Distribution {
  const all = new Float64Array(done.reduce((sum, m) => sum + m[name].length, 0));
  let next = 0;
  for (const m of done) {
    all.set(m[name], next);
    next += m[name].length;
  }
  return fromSorted(all.sort(), rank);
}
