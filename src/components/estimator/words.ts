/** Numbers and findings of the estimator in words. */
import { unitAfter, formatNumber } from "../../engine/chart/format.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import { count, number, percent, time, usd } from "../format.ts";

export { count, number, percent, time };

/** "$412", "$0.00076", "$1,250,000": cents where they matter. */
export function money(dollars: number): string {
  if (!Number.isFinite(dollars)) return "–";
  return dollars >= 100 ? unitAfter(formatNumber(dollars, dollars >= 1e5 ? 4 : 3), "$") : usd(dollars);
}

export function perSecond(rate: number): string {
  return `${number(rate)}\u00a0/s`;
}

export function gigabytes(bytes: number): string {
  return `${number(bytes / 1e9)}\u00a0GB`;
}

export function between({ low, high }: Ranged, show: (value: number) => string): string {
  return `${show(low)} to ${show(high)}`;
}

/** What holds the server back, and what would help. */
export const boundWords: Readonly<Record<string, string>> = {
  memory:
    "KV-cache memory: every place is taken, and further requests wait. More memory, an 8-bit KV cache or shorter contexts let more in.",
  weights:
    "reading the weights: each step reads them once, however many requests share it. More requests at once cost little; smaller weights or more bandwidth make every token faster.",
  kv: "reading the KV cache: each request’s context is read at every step. An 8-bit KV cache, shorter contexts or more bandwidth help.",
  compute:
    "arithmetic: the tensor cores are busy. Faster number formats, more GPUs or fewer prompt tokens (a cached prefix) help.",
  communication: "communication between GPUs: a faster link, or more replicas of fewer GPUs each, help.",
  overhead: "the engine’s own work between steps: larger batches share it; a newer engine has less of it.",
};
