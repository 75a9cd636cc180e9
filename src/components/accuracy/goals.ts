/** What the fit must reach on rows that it has not seen, and what it misses. */
import { metricNames, metrics, validationNames, validations, type Metric, type Validation } from "./words.ts";

export interface Errors {
  readonly group: number;
  readonly row: number;
  readonly mean: number;
  readonly p90: number;
  /** Each load curve scaled to be right at its lowest load. */
  readonly shape: number;
  /** Share of rows inside the 80 % interval. */
  readonly covered: number;
  readonly roofline: number;
  readonly rule: number;
  readonly worseThanRoofline: number;
  readonly groups: number;
  readonly rows: number;
}
export type Tables = Readonly<Record<Metric, Errors>>;
export type Validated = Readonly<Record<Validation, Tables>>;

/** Median of group medians, as shares; set before the fit, in the plan of this project. */
export const musts: Readonly<Partial<Record<Metric, { readonly must: number; readonly aim: number }>>> = {
  throughput: { must: 0.2, aim: 0.15 },
  tpot: { must: 0.2, aim: 0.16 },
  ttft: { must: 0.34, aim: 0.28 },
  step: { must: 0.18, aim: 0.15 },
};
/** At least this much better than the rule of thumb, as a share of its error. */
export const BETTER_THAN_RULE = 0.3;
/** Shares of left-out rows that an 80 % interval may hold. */
export const HELD = [0.76, 0.84] as const;

export interface Goal {
  readonly says: string;
  readonly met: boolean;
  /** By how much, or where not. */
  readonly detail: string;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Every must, under the validation in which it comes out worst. */
export function goalsOf(record: Validated): Goal[] {
  const goals: Goal[] = [];
  for (const metric of metrics) {
    const must = musts[metric];
    if (!must) continue;
    const worst = worstOf(record, metric);
    const { group } = record[worst][metric];
    goals.push({
      says: `${metricNames[metric]} off by at most ${percent(must.must)} (aim ${percent(must.aim)}), whatever is left out`,
      met: group <= must.must,
      detail: `${percent(group)} without ${validationNames[worst]}`,
    });
  }
  const gains = each(record, ({ group, rule }) => 1 - group / rule);
  const least = gains.reduce((a, b) => (b.value < a.value ? b : a));
  goals.push({
    says: `better than the rule of thumb by ${percent(BETTER_THAN_RULE)} of its error, everywhere`,
    met: least.value >= BETTER_THAN_RULE,
    detail: `least for ${least.where}: ${percent(least.value)}`,
  });
  const outside = each(record, ({ covered }) => covered).filter(({ value }) => value < HELD[0] || value > HELD[1]);
  const furthest = outside.reduce<(typeof outside)[number] | undefined>(
    (a, b) => (a === undefined || Math.abs(b.value - 0.8) > Math.abs(a.value - 0.8) ? b : a),
    undefined,
  );
  goals.push({
    says: `80 % intervals that hold ${HELD.map((share) => `${100 * share}`).join(" to ")} % of what was left out, everywhere`,
    met: outside.length === 0,
    detail: furthest
      ? `${outside.length} of ${metrics.length * validations.length} miss; furthest: ${percent(furthest.value)} of ${furthest.where}`
      : "in every cell below",
  });
  return goals;
}

/** The validation under which a metric comes out worst. */
export function worstOf(record: Validated, metric: Metric): Validation {
  return validations.reduce((a, b) => (record[b][metric].group > record[a][metric].group ? b : a));
}

function each(record: Validated, of: (errors: Errors) => number): { where: string; value: number }[] {
  return validations.flatMap((validation) =>
    metrics.map((metric) => ({
      where: `${metricNames[metric]} without ${validationNames[validation]}`,
      value: of(record[validation][metric]),
    })),
  );
}
