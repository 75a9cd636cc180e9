import { fixed, poisson, statuses, tokenSources, type Run } from "perflab";
import { check, close, exportedFunction, that, type LabUnderTest } from "perflab/checks";

interface Point {
  readonly rate: number;
  readonly wait: number;
}
type WaitFor = (run: Run) => number;
type Knee = (points: readonly Point[], limit: number) => number;

/** One request as it is put on record, seconds. */
interface Told {
  readonly scheduled: number;
  readonly started: number;
  readonly first: number;
  readonly status: (typeof statuses)[number];
}

/** A run put together by hand, so that what is in it is known. */
function runOf(told: readonly Told[]): Run {
  const times = (value: (one: Told) => number) => Float64Array.from(told, value);
  const counts = (n: number) => new Uint32Array(told.length).fill(n);
  return {
    origin: { kind: "simulated", server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" }, seed: 0 },
    workload: { arrivals: poisson(10), prompt: fixed(100), output: fixed(10), requests: told.length },
    versions: {},
    requests: {
      count: told.length,
      scheduled: times((one) => one.scheduled),
      started: times((one) => one.started),
      headers: times((one) => one.first),
      firstEvent: times((one) => one.first),
      first: times((one) => one.first),
      last: times((one) => one.first + 0.1),
      closed: times((one) => one.first + 0.1),
      promptTokens: counts(100),
      cachedTokens: counts(0),
      outputTokens: counts(10),
      tokenSource: new Uint8Array(told.length).fill(tokenSources.indexOf("usage")),
      status: Uint8Array.from(told, (one) => statuses.indexOf(one.status)),
      preemptions: new Uint16Array(told.length),
      replica: new Uint16Array(told.length),
    },
  };
}

/** 100 answers whose waits are 1, 2, … 100 times a unit that the seed draws, in a mixed order; sent on time. */
function hundred(seed: number): readonly Told[] {
  const unit = 0.001 * (1 + (seed % 9));
  return Array.from({ length: 100 }, (_, i) => {
    const wait = unit * (1 + ((i * 37 + seed) % 100));
    return { scheduled: i * 0.1, started: i * 0.1, first: i * 0.1 + wait, status: "succeeded" };
  });
}

function right({ requests: r }: Run): number {
  const waits = Array.from(r.first, (first, i) =>
    statuses[r.status[i] ?? 0] === "succeeded" ? first - (r.scheduled[i] ?? NaN) : Infinity,
  ).sort((a, b) => a - b);
  return waits[Math.ceil(0.95 * waits.length) - 1] ?? NaN;
}

const waitFor = (lab: LabUnderTest) => exportedFunction<WaitFor>(lab, "waitFor(run)");
const kneeOf = (lab: LabUnderTest) => exportedFunction<Knee>(lab, "knee(points, limit)");

export default [
  check("waitFor is the wait that 95 of 100 stay below", (lab) => {
    const told = hundred(lab.seed);
    const run = runOf(told);
    const answer = waitFor(lab)(run);
    const mean = told.reduce((sum, one) => sum + one.first - one.scheduled, 0) / told.length;
    that(Math.abs(answer - mean) > 1e-6, {
      seen: ms(answer),
      expected: ms(right(run)),
      why: "That is the mean. Half of the requests wait longer.",
      hint: "Put the waits in order, and take the 95th of 100.",
    });
    const slowest = Math.max(...told.map((one) => one.first - one.scheduled));
    that(Math.abs(answer - slowest) > 1e-6, {
      seen: ms(answer),
      expected: ms(right(run)),
      why: "That is the slowest of all. Five of 100 may be slower than what is asked for.",
    });
    close(answer, right(run), {
      relative: 1e-6,
      what: "the wait of 100 requests, in seconds:",
      why: "In order of size, it is the 95th.",
      hint: "sort((a, b) => a - b), then the element before Math.ceil(0.95 · n).",
    });
  }),

  check("A request without an answer has waited for ever", (lab) => {
    const told = hundred(lab.seed).map((one, i): Told => {
      if (i % 25 === 7) return { ...one, first: NaN, status: "failed" };
      return i % 25 === 11 ? { ...one, first: one.scheduled + 0.001, status: "timedOut" } : one;
    });
    const run = runOf(told);
    const answer = waitFor(lab)(run);
    that(answer === Infinity || answer === right(run), {
      seen: `${ms(answer)} in a run of which 8 of 100 requests failed`,
      expected: "Infinity",
      why: "More than five of 100 got no answer, so no wait is one that 95 of 100 stay below.",
      hint: "Infinity for each request whose status is not succeeded, whatever its times say.",
    });
    const few = runOf(told.map((one, i) => (i > 30 ? hundred(lab.seed)[i]! : one)));
    close(waitFor(lab)(few), right(few), {
      relative: 1e-6,
      what: "the wait of 100 requests of which 4 failed, in seconds:",
      why: "The four that failed are the slowest; the 95th in order has moved up.",
      hint: "They count among the 100.",
    });
  }),

  check("A request that left late has waited since it was due", (lab) => {
    const lag = 0.2 + (lab.seed % 50) / 100;
    const run = runOf(hundred(lab.seed).map((one) => ({ ...one, started: one.started + lag, first: one.first + lag })));
    close(waitFor(lab)(run), right(run), {
      relative: 1e-6,
      what: `the wait of 100 requests that left ${lag.toFixed(2)} s late, in seconds:`,
      why: "Users come when they come. A client that can't keep up hides their wait if it starts the clock when it sends.",
      hint: "scheduled is when it should have left.",
    });
  }),

  check("knee is the end of what keeps the limit without a break", (lab) => {
    const at = 2 + (lab.seed % 5);
    const rising = Array.from({ length: 8 }, (_, i) => ({
      rate: 3 * (i + 1),
      wait: i < at ? 0.05 + i / 100 : 0.5 + i / 10,
    }));
    const lucky = rising.map((point, i) => (i === 7 ? { ...point, wait: 0.06 } : point));
    const mixed = lucky.toReversed();
    const cases: readonly (readonly [string, readonly Point[], number, string])[] = [
      ["a curve that bends once", rising, 3 * at, "It is the last rate before the curve leaves the limit."],
      [
        "a curve with one lucky rate at the end",
        lucky,
        3 * at,
        "One rate that keeps the limit beyond one that does not is luck.",
      ],
      ["points in any order", mixed, 3 * at, "The points need not come in order of their rates."],
      [
        "a server that breaks the limit at once",
        rising.map(({ rate }) => ({ rate, wait: 9 })),
        0,
        "Not even the lowest rate is safe.",
      ],
      ["a wait of exactly the limit", [{ rate: 5, wait: 0.2 }], 5, "A wait of exactly the limit keeps it."],
    ];
    for (const [what, points, expected, why] of cases) {
      const answer = kneeOf(lab)(points, 0.2);
      that(answer === expected, {
        seen: `${answer} for ${what}`,
        expected: `${expected}`,
        why,
        hint: "Go up from the lowest rate, and stop at the first that is above the limit.",
      });
    }
  }),

  check("Your points are those of your runs", (lab) => {
    const points = (lab.exports["points"] ?? []) as readonly Point[];
    const runs = lab.runs.slice(-points.length);
    that(runs.length === points.length && runs.length > 0, {
      seen: `${runs.length} runs and ${points.length} points`,
      expected: "one run for each point",
      why: "This check compares each point with the run it was read from.",
      hint: "Press Run, and see that benchmark is called for each rate.",
    });
    const succeeded = runs.reduce(
      (sum, { requests }) => sum + [...requests.status].filter((s) => statuses[s] === "succeeded").length,
      0,
    );
    that(succeeded > 0, {
      seen: `none of ${runs.reduce((sum, { requests }) => sum + requests.count, 0)} requests succeeded`,
      expected: "at least one",
      why: "Without an answer there is no knee to find. The console says what went wrong with the requests.",
    });
    runs.forEach((run, i) => {
      const wait = points[i]?.wait;
      const expected = right(run);
      that(wait === expected || Math.abs((wait ?? NaN) - expected) <= 1e-6 * expected, {
        seen: `${ms(wait ?? NaN)} at ${points[i]?.rate} requests a second`,
        expected: ms(expected),
        why: "Each point is waitFor of its run.",
      });
    });
  }),
];

function ms(seconds: number): string {
  return Number.isFinite(seconds) ? `${(seconds * 1000).toFixed(1)} ms` : String(seconds);
}
