/** What matters most: each input moved by itself, and what that does to a result. */
import { answerApi } from "./api-answer.ts";
import { ratesFor, safeRate } from "./own-answer.ts";
import { peakOverMean, shares } from "./curves.ts";
import { generated, ratesOf, type Load, type Plan } from "./plan.ts";
import { meanLength } from "../../engine/workload/lengths.ts";
import { scaledLengths } from "./workload.ts";
import { DAYS } from "./money.ts";

export interface TornadoRow {
  readonly input: string;
  /** What was moved, in words: "−25 %". */
  readonly from: string;
  readonly to: string;
  /** The result at either end; Infinity where the server is not stable there. */
  readonly low: number;
  readonly high: number;
}

export interface Measure {
  readonly id: "own-cost" | "own-e2e" | "api-cost";
  readonly title: string;
  readonly unit: "$" | "s";
}

export const measures: readonly Measure[] = [
  { id: "own-cost", title: "own GPUs: USD per million tokens out, sized to the load", unit: "$" },
  { id: "own-e2e", title: "own GPUs: mean E2E in the busiest hour", unit: "s" },
  { id: "api-cost", title: "API: USD a month", unit: "$" },
];

/** Factors on what the engine estimates, for its published error. */
interface ErrorFactors {
  readonly capacity: number;
  readonly latency: number;
}
const exact: ErrorFactors = { capacity: 1, latency: 1 };

/** NaN where this plan has no such result. */
export function measured(plan: Plan, measure: Measure["id"], error: ErrorFactors = exact): number {
  const { load, objective, api, own } = plan;
  if (measure === "api-cost") return api ? answerApi(api, load).perDay.total * DAYS : NaN;
  if (!own) return NaN;
  const { peak } = ratesOf(load);
  if (measure === "own-e2e") {
    const told = ratesFor(own, load)(peak);
    return told.stable ? told.e2e.value * error.latency : Infinity;
  }
  const atRate = ratesFor(own, load);
  const safe = safeRate(atRate, objective, atRate(peak).capacity.value) * error.capacity;
  const gpus = (own.gpus * peak) / safe;
  return safe > 0
    ? (gpus * own.usdPerHour * own.operations * 24 * 1e6) / (load.callsPerDay * Math.max(1, generated(load)))
    : Infinity;
}

const MOVE = 0.25;

/** Rows of the largest swing first; those that do not move the result are left out. */
export function tornado(plan: Plan, measure: Measure["id"]): TornadoRow[] {
  const { load, own, api } = plan;
  const with_ = (change: Partial<Load>): Plan => ({ ...plan, load: { ...load, ...change } });
  const lengths = (name: "prompt" | "output", factor: number): Plan => {
    const scaled = scaledLengths(load[name], factor);
    return with_(
      name === "prompt"
        ? { prompt: scaled, promptMean: meanLength(scaled) }
        : { output: scaled, outputMean: meanLength(scaled) },
    );
  };
  const around = (input: string, make: (factor: number) => Plan): TornadoRow => ({
    input,
    from: "−25 %",
    to: "+25 %",
    low: measured(make(1 - MOVE), measure),
    high: measured(make(1 + MOVE), measure),
  });
  const rows: TornadoRow[] = [
    around("tokens in", (factor) => lengths("prompt", factor)),
    around("tokens out", (factor) => lengths("output", factor)),
    around("calls a day", (factor) => with_({ callsPerDay: load.callsPerDay * factor })),
  ];
  const least = Math.max(0, load.prefixShare - MOVE);
  const most = Math.min(0.95, load.prefixShare + MOVE);
  const share = (prefixShare: number) => measured(with_({ prefixShare }), measure);
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  rows.push({ input: "shared prefix", from: percent(least), to: percent(most), low: share(least), high: share(most) });
  const flat = shares(Array<number>(24).fill(1));
  if (peakOverMean(load.hours) > 1.01)
    rows.push({
      input: "daily curve",
      from: "flat",
      to: "as given",
      low: measured(with_({ hours: flat }), measure),
      high: measured(plan, measure),
    });
  if (own && measure === "own-cost")
    rows.push(around("GPU price", (factor) => ({ ...plan, own: { ...own, usdPerHour: own.usdPerHour * factor } })));
  if (own && measure !== "api-cost") {
    const told = ratesFor(own, load)(ratesOf(load).peak);
    const { capacity, e2e } = told;
    rows.push({
      input: "published error of the model",
      from: "favourable",
      to: "unfavourable",
      low: measured(plan, measure, { capacity: capacity.high / capacity.value, latency: e2e.low / e2e.value }),
      high: measured(plan, measure, { capacity: capacity.low / capacity.value, latency: e2e.high / e2e.value }),
    });
  }
  if (api && measure === "api-cost")
    for (const part of ["input", "output"] as const)
      rows.push(
        around(`price of tokens ${part === "input" ? "in" : "out"}`, (factor) => ({
          ...plan,
          api: { ...api, price: { ...api.price, [part]: api.price[part] * factor } },
        })),
      );
  const swing = ({ low, high }: TornadoRow) => Math.abs(high - low);
  const base = measured(plan, measure);
  return rows
    .filter((row) => swing(row) > 1e-4 * base || swing(row) === Infinity || Number.isNaN(swing(row)))
    .filter((row) => !(Number.isNaN(row.low) && Number.isNaN(row.high)))
    .sort((a, b) => (swing(b) || 0) - (swing(a) || 0));
}
