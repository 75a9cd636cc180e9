/** The latencies of a run's successful requests, ascending: what distributions are drawn from. */
import { statuses, type Run } from "../../engine/run.ts";

/** Seconds. */
export interface Samples {
  readonly ttft: Float64Array;
  /** Of answers of two tokens and more. */
  readonly tpot: Float64Array;
  readonly e2e: Float64Array;
}

export function samplesOf({ requests: r }: Run): Samples {
  const [ttft, tpot, e2e]: number[][] = [[], [], []];
  for (let i = 0; i < r.count; i++) {
    if (statuses[r.status[i]!] !== "succeeded") continue;
    const [started, first, last, tokens] = [
      r.started[i]!,
      r.first[i]!,
      r.last[i]!,
      (r.visibleTokens ?? r.outputTokens)[i]!,
    ];
    if (first >= started) ttft!.push(first - started);
    if (tokens > 1 && last > first) tpot!.push((last - first) / (tokens - 1));
    if (last >= started) e2e!.push(last - started);
  }
  const sorted = (values: readonly number[] | undefined) => Float64Array.from(values ?? []).sort();
  return { ttft: sorted(ttft), tpot: sorted(tpot), e2e: sorted(e2e) };
}
