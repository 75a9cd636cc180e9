/** A page of a server's own metrics, pasted: what holds requests back at that moment, and what happened since its start. */
import { InputError } from "../../engine/errors.ts";
import { readCounters } from "../server-metrics/counters.ts";
import { readPrometheus } from "../server-metrics/prometheus.ts";
import { filled, type TextFinding } from "./fill.ts";
import advice from "./metrics-advice.json" with { type: "json" };
import type { ServerName, Severity } from "./report.ts";

type Id = keyof typeof advice.findings;

export interface MetricsPage {
  readonly server: ServerName;
  readonly running?: number;
  readonly waiting?: number;
  /** Share of the KV cache in use, 0 to 1. */
  readonly kv?: number;
  readonly kvBlocks?: number;
  /** Means since the server's start, seconds. */
  readonly means: Readonly<Record<string, number>>;
  readonly findings: readonly TextFinding[];
}

/** Above it memory is what requests wait for. */
const FULL = 0.9;
const MOSTLY = 0.5;
const order: readonly Severity[] = ["stops", "distorts", "note", "good"];

/** Throws InputError for a text that is no metrics page of a server we know. */
export function readMetrics(text: string): MetricsPage {
  const values = readPrometheus(text);
  const counters = readCounters(text);
  const found = Object.entries(advice.gauges).find(([, names]) =>
    Object.values(names).some((candidates) => candidates.some((name) => values.has(name))),
  );
  const server = (found?.[0] ?? counters?.engine) as ServerName | undefined;
  if (server === undefined)
    throw new InputError(
      "the metrics page",
      text.trim().slice(0, 60),
      "the text of /metrics of vLLM, SGLang (--enable-metrics) or llama-server (--metrics)",
    );
  const gauge = (name: "running" | "waiting" | "kv"): number | undefined => {
    const known = found?.[1][name].find((candidate) => values.has(candidate));
    return known === undefined ? undefined : values.get(known)!;
  };
  const [running, waiting, kv] = [gauge("running"), gauge("waiting"), gauge("kv")];
  const means = Object.fromEntries(
    Object.entries(counters?.histograms ?? {}).flatMap(([name, { sum, count }]) =>
      count > 0 && sum >= 0 ? [[name, sum / count] as const] : [],
    ),
  );
  const findings: TextFinding[] = [];
  const say = (id: Id, more: Readonly<Record<string, string>> = {}): void => {
    const { severity, what, fix } = advice.findings[id];
    const words = { running: running ?? 0, waiting: waiting ?? 0, kv: kv === undefined ? "" : percent(kv), ...more };
    const own = (fix as Readonly<Record<string, string>>)[server] ?? fix.default;
    findings.push({ id, severity: severity as Severity, what: filled(what, words), fix: filled(own, words) });
  };
  if (counters?.simulated) say("simulated");
  if ((waiting ?? 0) > 0) say(kv === undefined ? "waits" : kv >= FULL ? "waits-for-memory" : "waits-for-places");
  else if ((running ?? 0) > 0) say("busy");
  const { preemptions = 0, prefixHits = 0, prefixQueries = 0 } = counters?.counters ?? {};
  if (preemptions > 0) say("preempted", { count: preemptions.toLocaleString("en-GB") });
  const { ttft, queue } = means as Readonly<Record<string, number | undefined>>;
  if (ttft !== undefined && queue !== undefined && queue > MOSTLY * ttft)
    say("mostly-queue", { share: percent(queue / ttft), ttft: `${Number((ttft * 1000).toPrecision(3))} ms` });
  if (prefixQueries > 0 && prefixHits > 0) say("prefix-hits", { share: percent(prefixHits / prefixQueries) });
  if (!findings.some(({ severity }) => severity === "distorts")) say("quiet");
  return {
    server,
    ...(running !== undefined && { running }),
    ...(waiting !== undefined && { waiting }),
    ...(kv !== undefined && { kv }),
    ...(counters?.kvBlocks !== undefined && { kvBlocks: counters.kvBlocks }),
    means,
    findings: findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)),
  };
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
