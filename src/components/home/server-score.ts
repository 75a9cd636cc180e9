/** Data of the picture on the home page: a moment of a busy server, one row a request, one tick a token. From the simulator. */
import { clamp, lognormal, poisson, simulate } from "../../engine/index.ts";
import { server } from "../figures/lesson-one.ts";

export interface Row {
  readonly arrived: number;
  readonly first: number;
  readonly tokens: readonly number[];
}

export interface Score {
  /** Seconds shown. */
  readonly window: number;
  readonly rows: readonly Row[];
  /** The row that is pointed out. */
  readonly shown: number;
  readonly ttft: number;
  readonly tpot: number;
  readonly seed: number;
}

const seed = 7;
const from = 4;
const window = 1.25;

/** Times are in seconds from the left edge. */
export function serverScore(): Score {
  const workload = {
    arrivals: poisson(15),
    prompt: clamp(lognormal({ mean: 700, sigma: 0.8 }), 32, 5000),
    output: clamp(lognormal({ mean: 160, sigma: 0.7 }), 8, 600),
    duration: 9,
    seed,
  };
  const { requests, chunks } = simulate(server, workload, { record: "chunks" });
  if (!chunks) throw new Error("the simulator kept no chunks");
  const tokens: number[][] = Array.from({ length: requests.count }, () => []);
  chunks.request.forEach((request, index) => tokens[request]?.push((chunks.t[index] ?? NaN) - from));
  const rows = tokens
    .map((times, request) => ({
      arrived: (requests.scheduled[request] ?? NaN) - from,
      first: (requests.first[request] ?? NaN) - from,
      last: (requests.last[request] ?? NaN) - from,
      tokens: times,
    }))
    .filter(({ arrived, last }) => arrived < window && last > 0);
  const shown = rows.findIndex(
    ({ arrived, first, last }) => arrived > 0.1 && arrived < 0.45 && first - arrived > 0.04 && last > window * 0.95,
  );
  const row = rows[shown];
  if (!row) throw new Error("no request of the home page's picture is whole enough to point out");
  return {
    window,
    rows,
    shown,
    ttft: row.first - row.arrived,
    tpot: (row.last - row.first) / (row.tokens.length - 1),
    seed,
  };
}
