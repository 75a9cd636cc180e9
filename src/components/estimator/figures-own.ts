/** The numbers of one's own server, each with its formula. */
import type { RateEstimate } from "../../engine/estimate/at-rate.ts";
import type { Ranged } from "../../engine/metrics/types.ts";
import { sourceOf } from "../../engine/catalog/source.ts";
import type { Figure } from "./figure.ts";
import { DAYS } from "./money.ts";
import type { OwnAnswer } from "./own-answer.ts";
import { generated, type Load, type Objective, type OwnPlan } from "./plan.ts";
import { between, count, money, number, percent, perSecond, time } from "./words.ts";

export interface OwnFigures {
  readonly perRequest: Figure;
  readonly perDay: Figure;
  readonly perMonth: Figure;
  readonly perMillion: Figure;
  readonly perMillionFull: Figure;
  readonly capacity: Figure;
  readonly safe: Figure;
  readonly load: Figure;
  readonly inFlight: Figure;
}

/** Null where the model does not fit. */
export function ownFigures(plan: OwnPlan, load: Load, objective: Objective, told: OwnAnswer): OwnFigures | null {
  const { peak, bill, perDay, perRequest, perMonth } = told;
  if (!peak || !bill || !perDay || !perRequest || !perMonth) return null;
  const out = generated(load);
  const rent = `Price of a GPU-hour: ${plan.priceSource}.`;
  const model = engineSource(plan);
  return {
    perRequest: {
      id: "own-request",
      label: "Own GPUs, per request",
      text: money(perRequest.total),
      formula: "cost of a day ÷ calls a day",
      filled: `${money(perDay.total)} ÷ ${count(load.callsPerDay)}`,
      source: rent,
    },
    perDay: {
      id: "own-day",
      label: "Own GPUs, per day",
      text: money(perDay.total),
      formula: "GPU-hours × price of a GPU-hour × operations",
      filled: `${count(bill.gpuHours)} h × $${number(plan.usdPerHour)} × ${number(plan.operations)}`,
      source: rent,
    },
    perMonth: {
      id: "own-month",
      label: "Own GPUs, per month",
      text: money(perMonth.total),
      formula: "cost of a day × 730 hours ÷ 24",
      filled: `${money(perDay.total)} × ${number(DAYS)}`,
      source: rent,
    },
    perMillion: {
      id: "own-million",
      label: "Own GPUs, per million tokens out",
      text: out > 0 ? money(perDay.perMillionOutputTokens) : "–",
      formula: "cost of a day ÷ (calls a day × tokens out) × 10⁶",
      filled:
        out > 0
          ? `${money(perDay.total)} ÷ (${count(load.callsPerDay)} × ${count(out)}) × 10⁶: busy ${percent(bill.utilisation)} of what is paid for`
          : "no tokens out to divide by",
      source: rent,
    },
    perMillionFull: {
      id: "own-million-full",
      label: "Own GPUs, per million tokens out if always busy",
      text: out > 0 ? money(told.perMillionFull) : "–",
      ...(out > 0 && {
        range: `${money((told.perMillionFull * peak.capacity.value) / peak.capacity.high)} to ${money((told.perMillionFull * peak.capacity.value) / peak.capacity.low)}`,
      }),
      formula: "GPUs × price of a GPU-hour × operations ÷ (3,600 × capacity × tokens out) × 10⁶",
      filled: `${plan.gpus} × $${number(plan.usdPerHour)} × ${number(plan.operations)} ÷ (3,600 × ${number(peak.capacity.value)} × ${count(Math.max(1, out))}) × 10⁶`,
      source: `${rent} ${model}`,
    },
    capacity: {
      id: "capacity",
      label: "Capacity",
      text: perSecond(peak.capacity.value),
      range: between(peak.capacity, perSecond),
      formula: "requests per second at saturation: steps of as many sequences as have a place, prompts between them",
      filled: `${number(peak.holds)} places for requests of ${count(load.promptMean + out)} tokens (at most ${count(plan.resolved.scheduler.maxNumSeqs)} a replica by maxNumSeqs)`,
      source: model,
    },
    safe: {
      id: "safe",
      label: "Goodput-safe rate",
      text: perSecond(told.safe),
      formula: "the highest rate at which the means meet the objective",
      filled: objectiveWords(objective) ?? "nothing is promised, so it is the capacity",
      source: model,
    },
    load: {
      id: "load",
      label: "Busiest hour",
      text: peak.stable
        ? `${perSecond(told.rates.peak)}, ${percent(peak.load)} of the capacity`
        : `${perSecond(told.rates.peak)}: above the capacity`,
      formula: "calls a day ÷ 86,400 × busiest hour ÷ mean hour, over the capacity",
      filled: `${count(load.callsPerDay)} ÷ 86,400 × ${number(told.rates.peak / told.rates.mean)} ÷ ${number(peak.capacity.value)}`,
      source: "",
    },
    inFlight: {
      id: "in-flight",
      label: "Requests in flight in the busiest hour",
      text: Number.isFinite(peak.inFlight) ? number(peak.inFlight) : "without end",
      formula: "rate × E2E (Little’s law)",
      filled: Number.isFinite(peak.inFlight)
        ? `${number(told.rates.peak)} × ${time(peak.e2e.value)}`
        : "more come than leave",
      source: "",
    },
  };
}

/** Means by the closed form, before the simulation; null where there is no steady state. */
export function latencyFigures(
  plan: OwnPlan,
  load: Load,
  objective: Objective,
  peak: RateEstimate,
): Readonly<Record<"ttft" | "tpot" | "e2e", Figure>> | null {
  if (!peak.stable) return null;
  const out = Math.max(1, generated(load));
  const { waits, step, running } = peak;
  const parts = Object.entries(step.parts).filter(([, seconds]) => seconds > 1e-6);
  const source = engineSource(plan);
  const tpot = perToken(peak.tpot.value, out, objective);
  return {
    ttft: {
      id: "ttft-mean",
      label: "TTFT, mean",
      text: time(peak.ttft.value),
      range: between(peak.ttft, time),
      formula: "network and front end + line for a place + rest of the running step and the steps of the prompt",
      filled: `${time(waits.outside)} + ${time(waits.place)} + ${time(waits.inside)}`,
      source,
    },
    tpot: {
      id: "tpot-mean",
      label: "TPOT, mean",
      text: out > 1 ? time(tpot) : "–",
      ...(out > 1 && { range: between(scaled(peak.tpot, tpot / peak.tpot.value), time) }),
      formula: `decode step of the sequences that run together (${parts.map(([name]) => name).join(" + ")}) + share of the steps that carry prompts`,
      filled:
        out > 1
          ? `${number(Math.max(1, running))} sequences: ${parts.map(([, seconds]) => time(seconds)).join(" + ")} = ${time(step.seconds)}, and ${time(Math.max(0, peak.tpot.value - step.seconds))} for prompts${objective.per === "tokens" ? `; × ${count(out - 1)} ÷ ${count(out)}, over all tokens` : ""}`
          : "an answer of one token has no time between tokens",
      source,
    },
    e2e: {
      id: "e2e-mean",
      label: "E2E, mean",
      text: time(peak.e2e.value),
      range: between(peak.e2e, time),
      formula: "TTFT + (tokens out − 1) × TPOT",
      filled:
        out > 1
          ? `${time(peak.ttft.value)} + ${count(out - 1)} × ${time(peak.tpot.value)}`
          : `${time(peak.ttft.value)}: one token`,
      source,
    },
  };
}

/** TPOT by either convention, from that over the gaps. */
export function perToken(overGaps: number, out: number, { per }: Objective): number {
  return per === "tokens" ? (overGaps * (out - 1)) / out : overGaps;
}

export function objectiveWords({ slo, attainment }: Objective): string | null {
  const bounds = (["ttft", "tpot", "e2e"] as const).flatMap((name) =>
    slo[name] === undefined ? [] : [`${name.toUpperCase()} ≤ ${time(slo[name])}`],
  );
  return bounds.length === 0 ? null : `${bounds.join(", ")} for ${percent(attainment)} of requests`;
}

function engineSource({ resolved }: OwnPlan): string {
  const { gpu, parameters, engine } = resolved;
  const sheet = (() => {
    try {
      const { source, date } = sourceOf(gpu, "hbmBandwidth");
      return ` Data sheet of ${gpu.name}: ${source}, read on ${date}.`;
    } catch {
      return "";
    }
  })();
  return `Step model “${parameters.name}” for ${engine}.${sheet}`;
}

function scaled({ value, low, high }: Ranged, factor: number): Ranged {
  return { value: value * factor, low: low * factor, high: high * factor };
}
