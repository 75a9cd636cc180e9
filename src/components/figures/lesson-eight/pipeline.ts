/** The stages of a question with retrieved passages: how long each takes, and what the passages cost in prefill. */
import { fixed, lognormal, poisson, prefillStep, ragPipeline } from "../../../engine/index.ts";
import type { ChartOrigin } from "../../../engine/chart/types.ts";
import { waterfall } from "../../../engine/chart/index.ts";
import type { Distribution } from "../../../engine/metrics/types.ts";
import type { Server } from "../../../engine/server.ts";
import { percent, time } from "../../format.ts";
import { kept } from "../kept.ts";
import type { MovingFigure } from "../moving.ts";

export const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };
/** Tokens of a question, with the instructions around it. */
export const question = 400;
export const chunk = 500;
const seed = 1;
export const pipelineOrigin: ChartOrigin = { kind: "simulated", seed };

/** Seconds to prefill the question and so many tokens of passages. */
export function prefill(passages: number): number {
  return prefillStep(server, { tokens: question + passages }).seconds;
}

/** Seconds that so many tokens of passages add. */
export function passagesCost(tokens: number): number {
  return prefill(tokens) - prefill(0);
}

const stageNames = ["embed", "search", "rerank", "model"] as const;
type Stages = Readonly<Record<(typeof stageNames)[number] | "total", Distribution>>;

/** One question every five seconds; embedding, search and reranking of assumed length, the model simulated. */
export const stages = kept((chunks: number, rate: number): Stages => {
  const { stages: seen } = ragPipeline(
    [
      { name: "embed", time: lognormal({ median: 0.02, sigma: 0.5 }) },
      { name: "search", time: lognormal({ median: 0.01, sigma: 0.8 }) },
      { name: "rerank", time: lognormal({ median: 0.06, sigma: 0.4 }), addsPromptTokens: chunk * chunks },
    ],
    server,
    { arrivals: poisson(rate), prompt: fixed(question), output: fixed(8), requests: 1000, seed },
  );
  return seen as Stages;
});

/** Questions that the four stages alike are asked. */
export const asked = 20_000;

/** Four stages alike, by themselves: the sum of their p99s and the p99 of their sums, and the same at the median. */
export const fourAlike = kept(() => {
  const names = ["first", "second", "third", "fourth"];
  const { run, stages: seen } = ragPipeline(
    names.map((name) => ({ name, time: lognormal({ median: 0.05, sigma: 0.5 }) })),
    server,
    { arrivals: poisson(0.2), prompt: fixed(question), output: fixed(1), requests: asked, seed },
  );
  const { scheduled, started } = run.requests;
  const whole = Float64Array.from(started, (t, i) => t - scheduled[i]!).sort();
  const sum = (q: number) => names.reduce((total, name) => total + seen[name]!.p(q), 0);
  const at = (q: number) => whole[Math.ceil((q / 100) * whole.length) - 1]!;
  return { sum99: sum(99), true99: at(99), sum50: sum(50), true50: at(50) };
});

const counts = [0, 2, 5, 10, 15, 20];

/** Where the time to first token goes as passages are added; means, so that the parts add up to the whole. */
export function ragWaterfall(): MovingFigure {
  const most = stages(counts.at(-1) ?? 0, 0.2).total.mean;
  return {
    title: "A question’s way to its first token",
    slider: "Passages of 500 tokens",
    origin: pipelineOrigin,
    still: counts.indexOf(10),
    play: 1100,
    frames: counts.map((chunks) => {
      const seen = stages(chunks, 0.2);
      const share = seen.model.mean / seen.total.mean;
      return {
        name: `chunks-${chunks}`,
        at: chunks === 0 ? "no passage" : `${chunks} passages`,
        says: `With ${chunks === 0 ? "no passage" : `${chunks} passages`} the model takes ${time(seen.model.mean)} to its first token, ${percent(share)} of the whole; the search takes ${time(seen.search.mean)}.`,
        readings: [
          ["first token, p50", time(seen.total.p(50))],
          ["first token, p95", time(seen.total.p(95))],
          ["the model’s share", percent(share)],
        ],
        panels: [
          waterfall({
            title: "A question’s way to its first token",
            y: { label: "Mean time", unit: "s" },
            categories: ["embed the question", "search", "rerank", "model, to the first token"],
            series: [{ name: "mean", values: stageNames.map((name) => seen[name].mean) }],
            marks: [{ y: most, label: `${counts.at(-1)} passages` }],
          }),
        ],
      };
    }),
  };
}
