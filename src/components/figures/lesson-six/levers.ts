/** What each lever takes off the p99 of the first token, by itself and once a prefix is reused: an assistant with long instructions. */
import { fixed, lognormal, poisson, simulate, summarize } from "../../../engine/index.ts";
import { bars } from "../../../engine/chart/index.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import type { Server } from "../../../engine/server.ts";
import type { Workload } from "../../../engine/workload/types.ts";
import { kept } from "../kept.ts";
import { server } from "./traffic.ts";

interface Lever {
  readonly name: string;
  /** Its price in the lab. */
  readonly points: number;
  readonly server?: Partial<Server>;
  readonly workload?: Partial<Workload>;
}

export const levers = {
  reuse: { points: 20, name: "cache the shared 3,000 tokens", server: { scheduler: { enablePrefixCaching: true } } },
  fp8: { points: 35, name: "FP8 weights", server: { weights: "fp8" } },
  secondGpu: { points: 60, name: "a second GPU", server: { tensorParallel: 2 } },
  secondServer: { points: 60, name: "a second server", server: { replicas: 2, routing: "least-loaded" } },
  shortPrompts: { points: 25, name: "fewer passages", workload: { prompt: lognormal({ median: 900, sigma: 0.5 }) } },
  largeSteps: { points: 5, name: "2,048 tokens a step", server: { scheduler: { maxNumBatchedTokens: 2048 } } },
  shortAnswers: { points: 15, name: "shorter answers", workload: { output: lognormal({ median: 67, sigma: 0.7 }) } },
  keepAlive: { points: 5, name: "open connections", server: { network: { rtt: 0.04 } } },
  speculate: {
    points: 30,
    name: "speculation",
    server: { speculation: { acceptance: 0.7, draftTokens: 4, draftCost: 0.05 } },
  },
} as const satisfies Readonly<Record<string, Lever>>;
export type LeverId = keyof typeof levers;

/** p99 of TTFT with these levers pulled, their ids apart by spaces: the mean of three samples of 120 requests. Seconds. */
export const p99With = kept((pulled: string): number => {
  const chosen: Lever[] = (Object.keys(levers) as LeverId[])
    .filter((id) => pulled.split(" ").includes(id))
    .map((id) => levers[id]);
  const scheduler = { maxNumBatchedTokens: 512, maxNumSeqs: 128, enablePrefixCaching: false, blockSize: 64 };
  const each = [1, 2, 3].map((seed) => {
    const on: Server = {
      ...server,
      network: { rtt: 0.12 },
      ...Object.assign({}, ...chosen.map((lever) => lever.server)),
      scheduler: Object.assign({}, scheduler, ...chosen.map((lever) => lever.server?.scheduler)),
    };
    const load: Workload = {
      arrivals: poisson(4),
      prefix: { groups: 4, tokens: fixed(3000) },
      prompt: lognormal({ median: 1500, sigma: 0.5 }),
      output: lognormal({ median: 100, sigma: 0.7 }),
      requests: 120,
      seed,
      ...Object.assign({}, ...chosen.map((lever) => lever.workload)),
    };
    return summarize(simulate(on, load), { window: "all" }).ttft.p(99);
  });
  return each.reduce((a, b) => a + b, 0) / each.length;
});

/** Seconds that a lever takes off the p99, by itself or after reuse. */
export function saved(lever: LeverId, after: "" | "reuse"): number {
  return p99With(after) - p99With(`${after} ${lever}`);
}

/** The same for each point that the lever costs in the lab. */
export function perPoint(lever: LeverId, after: "" | "reuse"): number {
  return saved(lever, after) / levers[lever].points;
}

export function leverChart(): ChartDescription {
  const ids = Object.keys(levers) as LeverId[];
  return bars({
    title: "What each lever takes off the p99",
    y: { label: "Off the p99 of TTFT", unit: "s" },
    categories: ids.map((id) => levers[id].name),
    series: [
      { name: "by itself", values: ids.map((id) => saved(id, "")) },
      { name: "once the 3,000 are cached", values: ids.map((id) => (id === "reuse" ? 0 : saved(id, "reuse"))) },
    ],
  });
}
