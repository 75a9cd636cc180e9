import { lognormal, percentile, sample } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";

type NearestRank = (values: number[], q: number) => number;
type TailRatio = (sigma: number, n: number, seed: number) => number;
type Stalled = (tokens: number[], e2e: number[], ttft: number) => number[];

const timesOf = (tokens: Float64Array): number[] => Array.from(tokens, (n) => 0.3 + (n - 1) * 0.02);

export default [
  check("nearestRank counts values in order of size", (lab) => {
    const nearestRank = exportedFunction<NearestRank>(lab, "nearestRank(values, q)");
    const values = [9, 110, 320, 7, 33, 1001, 4, 58, 2, 16];
    for (const [q, expected, why] of [
      [50, 16, "With 10 values, the 5th is the first that half of them do not exceed."],
      [95, 1001, "95 % of 10 values are 9.5, so the 10th is needed."],
      [100, 1001, "p100 is the largest value."],
      [0, 2, "p0 is the smallest value, for there is no rank below the first."],
      [90, 320, "With 10 values, p90 is the 9th in order of size."],
    ] as const) {
      const answer = nearestRank([...values], q);
      const written = [...values].map(String).sort();
      that(answer === expected || q === 0 || answer !== Number(written[Math.ceil((q / 100) * 10) - 1]), {
        seen: `p${q} of ${values.join(", ")} is ${answer}`,
        expected: `${expected}`,
        why: "The values are in the order of a dictionary, where 110 comes before 2.",
        hint: "sort() of an ordinary list compares texts; give it (a, b) => a − b, or sort a Float64Array.",
      });
      that(answer === expected, {
        seen: `p${q} of ${values.join(", ")} is ${answer}`,
        expected: `${expected}`,
        why,
        hint: "Put a copy of the values in order first, then count to the rank.",
      });
    }
  }),

  check("nearestRank leaves the caller's list alone", (lab) => {
    const nearestRank = exportedFunction<NearestRank>(lab, "nearestRank(values, q)");
    const values = [3, 1, 2, 5, 4];
    nearestRank(values, 50);
    that(values.join() === "3,1,2,5,4", {
      seen: `3, 1, 2, 5, 4 has become ${values.join(", ")}`,
      expected: "the list as it was",
      why: "sort() changes the list itself, and here the order says which request is which.",
      hint: "Sort a copy.",
    });
  }),

  check("A steady server with σ = 0.8 has a p99 of six times its median", (lab) => {
    const tailRatio = exportedFunction<TailRatio>(lab, "tailRatio(sigma, n, seed)");
    const times = timesOf(sample(lognormal({ median: 200, sigma: 0.8 }), 20_000, lab.seed));
    const expected = percentile(times, 99, "nearest-rank") / percentile(times, 50, "nearest-rank");
    close(tailRatio(0.8, 20_000, lab.seed), expected, {
      relative: 0.001,
      what: "p99 ÷ p50 of 20,000 requests:",
      why: "The lengths have a long tail, and each token takes the same time.",
      hint: "nearestRank comes first: the checks above say what is wrong with it.",
    });
  }),

  check("Without spread, every percentile is the same", (lab) => {
    const tailRatio = exportedFunction<TailRatio>(lab, "tailRatio(sigma, n, seed)");
    close(tailRatio(0, 20_000, lab.seed), 1, {
      relative: 0.02,
      what: "p99 ÷ p50 with σ = 0:",
      why: "The server adds no spread of its own.",
    });
  }),

  check("stalled finds the held-up requests, and takes no long answer for one", (lab) => {
    const stalled = exportedFunction<Stalled>(lab, "stalled(tokens, e2e, ttft)");
    const tokens = Array.from(sample(lognormal({ median: 200, sigma: 0.8 }), 400, lab.seed), (n) => Math.max(20, n));
    tokens[333] = 2; // so short that N for N − 1 would hide the stall
    const e2e = timesOf(Float64Array.from(tokens));
    const held = [17, 101 + (lab.seed % 90), 333];
    for (const i of held) e2e[i] = 0.3 + ((e2e[i] ?? NaN) - 0.3) * 3;
    const found = [...stalled(tokens, e2e, 0.3)];
    const wrong = found.filter((i) => !held.includes(i));
    that(wrong.length === 0, {
      seen: `${wrong.length} of ${found.length} requests found were not held up, such as one of ${tokens[wrong[0] ?? 0]} tokens in ${(e2e[wrong[0] ?? 0] ?? NaN).toFixed(2)} s`,
      expected: `the ${held.length} requests that were`,
      why: "Their tokens came as fast as everybody's. A long answer is not a fault.",
      hint: "Compare (E2E − TTFT) ÷ (N − 1), not the end-to-end time.",
    });
    const missed = held.filter((i) => !found.includes(i));
    that(missed.length === 0, {
      seen: `requests found: ${found.length}; request ${missed[0]} is missing, which took ${(e2e[missed[0] ?? 0] ?? NaN).toFixed(2)} s for ${tokens[missed[0] ?? 0]} tokens`,
      expected: `all ${held.length}`,
      why: "Its tokens took three times as long as everybody's.",
      hint: "Take the time per token of each request, and look for those far above the median.",
    });
  }),
];
