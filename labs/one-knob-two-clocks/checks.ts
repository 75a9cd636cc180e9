import { summarize, type Run } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { budgets, samples, serve } from "./traffic.ts";

interface Clocks {
  readonly ttft: number;
  readonly itl: number;
}
type ClocksOf = (budget: number, rate: number, seeds: readonly number[]) => Clocks;
type Keeps = (promise: Clocks, rate: number, seeds: readonly number[]) => number[];

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const both = (run: Run) => summarize(run, { window: "all" });

function rightClocks(budget: number, rate: number, seeds: readonly number[]): Clocks {
  const each = seeds.map((seed) => both(serve(budget, rate, seed)));
  return { ttft: mean(each.map(({ ttft }) => ttft.p(99))), itl: mean(each.map(({ itl }) => itl.p(99))) };
}

/** Three samples that nobody has seen. */
function fresh(seed: number): number[] {
  return [0, 1, 2].map((k) => 1000 + ((seed + k) % 100_000));
}

export default [
  check("clocks gives the p99 of both, as the mean of the samples", (lab) => {
    const clocks = exportedFunction<ClocksOf>(lab, "clocks(budget, rate, seeds)");
    const budget = budgets[lab.seed % budgets.length] ?? 512;
    const rate = 3 + (lab.seed % 3);
    const late = (seed: number) => both(serve(budget, rate, seed)).ttft.p(99);
    const seeds = fresh(lab.seed).sort((a, b) => late(a) - late(b)); // the first is not the worst
    const right = rightClocks(budget, rate, seeds);
    const answer = clocks(budget, rate, seeds);
    that(typeof answer === "object" && answer !== null, {
      seen: String(answer),
      expected: "{ ttft, itl } in seconds",
      why: "clocks says what users see on both clocks.",
    });
    const runs = seeds.map((seed) => both(serve(budget, rate, seed)));
    that(!near(answer.itl, mean(runs.map(({ itl }) => itl.mean))), {
      seen: `gaps of ${ms(answer.itl)}`,
      expected: ms(right.itl),
      why: "That is the mean gap. Most gaps are short ones between decodes; the promise is about the one in a hundred that is not.",
      hint: "itl.p(99).",
    });
    that(!near(answer.itl, mean(runs.map(({ itl }) => itl.max))), {
      seen: `gaps of ${ms(answer.itl)}`,
      expected: ms(right.itl),
      why: "That is the longest gap of all. The promise is about the p99.",
    });
    that(!near(answer.itl, mean(runs.map(({ tpot }) => tpot.p(99)))), {
      seen: `gaps of ${ms(answer.itl)}`,
      expected: ms(right.itl),
      why: "TPOT is a mean over each answer, so it has smoothed the gaps before you look at them.",
      hint: "itl pools all gaps.",
    });
    that(!near(answer.ttft, mean(runs.map(({ ttft }) => ttft.mean))), {
      seen: `TTFT of ${ms(answer.ttft)}`,
      expected: ms(right.ttft),
      why: "That is the mean. The promise is about the p99.",
    });
    that(!near(answer.ttft, runs[0]?.ttft.p(99) ?? NaN), {
      seen: `TTFT of ${ms(answer.ttft)}, that of the first sample`,
      expected: `${ms(right.ttft)}, the mean of ${seeds.length}`,
      why: "One sample of 300 requests has three beyond its p99. Another would give another number.",
    });
    that(!near(answer.ttft, Math.max(...runs.map(({ ttft }) => ttft.p(99)))), {
      seen: `TTFT of ${ms(answer.ttft)}, that of the worst sample`,
      expected: `${ms(right.ttft)}, the mean of ${seeds.length}`,
      why: "The worst of several samples gets worse the more of them you take.",
    });
    for (const clock of ["ttft", "itl"] as const)
      close(answer[clock], right[clock], {
        relative: 1e-6,
        what: `${clock} with ${budget} tokens a step and ${rate} requests a second, in seconds:`,
        why: "The p99 of each sample, then the mean of those, with the budget and the rate that are asked for.",
        hint: 'summarize(serve(budget, rate, seed), { window: "all" }) for each seed.',
      });
  }),

  check("keeps names the budgets that keep both promises, on traffic you have not seen", (lab) => {
    const keeps = exportedFunction<Keeps>(lab, "keeps(promise, rate, seeds)");
    const seeds = fresh(lab.seed + 17);
    const seen = budgets.map((budget) => ({ budget, ...rightClocks(budget, 6, seeds) }));
    const at = (k: number) => seen[k] ?? { budget: NaN, ttft: NaN, itl: NaN };
    const drawn = 1 + (lab.seed % 3);
    const cases: Clocks[] = [
      // From one budget to another, halfway to their neighbours; then none; then all but the smallest.
      { ttft: 1.0001 * at(drawn).ttft, itl: 1.0001 * at(drawn + 1).itl },
      { ttft: 0.5 * at(5).ttft, itl: at(5).itl * 2 },
      { ttft: 2 * at(0).ttft, itl: 0.5 * at(0).itl },
      { ttft: 0.9999 * at(0).ttft, itl: 2 * at(5).itl },
      { ttft: 2 * at(0).ttft, itl: at(2).itl },
    ];
    for (const promise of cases) {
      const right = seen.filter(({ ttft, itl }) => ttft <= promise.ttft && itl <= promise.itl).map((s) => s.budget);
      const answer = keeps(promise, 6, seeds);
      const said = `TTFT ${ms(promise.ttft)} and gaps of ${ms(promise.itl)}`;
      that(Array.isArray(answer), {
        seen: String(answer),
        expected: "a list of budgets",
        why: "Several budgets may keep both promises, or none.",
      });
      const list = (of: readonly number[]) => of.join(", ") || "none";
      const show = { seen: `${list(answer)} for ${said}`, expected: list(right) };
      const late = answer.find((budget) => (seen.find((s) => s.budget === budget)?.ttft ?? 0) > promise.ttft);
      that(late === undefined, {
        ...show,
        why: `With ${late} tokens a step the p99 of TTFT is ${ms(seen.find((s) => s.budget === late)?.ttft ?? NaN)}. Small steps make prompts wait.`,
        hint: "Both bounds must hold.",
      });
      const rough = answer.find((budget) => (seen.find((s) => s.budget === budget)?.itl ?? 0) > promise.itl);
      that(rough === undefined, {
        ...show,
        why: `With ${rough} tokens a step the p99 of the gaps is ${ms(seen.find((s) => s.budget === rough)?.itl ?? NaN)}. Everybody waits for a large step.`,
        hint: "Both bounds must hold.",
      });
      const missing = right.find((budget) => !answer.includes(budget));
      that(missing === undefined, {
        ...show,
        why: `${missing} tokens a step keep both promises as well.`,
        hint: "All that keep both, not the first; and a bound that is met exactly is met.",
      });
      that(list(answer) === list(right), { ...show, why: "Each of `budgets` once, smallest first." });
    }
  }),

  check("With 6 requests a second, TTFT p99 within 1.2 s and gaps within 50 ms leave 512, 768 and 1,024", (lab) => {
    const keeps = exportedFunction<Keeps>(lab, "keeps(promise, rate, seeds)");
    const answer = keeps({ ttft: 1.2, itl: 0.05 }, 6, samples);
    that(answer.join() === "512,768,1024", {
      seen: answer.join(", ") || "none",
      expected: "512, 768, 1024",
      why: "256 is too late with the first token, 1,536 too rough with the others, as the mean of the three samples.",
    });
  }),
];

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}
