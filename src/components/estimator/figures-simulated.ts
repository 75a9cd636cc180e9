/** The numbers of the simulation, each with how it was found. */
import type { Ranged } from "../../engine/metrics/types.ts";
import type { Figure } from "./figure.ts";
import { objectiveWords, perToken } from "./figures-own.ts";
import { generated, type Plan } from "./plan.ts";
import type { Quantiles, Refined } from "./refine.ts";
import { count, percent, perSecond, time } from "./words.ts";

export type Metric = "ttft" | "tpot" | "e2e";

const spans: Readonly<Record<Metric, string>> = {
  ttft: "from leaving the client to the first token",
  tpot: "from the first token to the last, over the gaps between tokens",
  e2e: "from leaving the client to the last token",
};

/** Percentiles of one metric; `error` is the estimate with its published interval. */
export function percentileFigures(plan: Plan, metric: Metric, refined: Refined, error: Ranged): readonly Figure[] {
  const quantiles: Quantiles | null = refined[metric];
  if (!quantiles) return [];
  const factor = metric === "tpot" ? perToken(1, Math.max(1, generated(plan.load)), plan.objective) : 1;
  const [down, up] = [error.low / error.value, error.high / error.value];
  return quantiles.at.map(({ q, value, interval }) => ({
    id: `${metric}-p${q}`,
    label: `${metric.toUpperCase()}, p${q}, simulated`,
    text: time(value * factor),
    range: `${time(value * factor * down)} to ${time(value * factor * up)}`,
    formula: `${q} % of the simulated requests are as fast: ${spans[metric]}`,
    filled: `${count(quantiles.n)} requests at ${perSecond(ratePerReplica(plan, refined))} on one replica; ${
      interval === null
        ? "too few for a 95 % interval of chance"
        : `by chance alone ${time(interval[0] * factor)} to ${time(interval[1] * factor)} (95 %)`
    }`,
    source: `${seedWords(refined)} The range is the factor that four of five published measurements stay within.`,
  }));
}

export function safeFigure(plan: Plan, refined: Refined): Figure {
  const promised = objectiveWords(plan.objective) ?? "";
  return {
    id: "safe-simulated",
    label: "Goodput-safe rate, simulated",
    text: refined.safe! > 0 ? `${perSecond(refined.safe!)}, simulated` : "none: even an idle server misses it",
    range: promised,
    formula: "the highest rate at which enough simulated requests keep the promise, by halving",
    filled: `between 0 and the capacity, ${perSecond(refined.capacity)}, seven times`,
    source: seedWords(refined),
  };
}

export function attainmentFigure(plan: Plan, refined: Refined): Figure {
  return {
    id: "attainment",
    label: "Promise kept in the busiest hour",
    text: `${percent(refined.attainment!)} of requests, simulated`,
    formula: "requests that meet every bound ÷ all requests",
    filled: `${objectiveWords(plan.objective) ?? ""}; ${count(refined.requests)} requests at ${perSecond(ratePerReplica(plan, refined))} on one replica`,
    source: seedWords(refined),
  };
}

export function cacheFigure(plan: Plan, refined: Refined): Figure {
  return {
    id: "cache",
    label: "Prompt tokens found in the cache",
    text: `${percent(refined.cacheHitRate)}, simulated`,
    formula: "prompt tokens found in the prefix cache ÷ all prompt tokens",
    filled: `${percent(plan.load.prefixShare)} of a prompt is shared, in whole blocks, with ${count(plan.load.groups)} different beginning${plan.load.groups === 1 ? "" : "s"}`,
    source: seedWords(refined),
  };
}

function ratePerReplica(plan: Plan, { rate }: Refined): number {
  return rate / (plan.own?.resolved.replicas ?? 1);
}

function seedWords({ seed }: Refined): string {
  return `Simulated with our own model of vLLM’s scheduler, seed ${seed}.`;
}
