import { statuses } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { machineOf, reading, type Machine } from "./measure.ts";
import { withBf16Cache, withFp8Cache, type Measurement } from "./published.ts";

type Predict = (m: Machine, e: number, context: number, cacheBytes?: number) => number;
type WorstMiss = (m: Machine, e: number, measured: readonly Measurement[]) => number;
type Fit = (m: Machine, measured: readonly Measurement[]) => number;
type Gain = (m: Machine, context: number) => number;

const l4 = machineOf("qwen3-4b", "l4");

/** A model and a GPU that nobody sells. */
function madeUp(seed: number): Machine {
  return {
    weights: (4 + (seed % 60)) * 1e9,
    kvPerToken: 40_000 + 1000 * (seed % 300),
    bandwidth: (3 + (seed % 41)) * 1e11,
  };
}

const truth = (m: Machine, e: number, context: number, cacheBytes = 2) =>
  (m.bandwidth * e) / (m.weights + (context * m.kvPerToken * cacheBytes) / 2);

/** Measurements of a server that reaches `e`, one of them off by a few per cent. */
function measurements(m: Machine, e: number, seed: number): Measurement[] {
  return [1000, 5000, 15_000, 40_000].map((context, k) => ({
    context,
    tokensPerSecond: truth(m, e, context) * (k === seed % 4 ? 1.02 + (seed % 5) / 100 : 1),
  }));
}

const missAt = (m: Machine, e: number, rows: readonly Measurement[]) =>
  Math.max(...rows.map((row) => Math.abs(truth(m, e, row.context) / row.tokensPerSecond - 1)));

export default [
  check("Speed is bandwidth ÷ (weights + cache)", (lab) => {
    const predict = exportedFunction<Predict>(lab, "predict(m, e, context, cacheBytes)");
    const m = madeUp(lab.seed);
    const context = 1000 + (lab.seed % 30_000);
    const e = 0.5 + (lab.seed % 40) / 100;
    const answer = predict(m, e, context);
    const right = truth(m, e, context);
    const seen = `${answer.toPrecision(4)} tok/s at ${context} tokens of context and e = ${e}`;
    that(!near(answer, (m.bandwidth * e) / m.weights), {
      seen,
      expected: `${right.toPrecision(4)} tok/s`,
      why: "That reads the weights only. A step reads the cache of every token before it as well.",
      hint: "m.kvPerToken bytes for each token of context.",
    });
    that(!near(answer, right / e / e), {
      seen,
      expected: `${right.toPrecision(4)} tok/s`,
      why: "A lower efficiency makes this faster. It is the bandwidth that e makes smaller.",
    });
    close(answer, right, {
      relative: 1e-6,
      what: `predict(m, ${e}, ${context}), in tok/s:`,
      why: "e · bandwidth bytes a second, divided by the bytes of a step.",
    });
  }),

  check("A cache in fp8 halves the cache, not the weights", (lab) => {
    const predict = exportedFunction<Predict>(lab, "predict(m, e, context, cacheBytes)");
    const m = madeUp(lab.seed + 1);
    const context = 5000 + (lab.seed % 20_000);
    const answer = predict(m, 0.8, context, 1);
    that(!near(answer, 2 * truth(m, 0.8, context)), {
      seen: `${answer.toPrecision(4)} tok/s, twice the speed of a bf16 cache`,
      expected: `${truth(m, 0.8, context, 1).toPrecision(4)} tok/s`,
      why: "That halves the weights too. Only the numbers in the cache are smaller.",
    });
    close(answer, truth(m, 0.8, context, 1), {
      relative: 1e-6,
      what: `predict(m, 0.8, ${context}, 1), in tok/s:`,
      why: "The weights as before, and half the bytes of cache.",
      hint: "kvPerToken · cacheBytes ÷ 2.",
    });
  }),

  check("The worst miss is the worst of all", (lab) => {
    const worstMiss = exportedFunction<WorstMiss>(lab, "worstMiss(m, e, measured)");
    const m = madeUp(lab.seed + 2);
    for (const e of [0.6, 0.7, 0.8]) {
      const rows = measurements(m, 0.7, lab.seed);
      const answer = worstMiss(m, e, rows);
      const right = missAt(m, e, rows);
      const signed = rows.map((row) => truth(m, e, row.context) / row.tokensPerSecond - 1);
      that(near(answer, right) || !near(answer, Math.max(...signed)), {
        seen: `${answer.toPrecision(3)}`,
        expected: right.toPrecision(3),
        why: "A prediction that is too low is a miss too. This counts it as less than none.",
        hint: "Math.abs.",
      });
      that(near(answer, right) || !near(answer, signed.reduce((sum, x) => sum + Math.abs(x), 0) / signed.length), {
        seen: `${answer.toPrecision(3)}`,
        expected: right.toPrecision(3),
        why: "That is the mean miss. A mean hides the one point that the model does not explain.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: "worst miss, as a share:",
        why: "The largest |predicted ÷ measured − 1|.",
      });
    }
  }),

  check("fit finds the efficiency", (lab) => {
    const fit = exportedFunction<Fit>(lab, "fit(m, measured)");
    for (const [m, e, seed] of [
      [madeUp(lab.seed + 3), 0.35 + (lab.seed % 50) / 100, lab.seed],
      [madeUp(lab.seed + 4), 0.4 + (lab.seed % 37) / 100, lab.seed + 2],
    ] as const) {
      const rows = measurements(m, e, seed);
      const answer = fit(m, rows);
      that(answer > 0 && answer <= 1, {
        seen: `an efficiency of ${answer}`,
        expected: "more than 0, and 1 at most",
        why: "It is a share of the bandwidth.",
      });
      const off = missAt(m, answer, rows);
      const first = rows[0].tokensPerSecond / truth(m, 1, rows[0].context);
      let best = 1;
      for (let k = 1; k <= 2000; k++) best = Math.min(best, missAt(m, k / 2000, rows));
      that(off <= best + 0.003 || Math.abs(answer - first) > 0.002, {
        seen: `${answer.toFixed(3)}, which meets the first measurement and misses another by ${(100 * off).toFixed(1)} %`,
        expected: `a worst miss of ${(100 * best).toFixed(1)} %`,
        why: "One measurement can always be met. All of them have a say.",
      });
      that(off <= best + 0.003, {
        seen: `${answer.toFixed(3)}, which misses by ${(100 * off).toFixed(1)} % at worst`,
        expected: `a worst miss of ${(100 * best).toFixed(1)} %, or up to 0.3 percentage points more`,
        why: "There is an efficiency that misses by less.",
        hint: "Try many and keep the best.",
      });
    }
  }),

  check("Four measurements, one number: between 0.80 and 0.84, and within 3 % everywhere", (lab) => {
    const fit = exportedFunction<Fit>(lab, "fit(m, measured)");
    const predict = exportedFunction<Predict>(lab, "predict(m, e, context, cacheBytes)");
    const e = fit(l4, withBf16Cache);
    close(e, 0.82, {
      absolute: 0.02,
      what: "fit(l4, withBf16Cache):",
      why: "An L4 reads the weights and the cache at about 82 % of 300 GB/s.",
    });
    for (const row of withBf16Cache) {
      close(predict(l4, e, row.context), row.tokensPerSecond, {
        relative: 0.03,
        what: `tok/s at ${row.context} tokens of context:`,
        why: "That is what vLLM measured there.",
      });
    }
  }),

  check("And it foretells what fp8 gains: 1.02, 1.07, 1.13, 1.23", (lab) => {
    const gain = exportedFunction<Gain>(lab, "fp8Gain(m, context)");
    withBf16Cache.forEach((row, k) => {
      const answer = gain(l4, row.context);
      const measured = withFp8Cache[k].tokensPerSecond / row.tokensPerSecond;
      that(Math.abs(answer - 2) > 0.01, {
        seen: `${answer} times as fast at ${row.context} tokens`,
        expected: `about ${[1.02, 1.07, 1.13, 1.23][k]}; vLLM measured ${measured.toFixed(2)}`,
        why: "Only the cache is read in half the time. The weights are most of the bytes.",
        hint: "predict knows how fast either is.",
      });
      close(answer, [1.02, 1.07, 1.13, 1.23][k], {
        absolute: 0.006,
        what: `fp8Gain(l4, ${row.context}):`,
        why: `predict with 1 byte ÷ predict with 2. vLLM measured ${measured.toFixed(2)}.`,
      });
    });
    const m = madeUp(lab.seed + 6);
    close(gain(m, 20_000), truth(m, 1, 20_000, 1) / truth(m, 1, 20_000, 2), {
      relative: 1e-6,
      what: "fp8Gain of another machine at 20,000 tokens:",
      why: "The efficiency is the same above and below, and cancels.",
    });
  }),

  check("The target's own measurements are fitted, too", (lab) => {
    const ended = lab.runs.flatMap((run) => Array.from(run.requests.status, (code) => statuses[code]));
    const succeeded = ended.filter((end) => end === "succeeded").length;
    that(succeeded > 0, {
      seen: `${succeeded} of ${ended.length} requests succeeded`,
      expected: "one at least",
      why: "Without an answer there is no speed to explain.",
      hint: "The console says why they failed. A model with a short context needs a shorter longest prompt.",
    });
    const m = lab.exports["yours"] as Machine | undefined;
    that(m !== undefined && m.weights > 0 && m.bandwidth > 0 && m.kvPerToken >= 0, {
      seen: "no machine named yours",
      expected: "export const yours = machineOf(model, gpu)",
      why: "The fit needs to know what moves, and how fast it could.",
    });
    const rows = lab.runs.flatMap(reading);
    const e = lab.exports["ownEfficiency"] as number;
    const off = missAt(m, e, rows);
    let best = Infinity;
    for (let k = 1; k <= 2000; k++) best = Math.min(best, missAt(m, k / 2000, rows));
    that(e > 0 && e <= 1 && off <= best + 0.003, {
      seen: `an efficiency of ${e}, which misses by ${(100 * off).toFixed(1)} % at worst`,
      expected: `a worst miss of ${(100 * best).toFixed(1)} %, or up to 0.3 percentage points more`,
      why: "The target is fitted by the same rule as vLLM's measurements.",
      hint: "ownEfficiency is fit(yours, own).",
    });
  }),
];

function near(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-6 * Math.abs(expected);
}
