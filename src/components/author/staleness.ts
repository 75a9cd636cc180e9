/** When a set-up step that was verified once has to be looked at again. */

/** Engines of this field release every few weeks; half a year renames options. Days. */
const FRESH = 183;

/** `on`, `today`: ISO dates. */
export function daysSince(on: string, today: string): number {
  return Math.floor((Date.parse(today) - Date.parse(on)) / 86_400_000);
}

export function isStale(on: string, today: string): boolean {
  return daysSince(on, today) > FRESH;
}
