/** `/metrics` under vLLM's names (vllm/v1/metrics/loggers.py), filled from what the endpoint really did. */
import type { PaceState } from "./pace/types.ts";

/** vLLM's bucket edges, seconds. */
const TTFT = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];
const ITL = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const REQUEST = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];

interface Histogram {
  readonly edges: readonly number[];
  readonly counts: number[];
  sum: number;
}

const histogram = (edges: readonly number[]): Histogram => ({
  edges,
  counts: new Array<number>(edges.length + 1).fill(0),
  sum: 0,
});

function observe(h: Histogram, value: number): void {
  let at = 0;
  while (at < h.edges.length && value > h.edges[at]!) at++;
  h.counts[at]!++;
  h.sum += value;
}

export class Metrics {
  promptTokens = 0;
  generationTokens = 0;
  private readonly finished = new Map<string, number>();
  private readonly ttft = histogram(TTFT);
  private readonly itl = histogram(ITL);
  private readonly tpot = histogram(ITL);
  private readonly e2e = histogram(REQUEST);

  first(seconds: number): void {
    observe(this.ttft, seconds);
  }

  gap(seconds: number): void {
    observe(this.itl, seconds);
  }

  /** A request has ended: "stop", "length", "abort" or "error". */
  end(reason: string, e2e: number, tpot: number | undefined): void {
    this.finished.set(reason, (this.finished.get(reason) ?? 0) + 1);
    observe(this.e2e, e2e);
    if (tpot !== undefined) observe(this.tpot, tpot);
  }

  /** The Prometheus text format. */
  text(state: PaceState, model: string): string {
    const label = `engine="0",model_name=${JSON.stringify(model)}`;
    const lines: string[] = [];
    const one = (type: string, name: string, help: string, value: number) =>
      lines.push(`# HELP vllm:${name} ${help}`, `# TYPE vllm:${name} ${type}`, `vllm:${name}{${label}} ${value}`);
    const many = (name: string, help: string, h: Histogram) => {
      lines.push(`# HELP vllm:${name} ${help}`, `# TYPE vllm:${name} histogram`);
      let cumulative = 0;
      h.counts.forEach((count, i) => {
        cumulative += count;
        lines.push(`vllm:${name}_bucket{${label},le="${h.edges[i] ?? "+Inf"}"} ${cumulative}`);
      });
      lines.push(`vllm:${name}_sum{${label}} ${h.sum}`, `vllm:${name}_count{${label}} ${cumulative}`);
    };
    one("gauge", "num_requests_running", "Requests in the batch.", state.running);
    one("gauge", "num_requests_waiting", "Requests waiting to be scheduled.", state.waiting);
    one("gauge", "kv_cache_usage_perc", "KV blocks in use; 1 is all of them.", state.kvUsage);
    one("counter", "prefix_cache_queries_total", "Prompt tokens looked up in the prefix cache.", state.prefixQueries);
    one("counter", "prefix_cache_hits_total", "Prompt tokens found in the prefix cache.", state.prefixHits);
    one("counter", "num_preemptions_total", "Requests thrown out for lack of KV blocks.", state.preemptions);
    one("counter", "prompt_tokens_total", "Prompt tokens taken.", this.promptTokens);
    one("counter", "generation_tokens_total", "Tokens generated.", this.generationTokens);
    lines.push(
      "# HELP vllm:request_success_total Requests ended, by reason.",
      "# TYPE vllm:request_success_total counter",
    );
    for (const [reason, count] of this.finished)
      lines.push(`vllm:request_success_total{${label},finished_reason="${reason}"} ${count}`);
    many("time_to_first_token_seconds", "Arrival to first token.", this.ttft);
    many("inter_token_latency_seconds", "Between tokens.", this.itl);
    many("request_time_per_output_token_seconds", "Mean gap between tokens, by request.", this.tpot);
    many("e2e_request_latency_seconds", "Arrival to end.", this.e2e);
    // The one name that is ours: who measures this server must be able to see that it is none.
    lines.push("# HELP perflab_simulated No GPU here.", "# TYPE perflab_simulated gauge", "perflab_simulated 1");
    return `${lines.join("\n")}\n`;
  }
}
