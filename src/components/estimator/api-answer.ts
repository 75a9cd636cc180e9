/** What an API charges for a load. */
import type { ApiPrice } from "../../engine/catalog/types.ts";
import { apiCost } from "../../engine/estimate/cost.ts";
import type { Money } from "../../engine/estimate/types.ts";
import { percentile } from "../../engine/metrics/percentile.ts";
import { sample } from "../../engine/workload/lengths.ts";
import { shareWithin } from "./curves.ts";
import { DAYS, scaledMoney } from "./money.ts";
import type { ApiPlan, Load } from "./plan.ts";
import { generatedLengths } from "./workload.ts";

const DRAWS = 4000;
/** A price read longer ago than this may be another one by now. */
const STALE_DAYS = 90;

export interface ApiAnswer {
  /** Mean tokens of one request in the API's own tokens. */
  readonly tokens: {
    readonly input: number;
    readonly cached: number;
    readonly written: number;
    readonly output: number;
  };
  readonly perRequest: Money;
  readonly perDay: Money;
  readonly perMonth: Money;
  /** Share of requests whose prompt is above the long-context tier. */
  readonly aboveTier: number;
  /** Share of calls in hours that cost more, and what all calls cost on average for each dollar of the list. */
  readonly dearShare: number;
  readonly dearFactor: number;
  /** Seconds, from the provider's figures that were typed; undefined without them. */
  readonly e2e?: number;
  /** The same where only the length of the answer varies. */
  readonly e2eAt?: readonly { readonly q: number; readonly value: number }[];
  readonly notes: readonly string[];
}

export function answerApi(plan: ApiPlan, load: Load): ApiAnswer {
  const notes: string[] = [];
  const tokens = tokensOf(plan, load, notes);
  const { money, aboveTier } = costOf(plan, load, tokens);
  const { dear } = plan.terms ?? {};
  const dearShare = dear ? shareWithin(load.hours, load.zone, dear.utc) : 0;
  const dearFactor = dear ? 1 + (dear.factor - 1) * dearShare : 1;
  const perRequest = {
    ...scaledMoney(money, dearFactor),
    perMillionOutputTokens: money.perMillionOutputTokens * dearFactor,
  };
  const perDay = scaledMoney(perRequest, load.callsPerDay);
  notes.push(...priceNotes(plan, aboveTier, dearShare, tokens.cached, tokens.written));
  const latency = latencyOf(plan, load);
  return {
    tokens,
    perRequest,
    perDay,
    perMonth: scaledMoney(perDay, DAYS),
    aboveTier,
    dearShare,
    dearFactor,
    ...latency,
    notes,
  };
}

/** Empty without figures of the provider, and where it answers when it likes. */
function latencyOf(plan: ApiPlan, load: Load): Pick<ApiAnswer, "e2e" | "e2eAt"> {
  const { ttft, speed, rtt, drift, discounted } = plan;
  if (ttft === undefined || speed === undefined || discounted) return {};
  const after = (tokens: number) => rtt + ttft + (tokens * drift) / speed;
  const drawn = sample(generatedLengths(load), DRAWS).sort();
  return {
    e2e: after(load.outputMean + load.reasoning),
    e2eAt: [50, 95, 99].map((q) => ({ q, value: after(percentile(drawn, q)) })),
  };
}

function tokensOf(plan: ApiPlan, load: Load, notes: string[]): ApiAnswer["tokens"] {
  const input = load.promptMean * plan.drift;
  const output = (load.outputMean + load.reasoning) * plan.drift;
  const prefix = load.prefixShare * input;
  const least = plan.terms?.cacheMinimum ?? 0;
  const asked = plan.cached ?? Math.min(prefix, input - plan.written);
  const short = asked > 0 && asked < least;
  if (short)
    notes.push(
      `The cached prefix of ${Math.round(asked).toLocaleString("en-GB")} tokens is under ${plan.price.id}’s minimum of ${least.toLocaleString("en-GB")}: nothing is cached, and no error says so.`,
    );
  return { input, cached: short ? 0 : asked, written: plan.written, output };
}

/** At the mean where the price is the same for every length; over draws where some prompts reach the long-context tier. */
function costOf(plan: ApiPlan, load: Load, tokens: ApiAnswer["tokens"]): { money: Money; aboveTier: number } {
  const options = { batch: plan.discounted };
  const { cached, written: cacheWrite, output, input } = tokens;
  const bill = (price: ApiPrice, tokensIn: number) => {
    const size = input > 0 ? tokensIn / input : 1;
    return apiCost(price, { input: tokensIn, cached: cached * size, cacheWrite: cacheWrite * size, output }, options);
  };
  const { tier } = plan.price;
  if (!tier) return { money: bill(plan.price, input), aboveTier: 0 };
  const drawn = load.prompt.kind === "fixed" ? [load.prompt.value] : Array.from(sample(load.prompt, DRAWS));
  const above = drawn.filter((value) => value * plan.drift > tier.above);
  const share = above.length / drawn.length;
  if (share === 0) return { money: bill(plan.price, input), aboveTier: 0 };
  const mean = (values: readonly number[]) =>
    (values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length)) * plan.drift;
  const high = bill(plan.price, mean(above));
  const below = drawn.filter((value) => value * plan.drift <= tier.above);
  const low = below.length > 0 ? bill(plan.price, mean(below)) : high;
  const parts = Object.fromEntries(
    Object.keys(high.parts).map((name) => [name, share * high.parts[name]! + (1 - share) * low.parts[name]!]),
  );
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { money: { total, parts, perMillionOutputTokens: output > 0 ? (total / output) * 1e6 : 0 }, aboveTier: share };
}

function priceNotes(plan: ApiPlan, aboveTier: number, dearShare: number, cached: number, written: number): string[] {
  const { price, terms, on, until } = plan;
  const percent = (share: number) => `${(100 * share).toLocaleString("en-GB", { maximumSignificantDigits: 3 })} %`;
  const old = (Date.parse(on) - Date.parse(price.date)) / 86_400_000;
  return [
    ...(until !== undefined ? [`This price held until ${until} only; the catalogue has a newer one.`] : []),
    ...(old > STALE_DAYS && until === undefined
      ? [`This price was read on ${price.date}, ${Math.round(old)} days before ${on}: it may have changed since.`]
      : []),
    ...(price.flag === undefined ? [] : [`Of the price: ${price.flag}.`]),
    ...(terms?.flag === undefined ? [] : [`Of the terms: ${terms.flag}.`]),
    ...(cached > 0 && plan.cached === undefined
      ? [
          "Every call is taken to find the shared prefix in the API’s cache; the first ones, and those after a pause, pay in full.",
        ]
      : []),
    ...(cached > 0 && price.cached === undefined
      ? [`${price.id} lists no price for cached tokens: they are billed as plain input.`]
      : []),
    ...(written > 0 && price.cacheWrite === undefined
      ? [`${price.id} lists no price for cache writes: they are billed as plain input.`]
      : []),
    ...(aboveTier > 0
      ? [
          `${percent(aboveTier)} of the requests have more than ${price.tier!.above.toLocaleString("en-GB")} tokens in and cost the long-context price, all of them.`,
        ]
      : []),
    ...(terms?.dear
      ? [
          `${percent(dearShare)} of the calls fall into hours that cost ${terms.dear.factor} times as much (${terms.dear.words}).`,
        ]
      : []),
    ...(plan.discounted ? ["Batch and flex answers come when there is room: no latency is promised."] : []),
    ...(terms?.tokenizer === undefined ? [] : [terms.tokenizer]),
  ];
}
