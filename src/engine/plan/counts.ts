/** How many replicas are tried. */
import { HOURS_PER_MONTH } from "../month.ts";
import type { Configuration } from "./space.ts";

/** The first number of replicas from `least` on that is tried: every one up to 16, then in steps of at most an eighth. */
export function countFrom(least: number): number {
  let step = 1;
  while (16 * step < least) step *= 2;
  return step * Math.ceil(least / step);
}

/** The most replicas that this money buys, of those that are tried; 0 where it buys none. */
export function countWithin(usdPerMonth: number, { gpus, price }: Configuration, most: number): number {
  const affordable = Math.min(
    most,
    price ? Math.floor((usdPerMonth / (gpus * price.usdPerHour * HOURS_PER_MONTH)) * (1 + 1e-12)) : 0,
  );
  if (affordable < 1) return 0;
  let step = 1;
  while (16 * step < affordable) step *= 2;
  return step * Math.floor(affordable / step);
}

export function usdPerMonth({ gpus, price }: Configuration, replicas: number): number {
  return price ? gpus * price.usdPerHour * HOURS_PER_MONTH * replicas : NaN;
}
