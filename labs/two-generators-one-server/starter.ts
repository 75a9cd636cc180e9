import { benchmark, chart, closed, fixed, param, percentile, poisson, statuses, type Run } from "perflab";

/** Seconds from when each request was due to its last token; of those that succeeded. */
export function latencies(run: Run): number[] {
  const r = run.requests;
  const all = Array.from(r.last, (last, i) => last - r.started[i]); // Since when has the user been waiting?
  return all.filter((_, i) => statuses[r.status[i]] === "succeeded");
}

/** Seconds from one request of one user to the next, while nothing is slow. `rate`: requests a second of all users. */
export function expectedInterval(users: number, rate: number): number {
  return 1 / rate; // Whose interval is that?
}

/** The latencies, and after each that is longer than the interval those of the requests that were not sent meanwhile. */
export function corrected(seen: readonly number[], interval: number): number[] {
  return [...seen]; // Yours to write.
}

const users = param("users");
const rate = param("rate");
const load = { prompt: fixed(64), output: fixed(3), requests: param("requests") };
// Alone, such an answer takes 20 ms; a user who thinks for the rest of the interval makes the rate.
const thinkTime = fixed(Math.max(0, users / rate - 0.02));
const polite = await benchmark({ ...load, arrivals: closed(users, { thinkTime }) });
const onSchedule = await benchmark({ ...load, arrivals: poisson(rate) });

const closedTimes = latencies(polite);
const openTimes = latencies(onSchedule);
const correctedTimes = corrected(closedTimes, expectedInterval(users, rate));

const sent = (name: string, run: Run) => ({
  name,
  points: [...run.requests.started].sort((a, b) => a - b).map((x, i) => ({ x, y: i + 1 })),
});
chart.line({
  title: "Requests sent so far",
  x: { label: "Time", unit: "s" },
  y: { label: "Requests sent" },
  series: [sent("closed loop", polite), sent("open loop", onSchedule)],
});
if (closedTimes.length > 0 && openTimes.length > 0) {
  chart.ecdf({
    title: "How long the requests took",
    x: { label: "From due to last token", unit: "s", scale: "log" },
    samples: [
      { name: "closed loop", values: closedTimes },
      { name: "closed loop, corrected", values: correctedTimes },
      { name: "open loop", values: openTimes },
    ],
  });
  for (const [name, times] of Object.entries({ closedTimes, correctedTimes, openTimes })) {
    const at = (q: number) => `p${q} ${(percentile(times, q) * 1000).toFixed(0)} ms`;
    console.log(`${name}: ${times.length} values, ${[50, 95, 99].map(at).join(", ")}`);
  }
}

export const closedP99Ms = closedTimes.length > 0 ? percentile(closedTimes, 99) * 1000 : NaN;
