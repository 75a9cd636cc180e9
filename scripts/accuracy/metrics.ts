/** Metrics of the measurement files: which table they belong to, and their unit in SI. */

export const tables = ["throughput", "tpot", "ttft", "step", "latency", "memory"] as const;
export type Table = (typeof tables)[number];

const throughput = ["output_throughput", "output_throughput_per_gpu", "total_token_throughput", "request_throughput"];
const step = [
  "decode_throughput",
  "prefill_throughput",
  "prefill_time_batch",
  "decode_step_time_mean",
  "e2e_latency_batch",
  "achieved_weight_bandwidth_per_gpu",
];
const memory = ["kv_cache_tokens", "kv_cache_memory_per_gpu", "weights_memory_per_gpu", "gpu_memory_used"];

/** The table of a metric under a kind of load; prefill, decode and static-batch rows have their own. */
export function tableOf(metric: string, load: string): Table | undefined {
  if (memory.includes(metric)) return "memory";
  if (step.includes(metric)) return "step";
  const timed = throughput.includes(metric) || /^(ttft|tpot|itl|e2e_latency|makespan)/.test(metric);
  if (timed && load === "static") return "step";
  if (throughput.includes(metric)) return "throughput";
  if (/^(tpot|itl)/.test(metric)) return "tpot";
  if (metric.startsWith("ttft")) return "ttft";
  if (metric === "makespan" || metric.startsWith("e2e_latency")) return "latency";
  return undefined;
}

/** What one of a row's unit is in seconds, bytes or counts; undefined for a unit we do not know. */
export function unitScale(unit: string, metric: string): number | undefined {
  const plain = unit.toLowerCase();
  if (metric.includes("memory")) {
    if (plain.includes("gib")) return 2 ** 30;
    if (plain.startsWith("mib")) return 2 ** 20;
    if (plain.startsWith("gb")) return 1e9;
    return plain.startsWith("mb") ? 1e6 : undefined;
  }
  if (metric === "achieved_weight_bandwidth_per_gpu") return plain.startsWith("tb") ? 1e12 : 1e9;
  if (/^(us|µs)/.test(plain)) return 1e-6;
  if (plain.startsWith("ms")) return 1e-3;
  if (plain === "s" || plain.startsWith("sec") || plain.startsWith("s ")) return 1;
  if (/^(tok|req|samples|queries)/.test(plain)) return 1;
  return undefined;
}
