/** Data to try the analyser with: made up, repeatable, each with one thing to see. */
import { exp, log } from "../numeric.ts";
import { createRandom } from "../random.ts";
import type { Settings } from "./settings.ts";

export interface Example {
  readonly id: string;
  readonly title: string;
  /** What to look at. */
  readonly shows: string;
  readonly text: () => string;
  readonly settings?: Partial<Settings>;
}

/** Lognormal, to a hundredth. */
function latencies(median: number, sigma: number, n: number, seed: number): number[] {
  const random = createRandom(seed, "example latencies");
  return Array.from({ length: n }, () => Number((median * exp(sigma * random.normal())).toFixed(2)));
}

export const examples: readonly Example[] = [
  {
    id: "ten",
    title: "Ten latencies",
    shows: "Ten values have no p99: each method gives another, and none has an interval.",
    text: () => "8\n12\n14\n15\n16\n18\n22\n25\n45\n120\n",
  },
  {
    id: "servers",
    title: "Nine servers and a slow one",
    shows: "The average of ten p99s is far from the p99 of all requests.",
    text: () =>
      csv(
        "server,latency_ms",
        Array.from({ length: 10 }, (_, s) =>
          latencies(s === 9 ? 500 : 50, 0.6, 500, s).map((ms) => `server ${s + 1},${ms}`),
        ).flat(),
      ),
  },
  {
    id: "stall",
    title: "A server that stood still",
    shows: "The client waited and did not send: without correction the stall is one request in a thousand.",
    text: () => csv("latency_ms", [...latencies(10, 0.2, 700, 1), 5000, ...latencies(10, 0.2, 300, 2)].map(String)),
    settings: { interval: 0.01 },
  },
  {
    id: "cache",
    title: "Hits and misses of a prefix cache",
    shows: "Two groups behind one column; and failures that must not disappear.",
    text: () => {
      const random = createRandom(7, "example");
      const hit = latencies(120, 0.25, 1200, 3);
      const miss = latencies(1100, 0.3, 1200, 4);
      let clock = 0;
      const rows = hit.map((ms, i) => {
        clock += -log(1 - random.uniform()) * 0.25;
        const ttft = random.uniform() < 0.7 ? ms : miss[i]!;
        const tokens = 40 + random.integer(300);
        const failed = random.uniform() < 0.012;
        return failed
          ? `${clock.toFixed(3)},,,,timeout`
          : `${clock.toFixed(3)},${ttft},${(ttft + tokens * (11 + 4 * random.uniform())).toFixed(1)},${tokens},`;
      });
      return csv("start_s,ttft_ms,e2e_ms,output_tokens,error", rows);
    },
    settings: { slo: { ttft: 0.5, e2e: 5 } },
  },
];

function csv(head: string, rows: readonly string[]): string {
  return `${head}\n${rows.join("\n")}\n`;
}
