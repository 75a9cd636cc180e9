/** A day, a request, and what a GPU of your own serves. Nothing to change here. */
import { apiCost, price } from "perflab";

/**
 * Load hour by hour, as a share of the busiest hour: people in one time zone. It is an assumption, not a measurement. Put your own in its
 * place before you believe what follows.
 */
export const shape = [
  0.3, 0.2, 0.12, 0.08, 0.06, 0.06, 0.1, 0.2, 0.4, 0.65, 0.85, 0.95, 0.9, 0.95, 1, 0.98, 0.92, 0.85, 0.8, 0.75, 0.7,
  0.65, 0.55, 0.42,
];

/** Requests a second in each hour of a day whose busiest hour has `peak`. */
export function dayOf(peak: number): number[] {
  return shape.map((share) => share * peak);
}

/** Tokens of the mean request: those of the lab before, 800 and 150 in the median. */
export const request = { input: 960, output: 180 };

/** What a provider takes for a million output tokens, the prompts that belong to them included. USD. */
export function apiPerMillion(model: string, on: string): number {
  return apiCost(price(model, on), request).perMillionOutputTokens;
}

/** Hours of a mean month. */
export const hoursAMonth = 730;

/** Requests a second that one H100 serves as promised, 99 of 100 on the bad day: the lab before. */
export const safeRate = 16;
/** GPUs beyond what the busiest hour needs, so that one may fail or be updated. */
export const spare = 1;
