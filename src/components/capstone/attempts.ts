/** Attempts at the capstone beside what a search found: where each lies, and what would have done as well for less. */
import { scatter } from "../../engine/chart/scatter.ts";
import type { ChartDescription } from "../../engine/chart/types.ts";
import type { RunRecord } from "../../lab/storage-records.ts";

/** What labs/capstone/front.ts finds while the site is built. Seconds, USD a month, shares. */
export interface FoundFront {
  /** Plans that were tried. */
  readonly tried: number;
  /** Most points that any of them has. */
  readonly best: number;
  readonly budget: number;
  readonly promise: { readonly ttft: number; readonly tpot: number; readonly kept: number };
  /** What the brief says, for the page: questions a second at the busiest hour, what may be chosen, tokens of passages in a prompt. */
  readonly rate: number;
  readonly models: readonly string[];
  readonly gpus: readonly { readonly id: string; readonly usdPerHour: number }[];
  readonly passageTokens: number;
  readonly front: readonly FoundPlan[];
}
export interface FoundPlan {
  readonly usd: number;
  readonly kept: number;
  /** The p99 nearest to its promise, as a share of it. */
  readonly worst: number;
  readonly points: number;
  readonly plan: string;
}

export interface Attempt {
  readonly id: string;
  readonly name: string;
  readonly date: string;
  readonly points: number;
  readonly kept: number;
  readonly worst: number;
  readonly usd: number;
  readonly ofSolution: boolean;
}

/** Runs that say all four numbers, as the lab exports them; the first one first. */
export function attemptsOf(runs: readonly RunRecord[]): readonly Attempt[] {
  return runs
    .filter(({ lab }) => lab === "capstone")
    .flatMap(({ id, name, date, summary, ofSolution = false }): Attempt[] => {
      const { points, keptPercent, worstPercent, monthlyUsd } = summary;
      if (points === undefined || keptPercent === undefined || worstPercent === undefined || monthlyUsd === undefined)
        return [];
      const [kept, worst] = [keptPercent / 100, worstPercent / 100];
      return [{ id, name, date, points, kept, worst, usd: monthlyUsd, ofSolution }];
    })
    .sort((a, b) => a.date.localeCompare(b.date));
}

/** Two samples of traffic differ by this much of a share, and of a p99. */
const noise = { kept: 0.01, worst: 0.1 };

/** In a sentence: what the search knows that costs no more and does no worse, or that it knows nothing. */
export function standing(attempt: Attempt, { front, budget }: FoundFront): string {
  if (attempt.points === 0) return "It does not count; the console of its run says why.";
  if (attempt.usd > budget) return `$${whole(attempt.usd - budget)} over the budget.`;
  const as = (plan: FoundPlan) =>
    plan.kept >= attempt.kept - noise.kept && plan.worst <= attempt.worst * (1 + noise.worst);
  const cheaper = front.filter((plan) => as(plan) && plan.usd < attempt.usd - 1).sort((a, b) => a.usd - b.usd)[0];
  if (cheaper !== undefined) return `$${whole(attempt.usd - cheaper.usd)} a month less would do as well.`;
  const surer = front.filter((plan) => plan.usd <= attempt.usd + 1 && plan.kept > attempt.kept + noise.kept).at(-1);
  if (surer !== undefined) return `For the same money, ${percent(surer.kept)} could be kept.`;
  const faster = front
    .filter((plan) => plan.usd <= attempt.usd + 1 && plan.worst < attempt.worst * (1 - noise.worst))
    .at(-1);
  if (faster !== undefined && faster.kept >= attempt.kept - noise.kept)
    return "For the same money, its slowest requests could be faster.";
  return "On the front: the search knows nothing better for the money.";
}

/** Money against how near the slowest come to a broken promise: the front as a line of points, the attempts among them. */
export function placeChart({ front, budget }: FoundFront, attempts: readonly Attempt[]): ChartDescription {
  const found = front.map(({ usd, worst, kept }) => ({ x: usd, y: worst, label: `${percent(kept)} kept` }));
  const own = attempts
    .filter(({ worst, usd }) => worst > 0 && Number.isFinite(worst) && usd > 0)
    .map(({ usd, worst, name }) => ({ x: usd, y: worst, label: name }));
  return scatter({
    title: "Your attempts, and the best that a search found",
    x: { label: "A month", unit: "USD" },
    y: { label: "Slower of the two p99s, in promises", scale: "log" },
    series: [
      { name: "found by search", points: found },
      ...(own.length > 0 ? [{ name: "your attempts", points: own }] : []),
    ],
    marks: [
      { x: budget, label: "budget" },
      { y: 1, label: "promised" },
    ],
  });
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function whole(usd: number): string {
  return Math.round(usd).toLocaleString("en-GB");
}
