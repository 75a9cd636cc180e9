import { goodput as engineGoodput, simulate, lognormal, poisson, type Run } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { samples, serve, slo } from "./traffic.ts";

interface Slo {
  readonly ttft: number;
  readonly tpot: number;
}
interface Seen {
  readonly rate: number;
  readonly shares: readonly number[];
}
type Kept = (run: Run, slo: Slo) => number;
type Goodput = (seen: Seen) => number;
type PromiseOf = (seen: readonly Seen[], share: number) => number;

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9;
const attained = (run: Run, bounds: { ttft?: number; tpot?: number }) =>
  engineGoodput(run, bounds, { window: "all" }).attainment;

/** A small server that lets few wait and refuses the others; some of its answers have a single token. */
function refusing(seed: number): Run {
  return simulate(
    { model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler: { maxNumSeqs: 12, maxWaiting: 3 } },
    {
      arrivals: poisson(20 + (seed % 10)),
      prompt: lognormal({ median: 600, sigma: 0.6 }),
      output: lognormal({ median: 30 + (seed % 40), sigma: 1.6 }),
      requests: 250,
      seed,
    },
  );
}

export default [
  check("kept counts who was served within both bounds, out of all who asked", (lab) => {
    const kept = exportedFunction<Kept>(lab, "kept(run, slo)");
    const refused = refusing(lab.seed);
    const cases = [
      { name: "20 requests a second", run: serve(20, samples[0]!), bounds: slo },
      { name: "24 requests a second, a slower pace", run: serve(24, samples[1]!), bounds: { ttft: 0.25, tpot: 0.045 } },
      { name: "a server that refuses some", run: refused, bounds: { ttft: 0.3, tpot: 0.009 } },
    ];
    for (const { name, run, bounds } of cases) {
      const answer = kept(run, bounds);
      const right = attained(run, bounds);
      const [first, pace] = [attained(run, { ttft: bounds.ttft }), attained(run, { tpot: bounds.tpot })];
      const served = [...run.requests.status].filter((status) => status === 0).length;
      const show = { seen: `${percent(answer)} kept with ${name}`, expected: percent(right) };
      that(!near(answer, first) || near(first, right), {
        ...show,
        why: "That looks at the first token alone. Whoever then reads too slowly was not served as promised.",
        hint: "TPOT is (last − first) ÷ (tokens − 1), one request at a time.",
      });
      that(!near(answer, pace) || near(pace, right), {
        ...show,
        why: "That looks at the pace alone. Whoever waited too long for the first token was not served as promised.",
      });
      that(!near(answer, first * pace) || near(first * pace, right), {
        ...show,
        why: "That multiplies two shares, as if missing one bound had nothing to do with missing the other.",
        hint: "Ask of each request whether it kept both.",
      });
      that(!near(answer, (right * run.requests.count) / served) || served === run.requests.count, {
        ...show,
        why: "This leaves out those who were refused. They asked, and got nothing.",
        hint: "Divide by all requests of the run.",
      });
      that(Number.isFinite(answer), {
        ...show,
        why: "An answer of one token has nothing after its first, so there is no pace that it could miss.",
        hint: "Look before you divide by tokens − 1.",
      });
      close(answer, right, {
        absolute: 1e-9,
        what: `share kept with ${name}:`,
        why: "Served, TTFT within its bound and TPOT within its own; answers of one token have no TPOT to miss.",
        hint: "TPOT = (last − first) ÷ (outputTokens − 1).",
      });
    }
  }),

  check("Goodput peaks between 17 and 20 requests a second, and at 24 less than half of it is left", (lab) => {
    const kept = exportedFunction<Kept>(lab, "kept(run, slo)");
    const goodput = exportedFunction<Goodput>(lab, "goodput(seen)");
    const drawn = { rate: 5 + (lab.seed % 30), shares: [0.9, 0.5, (lab.seed % 97) / 100, 1] };
    const sum = drawn.shares.reduce((a, b) => a + b, 0);
    close(goodput(drawn), (drawn.rate * sum) / 4, {
      relative: 1e-9,
      what: `goodput of ${drawn.rate} offered a second, kept ${drawn.shares.join(", ")}:`,
      why: "The offered rate times the share kept, as the mean over the samples.",
    });
    const at = (rate: number) => goodput({ rate, shares: samples.map((seed) => kept(serve(rate, seed), slo)) });
    const tried = [16, 18, 20, 24].map((rate) => ({ rate, good: at(rate) }));
    const best = tried.reduce((a, b) => (b.good > a.good ? b : a));
    const said = tried.map(({ rate, good }) => `${rate}: ${good.toFixed(1)}`).join(", ");
    that(best.rate >= 17 && best.rate <= 20 && at(24) < 0.5 * best.good, {
      seen: said,
      expected: "a peak from 17 to 20, and less than half of it at 24",
      why: "Beyond some rate steps take so long that nearly everybody reads too slowly, all at once.",
      hint: "Put `kept` right first.",
    });
  }),

  check("promise is the last rate before a sample breaks it", (lab) => {
    const promise = exportedFunction<PromiseOf>(lab, "promise(seen, share)");
    const base = 4 + (lab.seed % 9);
    const list = (...of: [rate: number, ...shares: number[]][]): Seen[] =>
      of.map(([rate, ...shares]) => ({ rate, shares }));
    const worst = list([base, 1, 1, 1], [base + 2, 0.999, 1, 0.995], [base + 4, 0.999, 0.97, 0.999], [base + 6, 0.5, 0.6, 0.4]); // prettier-ignore
    const dip = list([base, 1, 1], [base + 1, 0.985, 1], [base + 3, 0.995, 0.992], [base + 5, 0.2, 0.3]);
    const cases = [
      { seen: worst, share: 0.98, right: base + 2, why: "In one of its samples fewer were kept. A promise is for the bad day, not for the mean." }, // prettier-ignore
      { seen: dip, share: 0.99, right: base, why: "One rate that keeps the promise beyond one that does not is luck." },
      { seen: worst.toReversed(), share: 0.98, right: base + 2, why: "The rates seen need not come in order." },
      { seen: list([base, 0.9, 0.95], [base + 3, 0.8, 0.9]), share: 0.95, right: 0, why: "Not even the lowest rate kept it, so nothing may be promised." }, // prettier-ignore
      { seen: list([base, 0.95, 0.97], [base + 3, 0.95, 0.95]), share: 0.95, right: base + 3, why: "Exactly the share that is asked for is enough." }, // prettier-ignore
    ];
    for (const { seen, share, right, why } of cases) {
      const answer = promise(seen, share);
      const rates = seen.map(({ rate }) => rate);
      const show = {
        seen: `${answer} for ${percent(share)}, of ${seen.map((at) => `${at.rate} (${at.shares.join(", ")})`).join("; ")}`,
        expected: `${right}`,
      };
      that(answer !== Math.max(...rates) || answer === right, {
        ...show,
        why: "That is the highest rate tried. Hardly anybody is served as promised there.",
        hint: "Go up from the lowest rate, and stop.",
      });
      that(answer === right, {
        ...show,
        why,
        hint: "From the lowest rate up: the last before the least of shares falls below the share.",
      });
    }
  }),
];
