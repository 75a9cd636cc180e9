/** The API half of a plan: whose price, on which day, for which tokens. */
import { prices, price } from "../../engine/catalog/price.ts";
import type { ApiPrice, Provenance } from "../../engine/catalog/types.ts";
import { termsOf } from "./api-terms.ts";
import type { ApiPlan, Load } from "./plan.ts";
import type { TextReader } from "./text-reader.ts";

const MOST_USD = 1e5;

/** `today`: ISO date, for a price of no stated day. */
export function readApi(reader: TextReader, load: Load, rtt: number, today: string): ApiPlan | null {
  const { typed } = reader;
  const on = typed.on.trim() === "" ? today : typed.on.trim();
  const found =
    typed.api === "own"
      ? ownPrice(reader, on)
      : reader.guarded("api", () => price(typed.api, on), { "price.on": "on" });
  const drift = 1 + reader.number("drift", { least: -90, most: 2000, unit: "%" }) / 100;
  const cached = reader.optional("cached", { least: 0 });
  const written = reader.optional("written", { least: 0 }) ?? 0;
  const ttft = reader.optional("apiTtft", { least: 0, unit: "ms" });
  const speed = reader.optional("apiSpeed", { above: 0 });
  if (!found || [drift, cached ?? 0, written, ttft ?? 0, speed ?? 1].some(Number.isNaN)) return null;
  const terms = termsOf(found.id);
  const tokensIn = load.promptMean * drift;
  if ((cached ?? 0) + written > tokensIn) {
    const field = (cached ?? 0) > tokensIn || written === 0 ? "cached" : "written";
    reader.wrong(
      field,
      `More than the prompt has: ${Math.round(tokensIn).toLocaleString("en-GB")} tokens with what is cached and written.`,
    );
    return null;
  }
  const discounted = typed.tier === "batch";
  if (discounted && found.batchDiscount === undefined) {
    reader.wrong("tier", `No batch or flex discount of ${found.id} is in the catalogue.`);
    return null;
  }
  const whole = tokensIn + (load.outputMean + load.reasoning) * drift;
  if (terms?.context !== undefined && whole > terms.context) {
    reader.wrong(
      "in",
      `${Math.round(whole).toLocaleString("en-GB")} tokens are above the ${terms.context.toLocaleString("en-GB")} that ${found.id} takes.`,
    );
    return null;
  }
  const until = prices
    .filter((each) => each.id === found.id && each.on > found.on)
    .map((each) => each.on)
    .sort()[0];
  return {
    price: found,
    on,
    ...(until !== undefined && { until }),
    ...(terms && { terms }),
    discounted,
    ...(cached !== undefined && { cached }),
    written,
    drift,
    ...(ttft !== undefined && { ttft: ttft / 1000 }),
    ...(speed !== undefined && { speed }),
    rtt,
  };
}

/** USD per million tokens, as price lists print them. */
function ownPrice(reader: TextReader, on: string): (ApiPrice & Provenance) | null {
  const input = reader.number("priceIn", { above: 0, most: MOST_USD });
  const output = reader.number("priceOut", { least: 0, most: MOST_USD });
  const cached = reader.optional("priceCached", { least: 0, most: MOST_USD });
  const cacheWrite = reader.optional("priceWrite", { least: 0, most: MOST_USD });
  if ([input, output, cached ?? 0, cacheWrite ?? 0].some(Number.isNaN)) return null;
  return {
    id: "your price",
    on,
    input: input / 1e6,
    output: output / 1e6,
    ...(cached !== undefined && { cached: cached / 1e6 }),
    ...(cacheWrite !== undefined && { cacheWrite: cacheWrite / 1e6 }),
    source: "typed by you",
    date: on,
  };
}
