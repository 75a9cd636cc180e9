/** Sums of money by part. */
import type { Money } from "../../engine/estimate/types.ts";

/** Days and hours of a mean month. */
export const HOURS = 730;
export const DAYS = HOURS / 24;

/** So many of the same: a million tokens cost what they did. */
export function scaledMoney(money: Money, factor: number): Money {
  const parts = Object.fromEntries(Object.entries(money.parts).map(([name, usd]) => [name, usd * factor]));
  return { total: money.total * factor, parts, perMillionOutputTokens: money.perMillionOutputTokens };
}
