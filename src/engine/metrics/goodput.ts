/** Goodput: how much of the work met every bound at once (DistServe, OSDI 2024). */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import type { Run } from "../run.ts";
import { measure } from "./measure.ts";
import type { Slo, SummaryOptions } from "./types.ts";

const bounds = ["ttft", "tpot", "e2e"] as const;
const sloOptions = optionsNamed({ numbers: ["ttft", "tpot", "e2e"] });

/**
 * Successful requests that meet every bound of `slo` (seconds), per second of the window; their output tokens per second;
 * and `attainment`, their share of all scheduled requests of the window, failed and unsent ones included, 0–1.
 * A reply of one token has no TPOT: what that does to a bound on TPOT is the definition's business (ours: it meets it).
 * Throws InputError for an SLO without a bound, or with one that is not positive.
 */
export function goodput(
  run: Run,
  slo: Slo,
  options: SummaryOptions = {},
): { requestsPerSecond: number; tokensPerSecond: number; attainment: number } {
  checkOptions("slo", slo, sloOptions);
  const asked = bounds.filter((name) => slo[name] !== undefined);
  if (asked.length === 0)
    throw new InputError("slo", slo, "an object with at least one of ttft, tpot, e2e, in seconds");
  for (const name of asked)
    if (!((slo[name] as number) > 0)) throw new InputError(`slo.${name}`, slo[name], "a number of seconds above 0");

  const { rules, window, requests } = measure(run, options);
  const missing = rules.missing === "fails" ? Infinity : rules.missing;
  let good = 0;
  let tokens = 0;
  for (const { metrics } of requests) {
    if (!metrics || asked.some((name) => (metrics[name] ?? missing) > (slo[name] as number))) continue;
    good++;
    tokens += metrics.outputTokens;
  }
  const duration = window.to - window.from;
  const rate = (amount: number) => (Number.isNaN(duration) ? NaN : duration > 0 ? amount / duration : 0);
  return {
    requestsPerSecond: rate(good),
    tokensPerSecond: rate(tokens),
    attainment: requests.length > 0 ? good / requests.length : 0,
  };
}
