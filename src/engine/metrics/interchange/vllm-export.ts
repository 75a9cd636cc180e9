/** Writes a Run as the result file of `vllm bench serve --save-result --save-detailed`, by vLLM's own definitions. */
import { rulesOf } from "../definitions/definitions.ts";
import { fromSorted } from "../distribution.ts";
import { CHOICES, gaps, recordReader, timesOf } from "../record.ts";
import type { Run } from "../../run.ts";
import type { VllmBeside } from "./vllm-import.ts";

const metrics = ["ttft", "tpot", "itl", "e2el", "client_queue_time", "e2el_including_client_queue"] as const;
type Samples = Readonly<Record<(typeof metrics)[number], number[]>>;

/** What vLLM's own scripts look for. */
const percentiles = [50, 90, 95, 99];

/**
 * Percentiles are those that `beside` has, else p50, p90, p95 and p99. With `beside` of an import, what a Run does not hold
 * comes back from it; without, `generated_texts` are empty, since a Run keeps no text, and goodput is null.
 */
export function toVllm(run: Run, beside?: VllmBeside): Record<string, unknown> {
  const rules = rulesOf("vllm");
  const read = recordReader(run);
  const clock = beside?.clock ?? 0;
  const samples: Samples = {
    ttft: [],
    tpot: [],
    itl: [],
    e2el: [],
    client_queue_time: [],
    e2el_including_client_queue: [],
  };
  const rows = Array.from({ length: run.requests.count }, (_, i) => {
    const record = read(i);
    const m = rules.measure(record, record.started);
    const wait = Math.max(0, record.started - record.scheduled) || 0;
    if (record.status === "succeeded") {
      if (m.ttft !== undefined) samples.ttft.push(m.ttft);
      if (m.tpot !== undefined) samples.tpot.push(m.tpot);
      samples.itl.push(...m.itl);
      if (m.e2e !== undefined) {
        samples.e2el.push(m.e2e);
        samples.e2el_including_client_queue.push(m.e2e + wait);
      }
      samples.client_queue_time.push(wait);
    }
    const ends = timesOf(record, CHOICES) ?? [];
    return {
      ok: record.status === "succeeded",
      input: record.promptTokens,
      output: m.outputTokens,
      ttft: m.ttft ?? 0,
      itls: gaps(ends),
      latency: Number.isNaN(record.closed) ? 0 : (ends.at(-1) ?? record.closed) - record.started || 0,
      start: (Number.isNaN(record.started) ? record.scheduled : record.started) + clock,
      wait,
    };
  });
  const failures = new Map((run.failures ?? []).map((f) => [f.request, f.message]));
  const done = rows.filter((row) => row.ok);
  const sum = (read: (row: (typeof rows)[number]) => number) => done.reduce((total, row) => total + read(row), 0);
  const largest = run.requests.closed.reduce((most, t) => (t > most ? t : most), 0);
  const duration = typeof beside?.fields["duration"] === "number" ? beside.fields["duration"] : largest;
  const rate = (amount: number) => (duration > 0 ? amount / duration : 0);
  const [input, output] = [sum((r) => r.input), sum((r) => r.output)];

  const detail: Record<string, unknown> = {
    input_lens: rows.map((r) => r.input),
    output_lens: rows.map((r) => r.output),
    ttfts: rows.map((r) => r.ttft),
    itls: rows.map((r) => r.itls),
    latencies: rows.map((r) => r.latency),
    start_times: rows.map((r) => r.start),
    queue_times: rows.map((r) => r.wait),
    errors: beside?.errors ?? rows.map((r, i) => (r.ok ? "" : (failures.get(i) ?? "failed"))),
    generated_texts: beside?.texts ?? rows.map(() => ""),
  };
  const kept = beside
    ? Object.fromEntries(Object.entries(detail).filter(([name]) => beside.perRequest.includes(name)))
    : detail;
  const model = run.origin.kind === "measured" ? run.origin.model : "simulated";
  return {
    ...(beside ? {} : { ...askedOf(run), request_goodput: null, ...peaksOf(run) }),
    backend: "openai-chat",
    model_id: model,
    ...(beside ? {} : { tokenizer_id: model }),
    num_prompts: rows.length,
    ...(run.date ? { date: beside ? run.date : dateOf(run.date) } : {}),
    ...beside?.fields,
    duration,
    completed: done.length,
    failed: rows.length - done.length,
    total_input_tokens: input,
    total_output_tokens: output,
    request_throughput: rate(done.length),
    output_throughput: rate(output),
    total_token_throughput: rate(input + output),
    ...kept,
    ...statistics(samples, beside),
  };
}

/** The load, in vLLM's words: "inf" where all leave at once, or as answers come back. */
function askedOf({ workload, origin }: Run): Record<string, unknown> {
  const { arrivals, maxConcurrency } = workload;
  const users = arrivals.kind === "closed" ? arrivals.users : null;
  return {
    endpoint_type: "openai-chat",
    label: origin.kind === "measured" ? origin.target : "simulated",
    request_rate: "rate" in arrivals ? arrivals.rate : "inf",
    burstiness: arrivals.kind === "gamma" ? arrivals.burstiness : 1,
    max_concurrency: users ?? maxConcurrency ?? null,
  };
}

/** vLLM dates a file as 20261127-153000. */
function dateOf(date: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(date);
  return parts ? `${parts.slice(1, 4).join("")}-${parts.slice(4).join("")}` : date;
}

/** The most tokens that arrived in any second from a whole one on, a chunk counting as one as in vLLM, and requests at once. */
function peaksOf(run: Run): Record<string, number> {
  const read = recordReader(run);
  const seconds = new Map<number, number>();
  const events: [time: number, change: number][] = [];
  for (let i = 0; i < run.requests.count; i++) {
    const record = read(i);
    if (record.status !== "succeeded") continue;
    for (const t of timesOf(record, CHOICES) ?? []) seconds.set(Math.floor(t), (seconds.get(Math.floor(t)) ?? 0) + 1);
    events.push([record.started, 1], [record.last, -1]);
  }
  events.sort(([a, up], [b, down]) => a - b || up - down);
  let [now, most] = [0, 0];
  for (const [, change] of events) most = Math.max(most, (now += change));
  const peak = [...seconds.values()].reduce((all, one) => Math.max(all, one), 0);
  return { max_output_tokens_per_s: peak, max_concurrent_requests: most };
}

/** mean, median, standard deviation (of a population) and percentiles of each metric, ms; 0 where there are no samples. */
function statistics(samples: Samples, beside: VllmBeside | undefined): Record<string, number> {
  const out: Record<string, number> = {};
  for (const metric of metrics) {
    if (beside && beside.fields[`mean_${metric}_ms`] === undefined) continue;
    const values = Float64Array.from(samples[metric], (v) => v * 1000).sort();
    const of = fromSorted(values);
    const at = (q: number) => (of.n > 0 ? of.p(q) : 0);
    const mean = of.n > 0 ? of.mean : 0;
    out[`mean_${metric}_ms`] = mean;
    out[`median_${metric}_ms`] = at(50);
    out[`std_${metric}_ms`] =
      of.n > 0 ? Math.sqrt(values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / of.n) : 0;
    const names = Object.keys(beside?.fields ?? {}).filter(
      (name) =>
        /^p[\d.]+_/.test(name) && name.endsWith(`_${metric}_ms`) && name.split("_")[0] + `_${metric}_ms` === name,
    );
    for (const name of beside ? names : percentiles.map((q) => `p${q}_${metric}_ms`))
      out[name] = at(Number(name.slice(1, name.indexOf("_"))));
  }
  return out;
}
