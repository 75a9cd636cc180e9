/** Spreads points over worker threads: each takes the next as soon as it is free. */
import { Worker } from "node:worker_threads";
import type { Point, PointResult } from "./points.ts";

interface SpreadOptions {
  readonly threads: number;
  readonly signal?: AbortSignal;
  onPoint?(done: number, of: number): void;
}

/**
 * Results in the order of the points, the same whatever the number of threads. Once the signal is aborted, those that were finished;
 * points that were being computed are given up. Rejects where a thread dies.
 */
export function spread(points: readonly Point[], options: SpreadOptions): Promise<PointResult[]> {
  const { signal, onPoint } = options;
  const results = new Map<number, PointResult>();
  let next = 0;
  return new Promise((resolve, reject) => {
    const workers = new Set<Worker>();
    const end = (): void => {
      signal?.removeEventListener("abort", end);
      for (const worker of workers) void worker.terminate();
      resolve(points.flatMap(({ index }) => results.get(index) ?? []));
    };
    const fail = (error: Error): void => {
      signal?.removeEventListener("abort", end);
      for (const worker of workers) void worker.terminate();
      reject(error);
    };
    const feed = (worker: Worker): void => {
      const point = points[next++];
      if (point) worker.postMessage(point);
    };
    if (points.length === 0 || signal?.aborted) return end();
    signal?.addEventListener("abort", end);
    for (let i = 0; i < Math.min(options.threads, points.length); i++) {
      const worker = new Worker(new URL("./point-worker.ts", import.meta.url));
      workers.add(worker);
      worker.on("message", (result: PointResult) => {
        results.set(result.index, result);
        onPoint?.(results.size, points.length);
        if (results.size === points.length) end();
        else feed(worker);
      });
      worker.on("error", fail);
      feed(worker);
    }
  });
}
