/** What the transport specs call inside the page: bundled, and given to it as text. */
import { requestId } from "../../src/engine/benchmark/request-id.ts";
import { MeasureError, measureInBrowser, measureThroughRunner, useEndpointWorker } from "../../src/endpoint/target.ts";
import { summarize } from "../../src/engine/metrics/summarize.ts";
import { statuses, type Run } from "../../src/engine/run.ts";

export interface Told {
  readonly transport: string;
  readonly ended: Run["ended"];
  readonly succeeded: number;
  readonly peak: number;
  readonly ttft: number;
  readonly fromScheduled: number;
  readonly longestStall: number;
  readonly sendWait: number | null;
  /** X-Request-Id of every request, and its TTFT, seconds; only where the transport could send the id. */
  readonly ids: readonly string[];
  readonly firsts: readonly number[];
}

export interface TransportPage {
  measure(via: "runner" | "browser", url: string, users: number, requests: number, tokens: number): Promise<Told>;
  useWorker(url: string): void;
}

function told(run: Run): Told {
  const measurement = run.measurement!;
  return {
    transport: run.origin.kind === "measured" ? run.origin.transport : "",
    ended: run.ended,
    succeeded: [...run.requests.status].filter((status) => statuses[status] === "succeeded").length,
    peak: measurement.peakInFlight,
    ttft: summarize(run).ttft.p(50),
    fromScheduled: summarize(run, { from: "scheduled" }).ttft.p(50),
    longestStall: measurement.longestStall ?? NaN,
    sendWait: measurement.sendWait ?? null,
    ids: Array.from({ length: run.requests.count }, (_, i) => requestId(measurement.salt, i)),
    firsts: [...run.requests.first].map((t) => t + measurement.zero),
  };
}

const page: TransportPage = {
  useWorker: (url) => useEndpointWorker(url),
  async measure(via, baseUrl, users, requests, tokens) {
    const target = { label: "sim", baseUrl, model: "bench" };
    const workload = {
      arrivals: { kind: "closed" as const, users },
      prompt: { kind: "fixed" as const, value: 40 },
      output: { kind: "fixed" as const, value: tokens },
      requests,
    };
    try {
      return told(await (via === "runner" ? measureThroughRunner : measureInBrowser)(target, workload));
    } catch (error) {
      throw error instanceof MeasureError ? new Error(`${error.kind}: ${error.message}`) : error;
    }
  },
};
Object.assign(globalThis, { transportPage: page });
