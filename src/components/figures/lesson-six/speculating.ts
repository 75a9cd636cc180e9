/** Speculation on and off across load: time per token, and the first token. */
import { speculation, summarize } from "../../../engine/index.ts";
import { line } from "../../../engine/chart/index.ts";
import type { ChartDescription } from "../../../engine/chart/types.ts";
import { count, time, times } from "../../format.ts";
import { kept } from "../kept.ts";
import type { MovingFigure } from "../moving.ts";
import { chats, drafts, type Draft } from "./traffic.ts";

const rates = [2, 6, 10, 14, 16, 18, 20] as const;
const names: Readonly<Record<Draft, string>> = {
  none: "off",
  good: "on, right 7 times in 10",
  middling: "on, right 5 times in 10",
};
const kinds = Object.keys(names) as Draft[];

/** Mean TPOT and the p50 and p99 of TTFT, the mean of two samples of 400 requests. Seconds. */
export const onLoad = kept((draft: Draft, rate: number) => {
  const each = [1, 2].map((seed) => summarize(chats(rate, seed, 400, draft), { window: "all" }));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    tpot: mean(each.map(({ tpot }) => tpot.mean)),
    median: mean(each.map(({ ttft }) => ttft.p(50))),
    ttft: mean(each.map(({ ttft }) => ttft.p(99))),
  };
});

/** How many times as fast a draft makes the tokens of a stream at a rate. */
export function gain(draft: Draft, rate: number): number {
  return onLoad("none", rate).tpot / onLoad(draft, rate).tpot;
}

/** What the formula says of a lone stream: tokens of a step, and how many times as fast. */
export function alone(draft: Exclude<Draft, "none">) {
  const { acceptance, draftTokens, draftCost } = drafts[draft];
  return {
    tokens: speculation.expectedTokens(acceptance, draftTokens),
    speedup: speculation.speedup(acceptance, draftTokens, draftCost),
  };
}

export function acrossLoad(metric: "tpot" | "ttft", at: number): ChartDescription {
  return line({
    title: metric === "tpot" ? "Time per token" : "The first token",
    x: { label: "Requests per second" },
    y: { label: metric === "tpot" ? "Mean TPOT" : "TTFT p99", unit: "s" },
    series: kinds.map((draft) => ({
      name: names[draft],
      points: rates.map((x) => ({ x, y: onLoad(draft, x)[metric] })),
    })),
    marks: [{ x: at, label: `${count(at)} a second` }],
  });
}

export function speculating(): MovingFigure {
  return {
    title: "Speculation on and off",
    slider: "Requests a second",
    origin: { kind: "simulated", seed: 1 },
    still: rates.indexOf(18),
    play: 1200,
    frames: rates.map((rate) => ({
      name: `load-${rate}`,
      at: `${count(rate)} requests a second`,
      says: `At ${count(rate)} requests a second TPOT is ${time(onLoad("none", rate).tpot)} without drafts, ${time(onLoad("good", rate).tpot)} with the good ones and ${time(onLoad("middling", rate).tpot)} with the others; the p99 of the first token is ${time(onLoad("none", rate).ttft)}, ${time(onLoad("good", rate).ttft)} and ${time(onLoad("middling", rate).ttft)}.`,
      readings: [
        ["good drafts, TPOT", `${times(gain("good", rate))} as fast`],
        ["middling drafts, TPOT", `${times(gain("middling", rate))} as fast`],
        ["TTFT p99, off", time(onLoad("none", rate).ttft)],
        ["TTFT p99, middling", time(onLoad("middling", rate).ttft)],
      ],
      panels: [acrossLoad("tpot", rate), acrossLoad("ttft", rate)],
    })),
  };
}
