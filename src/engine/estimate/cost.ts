/** What requests cost: by an API's price list, or on rented GPUs. USD. */
import type { ApiPrice } from "../catalog/types.ts";
import { InputError } from "../errors.ts";
import { HOURS_PER_MONTH } from "../month.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import type { Money } from "./types.ts";
import { within } from "../within.ts";

/** Tokens, dollars, GPUs: within these no product overflows, and what is above 0 can be divided by. */
const MOST = 1e15;
const LEAST = 1e-12;

const tokenOptions = optionsNamed({ numbers: ["input", "cached", "cacheWrite", "output"] });
const apiOptions = optionsNamed({ others: ["batch"] });
const hostedOptions = optionsNamed({ numbers: ["gpuHour", "gpus", "outputTokensPerSecond", "utilisation"] });
const breakEvenOptions = optionsNamed({
  numbers: ["gpuHour", "gpus", "outputTokensPerSecond", "apiPerMillionOutputTokens"],
});
const monthlyOptions = optionsNamed({ numbers: ["requestsPerDay", "days"], others: ["perRequest"] });

/**
 * The price of one request. `input` counts all prompt tokens, `cached` and `cacheWrite` are parts of it; tokens whose own
 * price is not listed are billed as plain input. Above a tier's limit the whole request costs the tier's prices.
 */
export function apiCost(
  price: ApiPrice,
  tokens: { input: number; cached?: number; cacheWrite?: number; output: number },
  options: { batch?: boolean } = {},
): Money {
  checkOptions("tokens", tokens, tokenOptions);
  checkOptions("options", options, apiOptions);
  checkPrice(price);
  const { input, cached = 0, cacheWrite = 0, output } = tokens;
  checkAmount("tokens.input", input);
  checkAmount("tokens.output", output);
  checkAmount("tokens.cached", cached);
  checkAmount("tokens.cacheWrite", cacheWrite);
  if (cached + cacheWrite > input)
    throw new InputError("tokens.cached", cached, `at most the input (${input}) less the cache writes (${cacheWrite})`);
  const tier = price.tier && input > price.tier.above ? price.tier : price;
  const factor = options.batch ? 1 - (price.batchDiscount ?? 0) : 1;
  const write =
    price.cacheWrite === undefined ? tier.input : price.cacheWrite * (price.input > 0 ? tier.input / price.input : 1);
  const parts = {
    input: (input - cached - cacheWrite) * tier.input * factor,
    cached: cached * (tier.cached ?? tier.input) * factor,
    cacheWrite: cacheWrite * write * factor,
    output: output * tier.output * factor,
  };
  const total = parts.input + parts.cached + parts.cacheWrite + parts.output;
  return { total, parts, perMillionOutputTokens: output >= LEAST ? (total / output) * 1e6 : 0 };
}

/**
 * What an hour of GPUs costs, and the price of a million output tokens when they run at `outputTokensPerSecond` for the
 * share `utilisation` of the time (default 1).
 */
export function selfHostedCost(o: {
  gpuHour: number;
  gpus: number;
  outputTokensPerSecond: number;
  utilisation?: number;
}): Money {
  checkOptions("selfHostedCost options", o, hostedOptions);
  const { gpuHour, gpus, outputTokensPerSecond, utilisation = 1 } = o;
  checkAmount("gpuHour", gpuHour);
  checkAmount("gpus", gpus, LEAST);
  checkAmount("outputTokensPerSecond", outputTokensPerSecond, LEAST);
  if (!within(utilisation, LEAST, 1)) throw new InputError("utilisation", utilisation, "from above 0 to 1");
  const total = gpuHour * gpus;
  const busy = total * utilisation;
  return {
    total,
    parts: { busy, idle: total - busy },
    perMillionOutputTokens: total / (outputTokensPerSecond * utilisation * 0.0036),
  };
}

/** Tokens a month that make renting as cheap as an API, and the utilisation that this is of the GPUs' capacity. */
export function breakEven(o: {
  gpuHour: number;
  gpus: number;
  outputTokensPerSecond: number;
  /** What the API charges for a million output tokens, its input included: `apiCost(…).perMillionOutputTokens`. */
  apiPerMillionOutputTokens: number;
}): { utilisation: number; outputTokensPerMonth: number; possible: boolean } {
  checkOptions("breakEven options", o, breakEvenOptions);
  const { gpuHour, gpus, outputTokensPerSecond } = o;
  const full = selfHostedCost({ gpuHour, gpus, outputTokensPerSecond });
  checkAmount("apiPerMillionOutputTokens", o.apiPerMillionOutputTokens);
  if (o.apiPerMillionOutputTokens < LEAST)
    throw new InputError(
      "apiPerMillionOutputTokens",
      o.apiPerMillionOutputTokens,
      "above 0: nothing breaks even with a free API",
    );
  const utilisation = full.perMillionOutputTokens / o.apiPerMillionOutputTokens;
  const secondsPerMonth = HOURS_PER_MONTH * 3600;
  return {
    utilisation,
    outputTokensPerMonth: utilisation * o.outputTokensPerSecond * secondsPerMonth,
    possible: utilisation <= 1,
  };
}

/** Also one that was written by hand, or read from a file. */
function checkPrice(price: ApiPrice): void {
  for (const field of ["input", "output"] as const) checkAmount(`price.${field}`, price?.[field]);
  for (const field of ["cached", "cacheWrite"] as const)
    if (price[field] !== undefined) checkAmount(`price.${field}`, price[field]);
  const { batchDiscount, tier } = price;
  if (batchDiscount !== undefined && !within(batchDiscount, 0, 1))
    throw new InputError("price.batchDiscount", batchDiscount, "a share from 0 to 1");
  if (tier === undefined) return;
  if (typeof tier !== "object" || tier === null) throw new InputError("price.tier", tier, "{ above, input, output }");
  for (const field of ["above", "input", "output"] as const) checkAmount(`price.tier.${field}`, tier[field]);
  if (tier.cached !== undefined) checkAmount("price.tier.cached", tier.cached);
}

/** A month of requests at a mean cost. */
export function monthlyCost(o: { perRequest: Money; requestsPerDay: number; days?: number }): Money {
  checkOptions("monthlyCost options", o, monthlyOptions);
  const { perRequest, requestsPerDay, days = 30 } = o;
  if (typeof perRequest?.parts !== "object" || perRequest.parts === null)
    throw new InputError("perRequest", perRequest, "what apiCost(…) returned");
  for (const field of ["total", "perMillionOutputTokens"] as const)
    checkAmount(`perRequest.${field}`, perRequest[field]);
  for (const [name, usd] of Object.entries(perRequest.parts)) checkAmount(`perRequest.parts.${name}`, usd);
  checkAmount("requestsPerDay", requestsPerDay);
  checkAmount("days", days);
  const n = requestsPerDay * days;
  const parts = Object.fromEntries(Object.entries(perRequest.parts).map(([name, usd]) => [name, usd * n]));
  return { total: perRequest.total * n, parts, perMillionOutputTokens: perRequest.perMillionOutputTokens };
}

function checkAmount(field: string, value: unknown, least = 0): void {
  if (within(value, least, MOST)) return;
  throw new InputError(field, value, least > 0 ? `a number above 0, at most ${MOST}` : `a number from 0 to ${MOST}`);
}
