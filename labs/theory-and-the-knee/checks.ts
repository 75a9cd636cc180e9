import { queueing, type Run } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { serve, simulated } from "./traffic.ts";

type Capacity = (run: Run) => number;
type TimesOff = (a: number, b: number) => number;
type SafeRate = (p99: (rate: number) => number, rates: readonly number[], limit: number) => number;

function rightCapacity({ requests }: Run): number {
  const ends = [...requests.last].sort((a, b) => a - b);
  const [from, to] = [Math.floor(0.2 * ends.length), Math.floor(0.8 * ends.length)];
  return (to - from) / ((ends[to] ?? NaN) - (ends[from] ?? NaN));
}
const near = (a: number, b: number) => Math.abs(a / b - 1) < 1e-6;

export default [
  check("capacity is what a full server finishes, without its start and its end", (lab) => {
    const capacity = exportedFunction<Capacity>(lab, "capacity(run)");
    const run = serve(35 + (lab.seed % 15), 1000 + (lab.seed % 100_000));
    const [answer, right] = [capacity(run), rightCapacity(run)];
    const { last, count } = run.requests;
    const show = { seen: `${answer.toFixed(2)} requests a second`, expected: right.toFixed(2) };
    that(!near(answer, count / Math.max(...last)), {
      ...show,
      why: "That is over the whole run. At its end a few long answers are alone on the server, and nobody is let in any more: it is not full then.",
      hint: "Sort run.requests.last. Leave out the first fifth of the ends and the last.",
    });
    that(!near(answer, 1 / right), {
      ...show,
      why: "That is the seconds between one end and the next. Capacity is how many there are in a second.",
    });
    close(answer, right, {
      relative: 0.01,
      what: "capacity, in requests a second:",
      why: "Three fifths of the requests end between those two moments.",
      hint: "(to − from) ÷ (ends[to] − ends[from]), with the ends in order.",
    });
  }),

  check("Too high and too low by the same factor are equally far off", (lab) => {
    const timesOff = exportedFunction<TimesOff>(lab, "timesOff(a, b)");
    const factor = 1.5 + (lab.seed % 30) / 10;
    for (const [a, b] of [
      [0.2 * factor, 0.2],
      [0.2, 0.2 * factor],
      [0.3, 0.3],
    ] as const) {
      const right = Math.max(a / b, b / a);
      const answer = timesOff(a, b);
      that(!(answer < 1), {
        seen: `${answer.toFixed(3)} for ${a.toFixed(2)} and ${b.toFixed(2)}`,
        expected: right.toFixed(3),
        why: "A theory that says half is as wrong as one that says twice. The factor is never below 1.",
        hint: "The larger of a ÷ b and b ÷ a.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: `timesOff(${a.toFixed(2)}, ${b.toFixed(2)}):`,
        why: "It is the larger over the smaller.",
        hint: "The larger of a ÷ b and b ÷ a.",
      });
    }
  }),

  check("safeRate is the end of what keeps the limit without a break", (lab) => {
    const safeRate = exportedFunction<SafeRate>(lab, "safeRate(p99, rates, limit)");
    const knee = 6 + 2 * (lab.seed % 6);
    const bends = (rate: number) => (rate <= knee ? 0.1 + rate / 1000 : 0.6 + rate / 100);
    const rates = [4, 6, 8, 10, 12, 14, 16, 18, 20];
    const cases: readonly (readonly [string, (rate: number) => number, readonly number[], number, number, string])[] = [
      ["a curve that bends once", bends, rates, 0.5, knee, "It is the last rate before the curve leaves the limit."],
      [
        "a curve with a lucky rate at the end",
        (rate) => (rate === 20 ? 0.1 : bends(rate)),
        rates,
        0.5,
        knee,
        "One rate that keeps the limit beyond one that does not is luck.",
      ],
      ["rates in any order", bends, rates.toReversed(), 0.5, knee, "The rates need not come in order."],
      ["a theory that has no steady state", () => Infinity, rates, 0.5, 0, "Not even the lowest rate is safe."],
      ["a p99 of exactly the limit", () => 0.5, rates, 0.5, 20, "A p99 of exactly the limit keeps it."],
    ];
    for (const [what, p99, among, limit, right, why] of cases) {
      const answer = safeRate(p99, among, limit);
      that(answer === right, {
        seen: `${answer} for ${what}`,
        expected: `${right}`,
        why,
        hint: "Go up from the lowest rate, and stop at the first that is above the limit.",
      });
    }
  }),

  check("For a p99 of 500 ms M/M/1 stops at 12 a second, and the engine serves 20", (lab) => {
    const capacity = exportedFunction<Capacity>(lab, "capacity(run)");
    const safeRate = exportedFunction<SafeRate>(lab, "safeRate(p99, rates, limit)");
    const service = 1 / capacity(serve(40, 1));
    const rates = [10, 12, 14, 18, 20, 22];
    const theory = safeRate((rate) => queueing.mm1({ rate, service }).p(99), rates, 0.5);
    const engine = safeRate((rate) => simulated(rate, [1]), rates, 0.5);
    that(theory === 12 && engine === 20, {
      seen: `${theory} by M/M/1 and ${engine} by the engine`,
      expected: "12 and 20",
      why: "Theory's server finishes one before it begins the next. Yours lets people in while others are still served.",
    });
  }),
];
