import { chart, param, simulate, type Queued, type SchedulerState } from "perflab";
import { attempt, kept, left, newBlocks, server, traffic, waits } from "./traffic.ts";

/** Whoever has the lowest goes first. It gives tokens of prompt away for each second waited, so that nobody waits for ever. */
export function urgency(q: Queued, now: number): number {
  return left(q) - 2000 * (now - q.arrived);
}

/** One step: whom to let write, whose prompts to compute and how far, and who must give blocks back. */
export function pick({ now, tokenBudget, maxNumSeqs, freeBlocks, blockSize, running, waiting }: SchedulerState) {
  const decode: number[] = [];
  const prefill: { request: number; tokens: number }[] = [];
  const preempt: number[] = [];
  const stays = [...running]; // in the order in which they were admitted
  let tokens = tokenBudget;
  let free = freeBlocks;
  const compute = (q: Queued, n: number) => {
    tokens -= n;
    free -= newBlocks(q, n, blockSize);
    if (left(q) === 1 && q.generated > 0) decode.push(q.request);
    else prefill.push({ request: q.request, tokens: n });
  };

  // Those who run, first come first.
  for (let k = 0; k < stays.length && tokens > 0; k++) {
    const q = stays[k];
    const n = Math.min(left(q), tokens);
    while (newBlocks(q, n, blockSize) > free && stays.length > k) {
      const last = stays.pop()!;
      preempt.push(last.request);
      free += last.blocks;
    }
    if (stays.length > k) compute(q, n);
  }
  if (preempt.length > 0) return { decode, prefill, preempt };

  // Then those who wait.
  const line = [...waiting].sort((a, b) => urgency(a, now) - urgency(b, now));
  for (const q of line) {
    if (tokens === 0) break;
    if (stays.length >= maxNumSeqs) break;
    if (newBlocks(q, left(q), blockSize) > free) break;
    stays.push(q);
    compute(q, Math.min(left(q), tokens));
  }
  return { decode, prefill, preempt };
}

const rate = param("rate");
const load = traffic(rate, 2);
const own = attempt(pick, load);
const theirs = simulate(server, load);
const both = [{ name: "vLLM's", run: theirs }, ...(own ? [{ name: "yours", run: own }] : [])];
chart.table({
  title: `${rate} requests a second, one in ten a document`,
  columns: ["", "Promise kept, %", "Longest wait, s", "Median wait, s", "Preempted"],
  rows: both.map(({ name, run }) => {
    const sorted = waits(run).sort((a, b) => a - b);
    const preemptions = [...run.requests.preemptions].reduce((a, b) => a + b, 0);
    const [longest, median] = [sorted[sorted.length - 1], sorted[sorted.length >> 1]];
    return [name, Math.round(100 * kept(run)), Number(longest.toFixed(2)), Number(median.toFixed(2)), preemptions];
  }),
});
chart.ecdf({
  title: "How long requests wait for their first token",
  x: { label: "Wait", unit: "s" },
  samples: both.map(({ name, run }) => ({ name, values: waits(run) })),
  marks: [{ x: 1, label: "promised" }],
});
if (own) chart.timeline(own, { title: "The server under your scheduler" });

// For the prediction: at 9 requests a second, whatever the slider says.
const atNine = rate === 9 ? own : attempt(pick, traffic(9, 2));
export const keptPercent = atNine ? 100 * kept(atNine) : NaN;
