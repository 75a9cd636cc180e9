import { burst, fixed, simulate, speculation, summarize, type Server } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";

interface Seen {
  readonly tpot: number;
  readonly ttft: number;
}
type ExpectedTokens = (acceptance: number, drafts: number) => number;
type BestDrafts = (acceptance: number, draftCost: number) => number;
type KeepOn = (off: Seen, on: Seen, promise: number) => boolean;

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9;

/** The number of drafts with the highest speed-up, and how high it is. */
function bestOf(acceptance: number, draftCost: number): { drafts: number; speedup: number } {
  const all = Array.from({ length: 16 }, (_, i) => ({
    drafts: i + 1,
    speedup: speculation.speedup(acceptance, i + 1, draftCost),
  }));
  return all.reduce((best, one) => (one.speedup > best.speedup ? one : best));
}

export default [
  check("A draft counts only if those before it were right: with .7 and 5 a step gives 2.941 tokens", (lab) => {
    const expectedTokens = exportedFunction<ExpectedTokens>(lab, "expectedTokens(acceptance, drafts)");
    const drawn = 0.3 + (lab.seed % 60) / 100;
    for (const [acceptance, drafts] of [
      [0.7, 5],
      [drawn, 1 + (lab.seed % 8)],
      [1, 4],
      [0.4, 0],
    ] as const) {
      const right = speculation.expectedTokens(acceptance, drafts);
      const answer = expectedTokens(acceptance, drafts);
      const show = { seen: `${answer} tokens for ${acceptance} and ${drafts}`, expected: right.toFixed(4) };
      that(!near(answer, 1 + drafts * acceptance) || near(right, answer), {
        ...show,
        why: "That counts each draft by itself. Once one is wrong, all that follow it are thrown away.",
        hint: "The second counts if the first and the second are right: acceptance ** 2.",
      });
      that(!near(answer, right - 1), {
        ...show,
        why: "The step gives a token even if no draft is right: the big model's own.",
      });
      that(!near(answer, right - acceptance ** drafts) || near(right, answer) || drafts === 0, {
        ...show,
        why: "That leaves out the last draft.",
      });
      close(answer, right, {
        absolute: 1e-3,
        what: `expectedTokens(${acceptance}, ${drafts}):`,
        why: "One, and each draft's chance that it and all before it are right.",
        hint: "1 + a + a² + … + a to the power of drafts.",
      });
    }
  }),

  check("More drafts are not always better", (lab) => {
    const bestDrafts = exportedFunction<BestDrafts>(lab, "bestDrafts(acceptance, draftCost)");
    const cases = [
      [0.5, 0.05],
      [0.7, 0.05],
      [0.8, 0.05],
      [0.6, 0.1],
      [0.9, 0.02],
      [0.5, 0.2],
      [0.45 + (lab.seed % 40) / 100, 0.03 + (lab.seed % 10) / 100],
    ] as const;
    for (const [acceptance, cost] of cases) {
      const right = bestOf(acceptance, cost);
      const answer = bestDrafts(acceptance, cost);
      const allowed = Number.isInteger(answer) && answer >= 1 && answer <= 16;
      that(allowed, {
        seen: `${answer} drafts`,
        expected: `${right.drafts}`,
        why: "It is one of 1 to 16.",
      });
      const free = bestOf(acceptance, 0).drafts;
      that(answer !== free || right.drafts === free, {
        seen: `${answer} drafts for acceptance ${acceptance} and cost ${cost}`,
        expected: `${right.drafts}`,
        why: "More drafts always give more tokens. Each of them also costs a share of a step, whether it is right or not.",
        hint: "Tokens of a step ÷ its time, 1 + drafts · draftCost.",
      });
      const gained = speculation.speedup(acceptance, answer, cost);
      that(near(gained, right.speedup), {
        seen: `${answer} drafts, ${gained.toFixed(3)} times as fast`,
        expected: `${right.drafts}, ${right.speedup.toFixed(3)} times`,
        why: `With acceptance ${acceptance} and a cost of ${cost.toFixed(2)} another number is faster.`,
        hint: "Go through all 16, and keep the one with the highest expectedTokens ÷ (1 + drafts · draftCost).",
      });
    }
  }),

  check("It stays on where streams flow faster and first tokens keep their promise", (lab) => {
    const keepOn = exportedFunction<KeepOn>(lab, "keepOn(off, on, promise)");
    const promise = 0.3 + (lab.seed % 40) / 100;
    const off = { tpot: 0.012, ttft: 0.6 * promise };
    const cases: readonly (readonly [Seen, Seen, boolean, string])[] = [
      [
        off,
        { tpot: 0.005, ttft: 0.7 * promise },
        true,
        "Streams are faster and the first token is early enough. It may be a little later than before.",
      ],
      [off, { tpot: 0.005, ttft: promise }, true, "A p99 of exactly what is promised keeps the promise."],
      [
        off,
        { tpot: 0.011, ttft: 1.4 * promise },
        false,
        "Streams are a little faster, and the first token breaks its promise: drafts took the time that newcomers' prompts needed.",
      ],
      [
        off,
        { tpot: 0.018, ttft: 0.9 * promise },
        false,
        "Streams have become slower. Then there is nothing to keep it on for.",
      ],
      [
        { ...off, ttft: 2 * promise },
        { tpot: 0.01, ttft: 1.5 * promise },
        false,
        "The promise is broken with it as well. What is needed here is capacity, not drafts.",
      ],
    ];
    for (const [without, on, right, why] of cases) {
      const answer = keepOn(without, on, promise);
      that(answer === right, {
        seen: `${answer} for TPOT ${ms(without.tpot)} → ${ms(on.tpot)}, TTFT p99 ${ms(without.ttft)} → ${ms(on.ttft)}, promised ${ms(promise)}`,
        expected: String(right),
        why,
        hint: "Two conditions, joined by &&.",
      });
    }
  }),

  check("A lone stream gets the whole gain, a burst of 256 none of it", (lab) => {
    const expectedTokens = exportedFunction<ExpectedTokens>(lab, "expectedTokens(acceptance, drafts)");
    const server: Server = {
      model: "llama-3.1-8b",
      gpu: "h100-sxm-80",
      scheduler: { maxNumBatchedTokens: 8192, maxNumSeqs: 256 },
    };
    const draft = { acceptance: 0.7, draftTokens: 4, draftCost: 0.05 };
    const tpot = (of: Server, requests: number, output: number) =>
      summarize(
        simulate(of, { arrivals: burst(), prompt: fixed(200), output: fixed(output), requests, seed: lab.seed }),
        { window: "all" },
      ).tpot.mean;
    const gain = (requests: number, output: number) =>
      tpot(server, requests, output) / tpot({ ...server, speculation: draft }, requests, output);
    const [alone, crowded] = [gain(1, 600), gain(256, 24)];
    const ideal = expectedTokens(0.7, 4) / (1 + 4 * 0.05);
    that(Math.abs(alone / ideal - 1) < 0.15 && crowded < 1.1, {
      seen: `${alone.toFixed(2)} times alone and ${crowded.toFixed(2)} times in a burst of 256, where your formula says ${ideal.toFixed(2)}`,
      expected: "your formula's factor alone, and none in the burst",
      why: "Drafts ride on arithmetic that a lone stream leaves idle. A full batch leaves none.",
    });
  }),
];

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}
