/** Sums of money by part. */
import type { Money } from "../../engine/estimate/types.ts";
import { HOURS_PER_MONTH } from "../../engine/month.ts";

/** Days of a mean month. */
export const DAYS = HOURS_PER_MONTH / 24;

/** So many of the same: a million tokens cost what they did. */
export function scaledMoney(money: Money, factor: number): Money {
  const parts = Object.fromEntries(Object.entries(money.parts).map(([name, usd]) => [name, usd * factor]));
  return { total: money.total * factor, parts, perMillionOutputTokens: money.perMillionOutputTokens };
}
