import { benchmark, chart, fixed, param, percentile, poisson, statuses, type Run } from "perflab";

/** The p99 of the wait for a first token under one cap, in seconds, counted in both ways. */
interface Point {
  /** Most requests under way. */
  cap: number;
  /** From when the request left the generator. */
  left: number;
  /** From when it was due. */
  due: number;
}

/** Seconds to the first token of each request that succeeded, counted from when it left ("started") or was due ("scheduled"). */
export function ttfts(run: Run, from: "started" | "scheduled"): number[] {
  const r = run.requests;
  const all = Array.from(r.first, (first, i) => first - r[from][i]);
  // NaN: the answer came in one piece, so nobody can tell when its first token was there.
  return all.filter((wait, i) => statuses[r.status[i]] === "succeeded" && !Number.isNaN(wait));
}

/** Seconds that 99 of 100 requests waited at most in the generator before they left; of those that succeeded. */
export function clientWait(run: Run): number {
  const r = run.requests;
  const all = Array.from(r.started, (started, i) => started - r.scheduled[i]);
  return percentile(
    all.filter((_, i) => statuses[r.status[i]] === "succeeded"),
    99,
  );
}

/** The smallest cap from which on both ways to count differ by no more than `limit` (0.1 is 10 %), or Infinity. */
export function honestCap(points: readonly Point[], limit: number): number {
  let honest = Infinity;
  for (const { cap, left, due } of points.toSorted((a, b) => b.cap - a.cap)) {
    if (due / left > 1 + limit) break;
    honest = cap;
  }
  return honest;
}

const cap = param("cap");
const caps = [cap / 2, cap, cap * 2, 1000];
export const points: Point[] = [];
export let dueP99Ms = NaN;
for (const maxConcurrency of caps) {
  const run = await benchmark(
    {
      arrivals: poisson(param("rate")),
      prompt: fixed(800),
      output: fixed(200),
      requests: param("requests"),
      maxConcurrency,
    },
    { warmup: maxConcurrency === caps[0] ? 4 : 0 },
  );
  if (ttfts(run, "started").length === 0) continue;
  const p99 = (from: "started" | "scheduled") => percentile(ttfts(run, from), 99);
  points.push({ cap: maxConcurrency, left: p99("started"), due: p99("scheduled") });
  console.log(`cap ${maxConcurrency}: waited up to ${(clientWait(run) * 1000).toFixed(0)} ms in the generator (p99)`);
  if (maxConcurrency !== cap) continue;
  dueP99Ms = p99("scheduled") * 1000;
  const r = run.requests;
  chart.line({
    title: `Where each request waited, with a cap of ${cap}`,
    x: { label: "When the request was due", unit: "s" },
    y: { label: "Wait", unit: "s" },
    series: [
      { name: "in the generator", points: Array.from(r.scheduled, (x, i) => ({ x, y: r.started[i] - x })) },
      {
        name: "in the server, for its first token",
        points: Array.from(r.scheduled, (x, i) => ({ x, y: r.first[i] - r.started[i] })),
      },
    ],
  });
}
if (points.length > 0) {
  chart.line({
    title: "The wait for a first token, at p99",
    x: { label: "Most requests under way", scale: "log" },
    y: { label: "Wait", unit: "s" },
    series: [
      { name: "from when it left", points: points.map(({ cap, left }) => ({ x: cap, y: left })) },
      { name: "from when it was due", points: points.map(({ cap, due }) => ({ x: cap, y: due })) },
    ],
  });
  console.log(`Honest from a cap of ${honestCap(points, 0.1)} on.`);
}
