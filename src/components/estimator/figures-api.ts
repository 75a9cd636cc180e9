/** The numbers of an API's bill, each with its formula. */
import type { ApiAnswer } from "./api-answer.ts";
import type { Figure } from "./figure.ts";
import { DAYS } from "./money.ts";
import type { ApiPlan, Load } from "./plan.ts";
import { count, money, number, percent, time } from "./words.ts";

export interface ApiFigures {
  readonly perRequest: Figure;
  readonly perDay: Figure;
  readonly perMonth: Figure;
  readonly perMillion: Figure;
  readonly e2e: Figure;
  readonly e2eAt: readonly Figure[];
}

const perMillion = (usd: number) => `$${number(usd * 1e6)}/M`;

export function apiFigures(plan: ApiPlan, load: Load, told: ApiAnswer): ApiFigures {
  const { price, discounted } = plan;
  const { tokens, perRequest, perDay, perMonth, dearFactor, aboveTier } = told;
  const source = `Price: ${price.source}, valid from ${price.on}, read on ${price.date}.`;
  const cachedPrice = price.cached ?? price.input;
  const terms = [
    `${count(tokens.input - tokens.cached - tokens.written)} × ${perMillion(price.input)}`,
    ...(tokens.cached > 0 ? [`${count(tokens.cached)} cached × ${perMillion(cachedPrice)}`] : []),
    ...(tokens.written > 0
      ? [`${count(tokens.written)} written × ${perMillion(price.cacheWrite ?? price.input)}`]
      : []),
    `${count(tokens.output)} out × ${perMillion(price.output)}`,
  ];
  const factors = [
    ...(discounted ? [` × ${number(1 - (price.batchDiscount ?? 0))} in batches`] : []),
    ...(dearFactor > 1 ? [` × ${number(dearFactor)} for dear hours`] : []),
  ].join("");
  const sum = terms.join(" + ");
  const tier = aboveTier > 0 ? `; for the ${percent(aboveTier)} above the long-context tier, its prices` : "";
  return {
    perRequest: {
      id: "api-request",
      label: "API, per request",
      text: money(perRequest.total),
      formula:
        "(tokens in that are neither cached nor written × price in + cached × price cached + written × price written + tokens out × price out) × discount × dear hours",
      filled: `${factors === "" ? sum : `(${sum})${factors}`}${tier}`,
      source,
    },
    perDay: {
      id: "api-day",
      label: "API, per day",
      text: money(perDay.total),
      formula: "calls a day × cost of a request",
      filled: `${count(load.callsPerDay)} × ${money(perRequest.total)}`,
      source,
    },
    perMonth: {
      id: "api-month",
      label: "API, per month",
      text: money(perMonth.total),
      formula: "cost of a day × 730 hours ÷ 24",
      filled: `${money(perDay.total)} × ${number(DAYS)}`,
      source,
    },
    perMillion: {
      id: "api-million",
      label: "API, per million tokens out",
      text: tokens.output > 0 ? money(perRequest.perMillionOutputTokens) : "–",
      formula: "cost of a request ÷ tokens out × 10⁶, its input included",
      filled:
        tokens.output > 0 ? `${money(perRequest.total)} ÷ ${count(tokens.output)} × 10⁶` : "no tokens out to divide by",
      source,
    },
    e2eAt: (told.e2eAt ?? []).map(({ q, value }) => ({
      id: `api-e2e-p${q}`,
      label: `API, E2E, p${q}`,
      text: time(value),
      formula: "network + TTFT + tokens out at this percentile ÷ tokens per second",
      filled: `${time(plan.rtt)} + ${time(plan.ttft ?? 0)} + ${count((value - plan.rtt - (plan.ttft ?? 0)) * (plan.speed ?? 0))} ÷ ${number(plan.speed ?? NaN)}/s`,
      source: "TTFT and speed: typed by you, and taken as always the same; only the answer’s length varies.",
    })),
    e2e: {
      id: "api-e2e",
      label: "API, E2E",
      text: told.e2e === undefined ? "–" : time(told.e2e),
      formula: "network + TTFT + tokens out ÷ tokens per second",
      filled:
        told.e2e === undefined
          ? "providers publish no latency that holds for you: type what you measured"
          : `${time(plan.rtt)} + ${time(plan.ttft ?? 0)} + ${count(tokens.output)} ÷ ${number(plan.speed ?? NaN)}/s`,
      source: told.e2e === undefined ? "" : "TTFT and speed: typed by you.",
    },
  };
}
