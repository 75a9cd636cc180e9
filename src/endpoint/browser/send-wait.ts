/** How long the browser itself held requests back before it sent them: Resource Timing, where the server's Timing-Allow-Origin lets it be read. */
import type { Run } from "../../engine/run.ts";

/** One request's times, ms on the worker's own clock. */
export type SendTimes = Pick<
  PerformanceResourceTiming,
  "startTime" | "fetchStart" | "domainLookupStart" | "connectEnd" | "requestStart"
>;

/** Starts to collect; the list grows as answers end. */
export function watchSendWaits(baseUrl: string): readonly SendTimes[] {
  const seen: SendTimes[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByType("resource") as PerformanceResourceTiming[])
      if (entry.name.startsWith(baseUrl)) seen.push(entry);
  });
  observer.observe({ type: "resource" });
  return seen;
}

/** p99 over the run's own requests, seconds, without the time to connect; the Run as it was where nothing could be read. */
export function withSendWait(run: Run, seen: readonly SendTimes[]): Run {
  const { measurement } = run;
  if (!measurement) return run;
  const waits = seen
    .filter(({ startTime, requestStart }) => requestStart > 0 && startTime >= measurement.zero * 1000)
    .map((t) => Math.max(0, t.requestStart - t.fetchStart - Math.max(0, t.connectEnd - t.domainLookupStart)) / 1000)
    .sort((a, b) => a - b);
  if (waits.length === 0) return run;
  return { ...run, measurement: { ...measurement, sendWait: waits[Math.floor(0.99 * (waits.length - 1))]! } };
}
