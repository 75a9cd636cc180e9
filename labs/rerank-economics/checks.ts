import { queueing } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { rerankers, type Reranker } from "./rerankers.ts";

type RerankTime = (reranker: Reranker, candidates: number, rate: number) => number;
type MostCandidates = (reranker: Reranker, budget: number, rate: number) => number;
type Choose = (budget: number, candidates: number, rate: number, margin: number) => Reranker | undefined;

const named = (name: string): Reranker => {
  const found = rerankers.find((reranker) => reranker.name === name);
  if (found === undefined) throw new Error(`no reranker ${name}`);
  return found;
};
const right: RerankTime = ({ docsPerSecond }, candidates, rate) =>
  candidates === 0 ? 0 : queueing.md1({ rate, service: candidates / docsPerSecond }).sojourn;
const rightMost: MostCandidates = (reranker, budget, rate) => {
  let most = 0;
  while (most < 500 && right(reranker, most + 1, rate) <= budget) most++;
  return most;
};
const ms = (seconds: number) => (Number.isFinite(seconds) ? `${(seconds * 1000).toFixed(1)} ms` : String(seconds));

export default [
  check("Alone, 100 candidates take L6 55.6 ms, and L12 48.6 ms more", (lab) => {
    const rerankTime = exportedFunction<RerankTime>(lab, "rerankTime(reranker, candidates, rate)");
    const [l6, l12] = [rerankTime(named("MiniLM-L6"), 100, 0), rerankTime(named("MiniLM-L12"), 100, 0)];
    that(Math.abs(l6 - 1800 / 100) > 1e-9, {
      seen: `${l6} s for 100 candidates`,
      expected: "0.0556 s",
      why: "That is documents a second over documents, which has the unit of a rate. Time is documents over documents a second.",
    });
    close(l6, 0.0556, {
      absolute: 0.001,
      what: "100 candidates on MiniLM-L6, in seconds:",
      why: "100 ÷ 1,800 a second.",
    });
    close(l12 - l6, 0.0486, {
      absolute: 0.001,
      what: "MiniLM-L12 less MiniLM-L6, in seconds:",
      why: "100 ÷ 960 less 100 ÷ 1,800.",
    });
  }),

  check("With others arriving, a question also waits its turn", (lab) => {
    const rerankTime = exportedFunction<RerankTime>(lab, "rerankTime(reranker, candidates, rate)");
    const reranker = rerankers[lab.seed % rerankers.length] ?? named("MiniLM-L6");
    const candidates = 40 + (lab.seed % 120);
    const service = candidates / reranker.docsPerSecond;
    const rate = (0.35 + (lab.seed % 50) / 100) / service;
    const answer = rerankTime(reranker, candidates, rate);
    const expected = right(reranker, candidates, rate);
    const show = {
      seen: `${ms(answer)} for ${candidates} candidates on ${reranker.name}, ${rate.toFixed(1)} questions a second`,
      expected: ms(expected),
    };
    that(Math.abs(answer - service) > 1e-6 * service, {
      ...show,
      why: `That is the time of service alone. The GPU is busy ${(100 * rate * service).toFixed(0)} % of the time, so a question mostly finds another one there.`,
      hint: "queueing.md1 knows a server whose services are all equally long.",
    });
    that(Math.abs(answer - (expected - service)) > 1e-6 * service, {
      ...show,
      why: "That is the wait in line. After it the question's own candidates are still to be read.",
      hint: "sojourn is wait and service together.",
    });
    that(Math.abs(answer - queueing.mm1({ rate, service }).sojourn) > 1e-6 * service, {
      ...show,
      why: "M/M/1 has services of random length. Here each question brings as many candidates as the last, so all are equally long and the line is half as long.",
    });
    close(answer, expected, { relative: 1e-6, what: "mean time in seconds:", why: "Wait and service of M/D/1." });
    that(rerankTime(reranker, candidates, 1.05 / service) === Infinity, {
      seen: `${ms(rerankTime(reranker, candidates, 1.05 / service))} with five per cent more arriving than can be read`,
      expected: "Infinity",
      why: "Beyond full the line grows without end.",
    });
  }),

  check("mostCandidates fills the budget and no more", (lab) => {
    const mostCandidates = exportedFunction<MostCandidates>(lab, "mostCandidates(reranker, budget, rate)");
    const drawn = rerankers[(lab.seed + 1) % rerankers.length] ?? named("MiniLM-L6");
    const cases: [Reranker, number, number][] = [
      [named("MiniLM-L6"), 0.06, 0],
      [named("MiniLM-L6"), 0.06, 10],
      [drawn, 0.02 + (lab.seed % 100) / 1000, 2 + (lab.seed % 9)],
      [named("TinyBERT-L2"), 5, 0],
      [named("MiniLM-L12"), 0.0005, 1],
    ];
    for (const [reranker, budget, rate] of cases) {
      const answer = mostCandidates(reranker, budget, rate);
      const expected = rightMost(reranker, budget, rate);
      const seen = `${answer} candidates on ${reranker.name} within ${ms(budget)} at ${rate} questions a second`;
      that(Number.isInteger(answer), { seen, expected: `${expected}`, why: "Candidates come in whole numbers." });
      that(answer <= expected, {
        seen,
        expected: `${expected}`,
        why: `${answer} take ${ms(right(reranker, answer, rate))} on average, with the line.`,
        hint: "Ask rerankTime, which knows the line, and stop at 500.",
      });
      that(answer === expected, {
        seen,
        expected: `${expected}`,
        why: `${expected} take ${ms(right(reranker, expected, rate))}, which is still within the budget.`,
        hint: "Add one as long as one more keeps within it.",
      });
    }
  }),

  check("choose takes the fastest that is as good as the best within the budget", (lab) => {
    const choose = exportedFunction<Choose>(lab, "choose(budget, candidates, rate, margin)");
    const margin = 0.05 + (lab.seed % 5) / 100;
    const drawn = [0.01 + (lab.seed % 12) / 100, 30 + (lab.seed % 90), lab.seed % 8] as const;
    for (const [budget, candidates, rate] of [
      [0.4, 100, 0],
      [0.06, 100, 0],
      [0.06, 100, 8],
      [0.001, 100, 0],
      drawn,
    ] as const) {
      const answer = choose(budget, candidates, rate, margin);
      const within = rerankers.filter((reranker) => right(reranker, candidates, rate) <= budget);
      const best = Math.max(...within.map(({ ndcg }) => ndcg));
      const expected = within.find(({ ndcg }) => ndcg >= best - margin);
      const show = {
        seen: `${answer?.name ?? "none"} for ${candidates} candidates within ${ms(budget)} at ${rate} questions a second`,
        expected: expected?.name ?? "none",
      };
      that(answer === undefined || right(answer, candidates, rate) <= budget, {
        ...show,
        why: `It takes ${ms(answer === undefined ? 0 : right(answer, candidates, rate))} there, line included.`,
        hint: "First leave out those that do not keep the budget.",
      });
      that(expected === undefined || answer !== undefined, { ...show, why: "That one keeps the budget." });
      that(answer === undefined || answer.ndcg >= best - margin, {
        ...show,
        why: `It gives away ${(best - (answer?.ndcg ?? 0)).toFixed(1)} points of NDCG that the budget would pay for.`,
      });
      that(answer?.name === expected?.name, {
        ...show,
        why: `It buys ${((answer?.ndcg ?? 0) - (expected?.ndcg ?? 0)).toFixed(2)} points of NDCG for ${ms(right(answer ?? named("MiniLM-L12"), candidates, rate) - right(expected ?? named("MiniLM-L6"), candidates, rate))} more.`,
        hint: "Of those at most margin worse than the best, the fastest; the list has the fastest first.",
      });
    }
  }),
];
