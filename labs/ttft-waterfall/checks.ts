import { explain, percentile, type Parts, type Run } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { rates, serve } from "./traffic.ts";

type Term = keyof Parts;
type Waterfall = (run: Run, from: number, to: number) => Parts;
type P99Without = (run: Run, term: Term) => number;

const spoken: readonly Term[] = ["network", "queue", "prefill", "interference", "preemption", "client"];
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const ms = (seconds: number) => `${(seconds * 1000).toFixed(1)} ms`;
const same = (a: number, b: number) => Math.abs(a - b) <= 1e-9 + 1e-6 * Math.abs(b);

const ttfts = ({ requests: r }: Run) =>
  Array.from({ length: r.count }, (_, i) => (r.first[i] ?? NaN) - (r.scheduled[i] ?? NaN));
const termOf = (run: Run, term: Term) =>
  Array.from({ length: run.requests.count }, (_, i) => explain(run, i).ttft[term]);

/** Requests whose TTFT ranks from `from` to `to` per cent. */
function band(run: Run, from: number, to: number): number[] {
  const all = ttfts(run);
  const ranked = all.map((_, i) => i).sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0));
  return ranked.slice(Math.floor((from / 100) * all.length), Math.ceil((to / 100) * all.length));
}

function rightTerm(run: Run, from: number, to: number, term: Term): number {
  const each = termOf(run, term);
  return mean(band(run, from, to).map((i) => each[i] ?? NaN));
}

/** Traffic that nobody has seen, at one of the rates. */
function fresh(seed: number): Run {
  return serve(rates[seed % 4] ?? 22, 0.01 + (seed % 40) / 1000, 1000 + (seed % 100_000));
}

export default [
  check("The terms of a waterfall belong to the requests of its band, and add up to their TTFT", (lab) => {
    const waterfall = exportedFunction<Waterfall>(lab, "waterfall(run, from, to)");
    const run = fresh(lab.seed);
    const all = ttfts(run);
    for (const [from, to] of [
      [98, 100],
      [45, 55],
      [0, 10],
    ] as const) {
      const answer = waterfall(run, from, to);
      that(typeof answer === "object" && answer !== null && spoken.every((term) => Number.isFinite(answer[term])), {
        seen: String(answer),
        expected: "{ client, network, queue, … } in seconds",
        why: "Each term of explain(run, request).ttft has its mean.",
      });
      const sum = Object.values(answer).reduce((a, b) => a + b, 0);
      const right = mean(band(run, from, to).map((i) => all[i] ?? NaN));
      const show = { seen: `terms that add up to ${ms(sum)} from ${from} to ${to} %`, expected: ms(right) };
      that(!same(sum, mean(all)) || same(right, mean(all)), {
        ...show,
        why: "That is the mean over everybody. It describes neither the middle nor the tail.",
        hint: "Sort the requests by their TTFT first, then take a slice.",
      });
      const apart = spoken.reduce((total, term) => total + percentile(termOf(run, term), (from + to) / 2), 0);
      that(!(Math.abs(sum - apart) < 1e-6), {
        ...show,
        why: "That is a percentile of each term by itself. The request with the longest queue is not the one with the longest prefill, so such terms add up to nobody's TTFT.",
        hint: "First choose the requests, then take the mean of each of their terms.",
      });
      const reversed = mean(band(run, 100 - to, 100 - from).map((i) => all[i] ?? NaN));
      that(!same(sum, reversed) || same(right, reversed), {
        ...show,
        why: "These are the requests from the other end. Rank 0 is the quickest.",
      });
      close(sum, right, {
        relative: 1e-6,
        what: `the sum of the terms from ${from} to ${to} %, in seconds:`,
        why: "A waterfall that does not add up to the time to first token of its requests explains something else.",
        hint: "The band begins at from per cent of n, rounded down, and ends at to per cent, rounded up. Divide by how many there are.",
      });
      for (const term of spoken)
        close(answer[term], rightTerm(run, from, to, term), {
          absolute: 1e-9,
          what: `${term} from ${from} to ${to} %, in seconds:`,
          why: "It is the mean of this term over the requests of the band.",
        });
    }
  }),

  check("Without a term, somebody else is the p99", (lab) => {
    const p99Without = exportedFunction<P99Without>(lab, "p99Without(run, term)");
    const run = fresh(lab.seed + 7);
    const all = ttfts(run);
    const p99 = percentile(all, 99);
    for (const term of ["queue", "prefill", "network", "interference"] as const) {
      const each = termOf(run, term);
      const right = percentile(
        all.map((seconds, i) => seconds - (each[i] ?? NaN)),
        99,
      );
      const answer = p99Without(run, term);
      const show = { seen: `${ms(answer)} without ${term}`, expected: ms(right) };
      that(!same(answer, p99) || same(right, p99), {
        ...show,
        why: "That is the p99 as it is. Nothing has been taken away.",
        hint: "Take the term off each request's TTFT.",
      });
      that(!same(answer, p99 - rightTerm(run, 98, 100, term)) || term === "network", {
        ...show,
        why: "That takes the bar off the old p99. Those who were late for this reason move forward, and others are now the last.",
        hint: "Take the term off each request's TTFT, then ask for the p99 of what is left.",
      });
      that(!same(answer, p99 - percentile(each, 99)) || term === "network", {
        ...show,
        why: "Percentiles can't be subtracted. The longest of this term and the longest TTFT belong to different requests.",
        hint: "Take the term off each request's TTFT, then ask for the p99 of what is left.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: `the p99 without ${term}, in seconds:`,
        why: "Each request's TTFT less that request's own term, and then the p99 of all of them.",
        hint: "percentile(values, 99), over all requests of the run.",
      });
    }
  }),

  check("At 22 requests a second the tail is queue, and the middle is not", (lab) => {
    const waterfall = exportedFunction<Waterfall>(lab, "waterfall(run, from, to)");
    const share = (rate: number, from: number, to: number) => {
      const terms = waterfall(serve(rate, 0.02, 1 + (lab.seed % 5)), from, to);
      return terms.queue / Object.values(terms).reduce((a, b) => a + b, 0);
    };
    const [tail, middle] = [share(22, 98, 100), share(14, 45, 55)];
    that(tail > 0.7 && middle < 0.25, {
      seen: `${(100 * tail).toFixed(0)} % of the tail at 22 a second, ${(100 * middle).toFixed(0)} % of the middle at 14`,
      expected: "more than 70 %, and less than 25 %",
      why: "The two have different causes. Before the knee the middle is road and prefill; behind it the tail is people waiting for a seat.",
    });
  }),
];
