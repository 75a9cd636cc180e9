/** Goodput: how much of the work met every bound at once (DistServe, OSDI 2024). */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import type { Run } from "../run.ts";
import { measure, type MeasuredRequest } from "./measure.ts";
import type { Slo, SummaryOptions } from "./types.ts";

const bounds = ["ttft", "tpot", "e2e"] as const;
const sloOptions = optionsNamed({ numbers: ["ttft", "tpot", "e2e"] });

/**
 * Successful requests that meet every bound of `slo` (seconds), per second of the window; their output tokens per second;
 * and `attainment`, their share of all scheduled requests of the window, failed and unsent ones included, 0–1.
 * A reply of one token has no TPOT: what that does to a bound on TPOT is the definition's business (ours: it meets it).
 * A request whose metric could not be measured (an answer in one piece has no TTFT) misses any bound on it.
 * Throws InputError for an SLO without a bound, with one that is not positive, or on what none of the answers could tell.
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
  const done = requests.filter((r) => r.metrics);
  for (const name of asked)
    if (done.length > 0 && done.every((r) => !isMeasured(r, name)))
      throw new InputError(
        `slo.${name}`,
        slo[name],
        `left out: this run did not measure ${name}, because its answers ${run.measurement?.streamed === false ? "were asked for whole" : "came in one piece or hide tokens"}; bound e2e instead`,
      );
  const missing = rules.missing === "fails" ? Infinity : rules.missing;
  let good = 0;
  let tokens = 0;
  for (const request of requests) {
    const { metrics } = request;
    const value = (name: (typeof bounds)[number]) =>
      metrics?.[name] ?? (isMeasured(request, name) ? missing : Infinity);
    if (!metrics || asked.some((name) => value(name) > (slo[name] as number))) continue;
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

/** Whether the request could tell the metric, were it only long enough: a reply of one token has no TPOT, but hides nothing. */
function isMeasured({ metrics, record }: MeasuredRequest, name: (typeof bounds)[number]): boolean {
  if (metrics?.[name] !== undefined) return true;
  if (Number.isNaN(record.first)) return false;
  return name === "tpot" && record.outputTokens <= 1;
}
