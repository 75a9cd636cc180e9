/** What a GPU costs an hour, on which day that was known, and whether it is too old to be believed. */
import { gpus } from "../catalog/gpu.ts";
import { gpuPrices } from "../catalog/price.ts";
import { InputError } from "../errors.ts";
import { nearest, suchAs } from "../nearest.ts";
import type { PlanPrice } from "./types.ts";

/** Days after which a price of rented GPUs is called stale: a choice, not a measurement. */
export const STALE_AFTER = 120;

/** Hours of a mean month: 365 × 24 ÷ 12. */
export const HOURS_PER_MONTH = 730;

/** null where nobody knows a price on that day. */
export function planPrice(id: string, asOf: string, own: Readonly<Record<string, number>>): PlanPrice | null {
  if (Object.hasOwn(own, id)) return { usdPerHour: own[id]!, stale: false };
  const known = gpuPrices.filter((price) => price.id === id && price.on <= asOf);
  if (known.length === 0) return null;
  const { usdPerHour, on, source, flag } = known.reduce((newest, price) => (price.on > newest.on ? price : newest));
  const age = dayNumber(asOf) - dayNumber(on);
  return { usdPerHour, on, source, ...(flag !== undefined && { flag }), age, stale: age > STALE_AFTER };
}

export function refusePrices(own: Readonly<Record<string, number>>): void {
  for (const [id, usd] of Object.entries(own)) {
    if (!gpus.some((gpu) => gpu.id === id))
      throw new InputError(
        "usdPerGpuHour",
        id,
        suchAs(
          "ids of the catalogue",
          nearest(
            id,
            gpus.map((gpu) => gpu.id),
          ),
        ),
      );
    if (!(usd > 0 && usd < 1e6)) throw new InputError(`usdPerGpuHour.${id}`, usd, "USD per GPU and hour, above 0");
  }
}

/** Days since some day long ago, by the civil calendar (Hinnant's days_from_civil). */
function dayNumber(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
}
