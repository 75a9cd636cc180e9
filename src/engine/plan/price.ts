/** What a GPU costs an hour, on which day that was known, and whether it is too old to be believed. */
import { gpus } from "../catalog/gpu.ts";
import { gpuPrices, newest } from "../catalog/price.ts";
import { InputError } from "../errors.ts";
import { nearest, suchAs } from "../nearest.ts";
import type { PlanPrice } from "./types.ts";

/** Days after which a price of rented GPUs is called stale: a choice, not a measurement. */
const STALE_AFTER = 120;

const DAY = 86_400_000;

/** null where nobody knows a price on that day. */
export function planPrice(id: string, asOf: string, own: Readonly<Record<string, number>>): PlanPrice | null {
  if (Object.hasOwn(own, id)) return { usdPerHour: own[id]!, stale: false };
  const known = newest(gpuPrices, id, asOf);
  if (!known) return null;
  const { usdPerHour, on, source, flag } = known;
  const age = (Date.parse(asOf) - Date.parse(on)) / DAY;
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
