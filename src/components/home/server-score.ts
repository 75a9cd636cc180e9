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
  // The longest wait among those that a narrow screen shows too.
  const early = rows.filter(({ arrived, last }) => arrived > 0.05 && arrived < 0.5 && last > 0.7);
  const waited = ({ arrived, first }: Row) => first - arrived;
  const shown = rows.indexOf(early.toSorted((a, b) => waited(b) - waited(a))[0] as (typeof rows)[number]);
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
