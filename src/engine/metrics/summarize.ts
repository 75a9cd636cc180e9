/** A run in a dozen numbers, under the definitions of any benchmark tool. */
import type { Run } from "../run.ts";
import { isClientLimited } from "./client-limited.ts";
import { fromSorted } from "./distribution.ts";
import { gapsOf } from "./gaps.ts";
import { measure } from "./measure.ts";
import { chunkSize } from "./record.ts";
import type { Distribution, Summary, SummaryOptions } from "./types.ts";
import { volumeOf } from "./volume.ts";

/**
 * Distributions over the successful requests of the window; counts over all of them; seconds, tokens per second.
 * `succeeded + failed + cancelled + unsent` is the number of scheduled requests; timed-out and refused ones are failed.
 * Throughput is that of successful requests: over the whole run, or what was delivered within the steady window.
 * Where chunks were not kept, ITL comes from the run's histogram of the whole run, or is empty. `approximate` says what
 * is not exact, and why. Throws InputError for an unknown option.
 */
export function summarize(run: Run, options: SummaryOptions = {}): Summary {
  const measured = measure(run, options);
  const { requests, window, rules } = measured;
  const done = requests.flatMap((r) => (r.metrics ? [r.metrics] : []));
  // What no request has was not measured, and a tool's filler for what is missing here and there would be an invention.
  const metric = (name: "ttft" | "tpot" | "e2e"): Distribution => {
    const filler = done.some((m) => m[name] !== undefined) ? rules.filler : undefined;
    return fromSorted(Float64Array.from(done.flatMap((m) => m[name] ?? filler ?? [])).sort(), rules.rank);
  };
  const count = (...statuses: string[]) => requests.filter((r) => statuses.includes(r.record.status)).length;

  let prompt = 0;
  let cached = 0;
  for (const { record, metrics } of requests)
    if (metrics) {
      prompt += record.promptTokens;
      cached += record.cachedTokens;
    }

  const { itl, icl, notes } = gapsOf(run, done, rules.rank);
  const duration = window.to - window.from;
  const volume = volumeOf(run, measured);
  const tokensPerChunk = chunkSize(requests.flatMap((r) => (r.metrics ? [r.record] : [])));
  const rate = (amount: number) => (Number.isNaN(duration) ? NaN : duration > 0 ? amount / duration : 0);
  return {
    ttft: metric("ttft"),
    tpot: metric("tpot"),
    itl,
    icl,
    e2e: metric("e2e"),
    duration,
    outputTokensPerSecond: rate(volume.outputTokens),
    totalTokensPerSecond: rate(volume.inputTokens + volume.outputTokens),
    requestsPerSecond: rate(volume.requests),
    succeeded: done.length,
    failed: count("failed", "timedOut", "refused"),
    cancelled: count("cancelled"),
    unsent: count("unsent"),
    cacheHitRate: prompt > 0 ? cached / prompt : 0,
    preemptions: window.requests.reduce((sum, i) => sum + run.requests.preemptions[i], 0),
    ...(tokensPerChunk !== undefined && { tokensPerChunk }),
    clientLimited: isClientLimited(run, {
      gap: icl.n > 0 ? icl.p(50) : undefined,
      latency: [metric("ttft"), metric("e2e")].find((d) => d.n > 0)?.p(50),
    }),
    approximate: [...measured.approximate, ...notes],
  };
}
