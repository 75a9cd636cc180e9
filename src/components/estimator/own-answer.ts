/** What a server of one's own does with a load, and what its GPUs cost. */
import { estimatesByRate, type RateEstimate } from "../../engine/estimate/at-rate.ts";
import { budgetOf } from "../../engine/estimate/memory.ts";
import type { MemoryBudget, Money } from "../../engine/estimate/types.ts";
import { dayBill, type DayBill } from "./day-bill.ts";
import { DAYS, scaledMoney } from "./money.ts";
import { generated, ratesOf, type Load, type Objective, type OwnPlan } from "./plan.ts";
import { prefixTokens } from "./workload.ts";

export interface OwnAnswer {
  readonly memory: MemoryBudget;
  readonly rates: { readonly mean: number; readonly peak: number };
  /** At the busiest hour; null where the model does not fit. */
  readonly peak: RateEstimate | null;
  /** Requests per second over all replicas whose estimated means still meet the objective; the capacity where nothing is promised. */
  readonly safe: number;
  readonly bill: DayBill | null;
  readonly perRequest: Money | null;
  readonly perDay: Money | null;
  readonly perMonth: Money | null;
  /** USD per million generated tokens when every GPU is busy all the time. */
  readonly perMillionFull: number;
  /** Whole sequences of the mean request for which there is room at once. */
  readonly sequences: number;
  readonly notes: readonly string[];
}

export function answerOwn(plan: OwnPlan, load: Load, objective: Objective): OwnAnswer {
  const rates = ratesOf(load);
  const memory = budgetOf(plan.resolved);
  const tokens = load.promptMean + generated(load);
  const sequences = memory.fits ? memory.maxSequences(Math.max(1, tokens)) * plan.resolved.replicas : 0;
  const none = { bill: null, perRequest: null, perDay: null, perMonth: null, perMillionFull: NaN };
  if (!memory.fits || sequences < 1) {
    const why = memory.fits
      ? `The KV cache has room for less than one such request of ${Math.round(tokens).toLocaleString("en-GB")} tokens: a server would refuse it.`
      : `The model does not fit: ${memory.reason}`;
    return { memory, rates, peak: null, safe: 0, ...none, sequences, notes: [why] };
  }
  const atRate = ratesFor(plan, load);
  const peak = atRate(rates.peak);
  const replicas = plan.resolved.replicas;
  const bill = dayBill({
    callsPerHour: load.hours.map((share) => share * load.callsPerDay),
    capacityPerHour: (peak.capacity.value * 3600) / replicas,
    replicas,
    gpusPerReplica: plan.gpus / replicas,
    usdPerHour: plan.usdPerHour,
    operations: plan.operations,
    hourly: plan.hourly,
  });
  const out = generated(load);
  const perMillion = out > 0 ? (bill.usd / (load.callsPerDay * out)) * 1e6 : 0;
  const perDay: Money = { total: bill.usd, parts: bill.parts, perMillionOutputTokens: perMillion };
  return {
    memory,
    rates,
    peak,
    safe: safeRate(atRate, objective, peak.capacity.value),
    bill,
    perRequest: scaledMoney(perDay, 1 / load.callsPerDay),
    perDay,
    perMonth: scaledMoney(perDay, DAYS),
    perMillionFull:
      (plan.gpus * plan.usdPerHour * plan.operations * 1e6) / (3600 * peak.capacity.value * Math.max(1, out)),
    sequences,
    notes: notesOf(plan, load, peak, sequences),
  };
}

/** The engine's estimate for this load by rate. A server generates one token at least. */
export function ratesFor(plan: OwnPlan, load: Load): (rate: number) => RateEstimate {
  const prompt = Math.max(1, load.promptMean);
  return estimatesByRate(plan.server, {
    prompt,
    cached: plan.resolved.scheduler.enablePrefixCaching ? Math.min(prefixTokens(load), prompt - 1) : 0,
    output: Math.max(1, generated(load)),
  });
}

const STEPS = 16;

/** By halving: latencies grow with the rate. */
export function safeRate(atRate: (rate: number) => RateEstimate, { slo }: Objective, capacity: number): number {
  const meets = (rate: number): boolean => {
    const { stable, ttft, tpot, e2e } = atRate(rate);
    if (!stable) return false;
    return (
      ttft.value <= (slo.ttft ?? Infinity) &&
      !(tpot.value > (slo.tpot ?? Infinity)) &&
      e2e.value <= (slo.e2e ?? Infinity)
    );
  };
  if (Object.keys(slo).length === 0) return capacity;
  let low = 0;
  let high = capacity;
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    if (meets(middle)) low = middle;
    else high = middle;
  }
  return low < capacity * 1e-6 ? 0 : low;
}

function notesOf({ model, resolved }: OwnPlan, load: Load, peak: RateEstimate, sequences: number): string[] {
  const count = (value: number) => Math.round(value).toLocaleString("en-GB");
  const { experts } = model;
  return [
    ...(generated(load) < 1 ? ["An answer of no tokens still makes the engine generate one."] : []),
    ...(load.reasoning > 0
      ? ["The first token that a reader sees comes after the reasoning: TTFT + reasoning tokens × TPOT."]
      : []),
    ...(experts
      ? [
          `${model.name} is a mixture of experts: all ${billions(model.parameters)} parameters are stored, ${billions(model.activeParameters)} are multiplied for each token.`,
        ]
      : []),
    ...(model.attention.some(({ window }) => window !== undefined)
      ? ["Layers with a sliding window stop growing their KV cache where the window is full."]
      : []),
    ...(model.attention.some(({ kind }) => kind === "mla")
      ? ["Its KV cache holds one latent vector a token (MLA), a copy on each tensor-parallel GPU."]
      : []),
    ...(model.attention.some(({ sharedElements }) => sharedElements !== undefined)
      ? ["Some layers read the KV cache of others and keep none of their own."]
      : []),
    ...(model.tiedEmbeddings ? ["Embedding and output layer are one matrix, counted once."] : []),
    ...(!resolved.scheduler.enablePrefixCaching && load.prefixShare > 0
      ? ["Prefix caching is off: the shared prefix is computed anew for each request."]
      : []),
    ...(sequences < 4
      ? [`There is room for ${count(sequences)} such request${sequences === 1 ? "" : "s"} at once: any more wait.`]
      : []),
    ...(peak.stable && peak.load > 0.9
      ? ["Above nine tenths of the capacity, a small error of the model moves the latency a lot."]
      : []),
    ...(peak.stable && peak.load * peak.capacity.value >= peak.capacity.low
      ? ["The load is within the published error of the capacity: it may not be stable."]
      : []),
  ];
}

function billions(parameters: number): string {
  return `${(parameters / 1e9).toLocaleString("en-GB", { maximumSignificantDigits: 3 })} B`;
}
