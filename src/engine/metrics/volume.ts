/** How many tokens and requests a window delivered. */
import { statuses, type Run } from "../run.ts";
import type { Measured } from "./measure.ts";

export interface Volume {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * Of successful requests only. Over the whole run: everything they brought, as the definition counts tokens. Within a
 * steady window: what arrived inside it, from requests that left before it too; a request's tokens are taken as evenly
 * spread from its first to its last, and its prompt and its completion happen at those two moments.
 */
export function volumeOf(run: Run, { window, requests }: Measured): Volume {
  let volume = { requests: 0, inputTokens: 0, outputTokens: 0 };
  if (!window.steady) {
    for (const { record, metrics } of requests)
      if (metrics)
        volume = {
          requests: volume.requests + 1,
          inputTokens: volume.inputTokens + record.promptTokens,
          outputTokens: volume.outputTokens + metrics.outputTokens,
        };
    return volume;
  }
  const { count, first, last, promptTokens, outputTokens, status } = run.requests;
  const within = (t: number) => (t > window.from && t <= window.to ? 1 : 0);
  for (let i = 0; i < count; i++) {
    if (statuses[status[i]] !== "succeeded") continue;
    const overlap = Math.min(last[i], window.to) - Math.max(first[i], window.from);
    const share = last[i] > first[i] ? Math.max(0, overlap) / (last[i] - first[i]) : within(last[i]);
    volume = {
      requests: volume.requests + within(last[i]),
      inputTokens: volume.inputTokens + within(first[i]) * promptTokens[i],
      outputTokens: volume.outputTokens + share * outputTokens[i],
    };
  }
  return volume;
}
