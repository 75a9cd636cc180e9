/** The report card as a table, filled in from the run and from what you say about your server. */
import { chart, goodput, summarize, type Run } from "perflab";

/** What no program can read off a run. */
export interface About {
  readonly gpu: string;
  readonly engine: string;
  readonly formats: string;
}
/** The lines that are yours. Seconds, and requests per second. */
export interface Yours {
  readonly achievedRate: number;
  readonly p99Ttft: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly unaccounted: number;
  readonly onTheWay: number;
}

const digits = (n: number, unit: string) => (Number.isFinite(n) ? `${Number(n.toPrecision(3))} ${unit}` : "not known");
const ms = (seconds: number) => digits(seconds * 1000, "ms");

/** Draws the card. What nobody knows is said to be unknown. */
export function show(run: Run, about: About, yours: Yours, limit: number): void {
  const { origin, workload, measurement } = run;
  const all = summarize(run, { window: "all" });
  const due = summarize(run, { window: "all", from: "scheduled" });
  const bounded = yours.p99Ttft;
  const kept = all.succeeded > 0 ? goodput(run, { ttft: limit }, { window: "all", from: "scheduled" }) : undefined;
  const rows: [string, string][] = [
    ["Model", origin.kind === "measured" ? origin.model : "llama-3.1-8b, simulated"],
    ["GPU, engine, formats", [about.gpu, about.engine, about.formats].map((each) => each || "not said").join("; ")],
    ["Arrivals", "Poisson, open loop"],
    ["Rate asked", "rate" in workload.arrivals ? digits(workload.arrivals.rate, "requests/s") : "none"],
    ["Rate achieved", digits(yours.achievedRate, "requests/s")],
    ["Requests", `${run.requests.count}, of which ${all.succeeded} succeeded`],
    ["Warm-up", measurement ? `${measurement.warmup} requests, not counted` : "none"],
    ["Prefix cache", "cold: prompts begin with a salt of the run"],
    ["TTFT p50, from when sent", all.ttft.n > 0 ? ms(all.ttft.p(50)) : "not known"],
    ["TTFT p50, from when due", due.ttft.n > 0 ? ms(due.ttft.p(50)) : "not known"],
    [
      "TTFT p99",
      bounded ? `${ms(bounded.value)}, between ${ms(bounded.low)} and ${ms(bounded.high)}` : "too few requests to say",
    ],
    [`Goodput, first token within ${ms(limit)}`, kept ? digits(kept.requestsPerSecond, "requests/s") : "not known"],
    ["Tokens the server wrote and nobody got", digits(yours.unaccounted, "tokens")],
    ["TTFT spent on the way", ms(yours.onTheWay)],
    ["Percentiles", "linear interpolation; interval by order statistics, 95 %"],
  ];
  chart.table({ title: "Report card", columns: ["Field", "Value"], rows });
}
