/** Dated prices of hosted models and of rented GPUs. */
import { InputError } from "../errors.ts";
import apiRecords from "./prices.json" with { type: "json" };
import gpuRecords from "./gpu-prices.json" with { type: "json" };
import { nearest, suchAs } from "../nearest.ts";
import type { ApiPrice, GpuPrice, Provenance } from "./types.ts";

/** The data files give USD per million tokens, as price lists print them. */
const perMillion = 1e6;

interface ApiRecord extends Provenance {
  readonly id: string;
  readonly on: string;
  readonly input: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly batchDiscount?: number;
  readonly tier?: { readonly above: number; readonly input: number; readonly cached?: number; readonly output: number };
}

/** Every API price of the catalogue, USD per token. */
export const prices: readonly (ApiPrice & Provenance)[] = (apiRecords as unknown as readonly ApiRecord[]).map(
  (record) =>
    Object.freeze({
      id: record.id,
      on: record.on,
      input: record.input / perMillion,
      ...(record.cached !== undefined && { cached: record.cached / perMillion }),
      ...(record.cacheWrite !== undefined && { cacheWrite: record.cacheWrite / perMillion }),
      output: record.output / perMillion,
      source: record.source,
      date: record.date,
      ...(record.flag !== undefined && { flag: record.flag }),
      ...(record.batchDiscount !== undefined && { batchDiscount: record.batchDiscount }),
      ...(record.tier && {
        tier: {
          above: record.tier.above,
          input: record.tier.input / perMillion,
          ...(record.tier.cached !== undefined && { cached: record.tier.cached / perMillion }),
          output: record.tier.output / perMillion,
        },
      }),
    }),
);

/** Every GPU price of the catalogue, USD per GPU and hour. */
export const gpuPrices: readonly (GpuPrice & Provenance)[] = gpuRecords as unknown as readonly (GpuPrice &
  Provenance)[];

/**
 * What a hosted model cost on a day, USD per token, with source and date of the figure (ISO date; default the latest known). Throws InputError on an unknown id, or when
 * no price is known for that day.
 */
export function price(id: string, on?: string): ApiPrice & Provenance {
  return validOn(prices, "price", id, on);
}

/** What a GPU cost per hour on a day, with source and date of the figure (ISO date; default the latest known). Throws as `price` does. */
export function gpuPrice(id: string, on?: string): GpuPrice & Provenance {
  return validOn(gpuPrices, "gpuPrice", id, on);
}

function validOn<T extends { readonly id: string; readonly on: string }>(
  list: readonly T[],
  field: string,
  id: string,
  on?: string,
): T {
  if (!list.some((entry) => entry.id === id)) {
    const near = typeof id === "string" ? nearest(id, [...new Set(list.map((entry) => entry.id))]) : [];
    throw new InputError(field, id, suchAs("an id with a price", near));
  }
  if (on !== undefined) checkDay(`${field}.on`, on);
  const found = newest(list, id, on);
  if (found) return found;
  const first = list.flatMap((entry) => (entry.id === id ? [entry.on] : [])).sort()[0]!;
  throw new InputError(`${field}.on`, on, `on or after ${first}, the first known price of ${id}`);
}

/** The last price that was known on a day; undefined where none was. */
export function newest<T extends { readonly id: string; readonly on: string }>(
  list: readonly T[],
  id: string,
  on?: string,
): T | undefined {
  let found: T | undefined;
  for (const entry of list)
    if (entry.id === id && (on === undefined || entry.on <= on) && (!found || entry.on > found.on)) found = entry;
  return found;
}

/** Throws InputError for what is no day of the calendar: 2026-02-30 is none. */
export function checkDay(field: string, day: unknown): asserts day is string {
  const time = typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day)
    throw new InputError(field, day, "a date like 2026-08-05");
}
