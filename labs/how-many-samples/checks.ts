import { lognormal, percentileRanks, sample } from "perflab";
import { check, close, exportedFunction, that, type LabUnderTest } from "perflab/checks";

type Pair = [number, number] | null;
const ranksOf = (lab: LabUnderTest) => exportedFunction<(n: number, q: number) => Pair>(lab, "ranks(n, q)");
const intervalOf = (lab: LabUnderTest) =>
  exportedFunction<(values: readonly number[], q: number) => Pair>(lab, "interval(values, q)");
const verdictOf = (lab: LabUnderTest) =>
  exportedFunction<(a: readonly number[], b: readonly number[], q: number) => string>(lab, "verdict(a, b, q)");
const requestsForOf = (lab: LabUnderTest) =>
  exportedFunction<(width: number, n: number, measured: number) => number>(lab, "requestsFor(width, n, measured)");

/** Latencies of one and the same server, seconds. */
const draw = (n: number, seed: number) =>
  Array.from(sample(lognormal({ median: 500_000, sigma: 0.6 }), n, seed), (us) => us / 1e6);

export default [
  check("ranks gives the places of the two values around a percentile", (lab) => {
    for (const [n, q] of [
      [1000, 50],
      [1000, 99],
      [10_000, 99],
      [2000 + (lab.seed % 9000), 99],
      [500 + (lab.seed % 3000), 90],
    ] as const) {
      const right = percentileRanks(n, q)!;
      const answer = ranksOf(lab)(n, q);
      const told = { seen: `${said(answer)} of ${n} values for p${q}`, expected: said(right) };
      that(answer !== null, { ...told, why: "That many values have two of their own around this percentile." });
      const width = answer[1] - answer[0];
      that(width < 1.3 * (right[1] - right[0]), {
        ...told,
        why: "That is too wide. Of n values, those below the percentile vary by the root of n · p · (1 − p).",
        hint: "Math.sqrt, and both p and 1 − p.",
      });
      that(width > 0.9 * (right[1] - right[0]), {
        ...told,
        why: "That is too narrow for 19 times in 20.",
        hint: "1.96 standard deviations on either side.",
      });
      for (const end of [0, 1] as const) {
        close(answer[end], right[end], {
          absolute: 1.5,
          what: `${end === 0 ? "lower" : "upper"} place of ${n} values for p${q}:`,
          why: "n · p are expected below; 1.96 standard deviations on either side make 19 in 20.",
          hint: "Round the lower one down and the upper one up.",
        });
      }
    }
  }),

  check("A sample that is too small has no interval", (lab) => {
    for (const [n, q] of [
      [100, 99],
      [200 + (lab.seed % 160), 99],
      [20 + (lab.seed % 14), 90],
      [300, 1],
    ] as const) {
      const answer = ranksOf(lab)(n, q);
      that(answer === null, {
        seen: `${said(answer)} of ${n} values for p${q}`,
        expected: "null",
        why: "So few values may all lie on one side of the true percentile. The largest of them is no upper bound.",
        hint: "null where the upper place is beyond n, or the lower one before 1.",
      });
    }
    const answer = intervalOf(lab)(draw(120, lab.seed), 99);
    that(answer === null, {
      seen: `${said(answer)} of 120 values for p99`,
      expected: "null",
      why: "Where there are no places there are no values.",
    });
    // 400 values do have one: null is for those that don't.
    that(ranksOf(lab)(400, 99) !== null && ranksOf(lab)(400, 2) !== null, {
      seen: "null for 400 values",
      expected: "two places",
      why: "400 values are enough for p99 and for p2.",
    });
  }),

  check("interval gives the values at those places", (lab) => {
    const values = draw(1000, lab.seed);
    const before = [...values];
    const sorted = [...values].sort((a, b) => a - b);
    const [low, high] = [sorted[982]!, sorted[996]!];
    const answer = intervalOf(lab)(values, 99);
    that(
      values.every((value, i) => value === before[i]),
      {
        seen: "the caller's list in another order",
        expected: "the list as it was",
        why: "A function that sorts its argument in place changes it for everybody.",
        hint: "toSorted makes a copy.",
      },
    );
    const told = { seen: `${said(answer)} s for p99 of 1,000 latencies`, expected: `${said([low, high])} s` };
    that(answer !== null, { ...told, why: "1,000 values have an interval." });
    that(answer[0] !== sorted[983] && answer[1] !== sorted[997], {
      ...told,
      why: "These are one place too high. Places count from 1, elements of a list from 0.",
    });
    for (const [end, right] of [low, high].entries()) {
      close(answer[end], right, {
        relative: 1e-9,
        what: `${end === 0 ? "lower" : "upper"} end for p99 of 1,000 latencies, in seconds:`,
        why: "In order of size, these are the 983rd and the 997th.",
      });
    }
  }),

  check("The interval holds the true p99 about 19 times in 20", (lab) => {
    const truth = 0.5 * Math.exp(2.3263 * 0.6);
    let held = 0;
    for (let i = 0; i < 60; i++) {
      const answer = intervalOf(lab)(draw(500, lab.seed + i), 99);
      if (answer !== null && answer[0] <= truth && truth <= answer[1]) held++;
    }
    that(held >= 51, {
      seen: `the true p99 inside ${held} of 60 intervals`,
      expected: "at least 51",
      why: "An interval that misses more often promises too much.",
    });
  }),

  check("verdict tells only what the intervals tell", (lab) => {
    const slow = draw(1000, lab.seed);
    const fast = draw(1000, lab.seed + 1).map((latency) => latency / 3);
    const again = draw(1000, lab.seed + 2).map((latency) => latency * 0.97);
    const cases = [
      ["A three times as slow as B", slow, fast, "B", "The intervals lie apart, and B's is the lower one."],
      ["B three times as slow as A", fast, slow, "A", "The intervals lie apart, and A's is the lower one."],
      ["a sample and itself", slow, slow, "can't tell", "The intervals overlap, so the difference may be luck."],
      [
        "two samples with true p99s 3 % apart",
        slow,
        again,
        overlap(slow, again) ? "can't tell" : "B",
        "The intervals overlap, so the difference may be luck.",
      ],
      [
        "100 requests each",
        fast.slice(0, 100),
        slow.slice(0, 100),
        "can't tell",
        "Samples that small have no interval, so nothing can be told.",
      ],
      [
        "100 requests of one",
        slow,
        fast.slice(0, 100),
        "can't tell",
        "One of them has no interval, so nothing can be told.",
      ],
    ] as const;
    for (const [what, a, b, expected, why] of cases) {
      const answer = verdictOf(lab)(a, b, 99);
      that(answer === expected, { seen: `"${answer}" for ${what}`, expected: `"${expected}"`, why });
    }
  }),

  check("requestsFor knows that half the error takes four times the requests", (lab) => {
    const n = 500 + (lab.seed % 5000);
    const measured = 0.06 + (lab.seed % 20) / 100;
    for (const factor of [2, 3, 0.5]) {
      const answer = requestsForOf(lab)(measured / factor, n, measured);
      const told = {
        seen: `${answer} requests for ${factor} times the precision of ${n}`,
        expected: `${Math.ceil(n * factor ** 2)}`,
      };
      that(Math.abs(answer - n * factor) > 1, {
        ...told,
        why: "This is in proportion. An error shrinks with the square root of n.",
      });
      that(Math.abs(answer - n / factor ** 2) > 1, { ...told, why: "More precision takes more requests, not fewer." });
      close(answer, n * factor ** 2, {
        absolute: 1,
        what: `requests for ${factor} times the precision of ${n}:`,
        why: "n · (measured ÷ width)², rounded up.",
      });
    }
  }),
];

function overlap(a: readonly number[], b: readonly number[]): boolean {
  const ends = (values: readonly number[]) => {
    const sorted = [...values].sort((x, y) => x - y);
    return [sorted[982]!, sorted[996]!] as const;
  };
  const [ofA, ofB] = [ends(a), ends(b)];
  return ofA[1] >= ofB[0] && ofB[1] >= ofA[0];
}

function said(pair: Pair): string {
  return pair === null
    ? "null"
    : Array.isArray(pair)
      ? pair.map((end) => Number(end.toPrecision(5))).join(" to ")
      : String(pair);
}
