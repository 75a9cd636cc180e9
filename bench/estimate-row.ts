/** The estimator's budget: microseconds for one point. */
import { performance } from "node:perf_hooks";
import { estimate } from "../src/engine/estimate/estimate.ts";
import { server } from "./engine/loads.ts";
import { median, type Row } from "./report.ts";

export function estimateRow(): Row {
  const points = 2000;
  const times: number[] = [];
  for (let repeat = 0; repeat < 9; repeat++) {
    const start = performance.now();
    for (let k = 0; k < points; k++) estimate(server, { prompt: 256 + k, output: 128, concurrency: 1 + (k % 64) });
    times.push((1000 * (performance.now() - start)) / points);
  }
  return { id: "estimate.microseconds", value: median(times), unit: "µs", peer: null, peerValue: null, ratio: null };
}
