/** How a day's calls spread over its hours. */

export const curves = {
  flat: { title: "the same every hour", hours: Array<number>(24).fill(1) },
  office: {
    title: "office hours",
    hours: [2, 1, 1, 1, 1, 2, 4, 10, 30, 70, 95, 100, 80, 85, 98, 100, 92, 70, 35, 18, 12, 8, 5, 3],
  },
  evening: {
    title: "evenings, as people at home",
    hours: [45, 28, 17, 11, 9, 10, 15, 24, 35, 42, 46, 50, 55, 56, 55, 57, 62, 70, 82, 94, 100, 98, 84, 64],
  },
  night: { title: "at night, as jobs", hours: [...Array<number>(6).fill(1), ...Array<number>(18).fill(0)] },
} as const;
export type CurveName = keyof typeof curves;

/** Shares of the day, adding up to 1. */
export function shares(hours: readonly number[]): number[] {
  const total = hours.reduce((sum, value) => sum + value, 0);
  return hours.map((value) => value / total);
}

/** The busiest hour's load over the mean hour's. */
export function peakOverMean(dayShares: readonly number[]): number {
  return Math.max(...dayShares) * dayShares.length;
}

/**
 * Share of the calls that fall into spans of UTC hours, where the curve's clock is `zone` hours ahead of UTC. Within an hour, calls
 * come evenly.
 */
export function shareWithin(
  dayShares: readonly number[],
  zone: number,
  spans: readonly (readonly [from: number, to: number])[],
): number {
  let inside = 0;
  dayShares.forEach((share, hour) => {
    const from = (((hour - zone) % 24) + 24) % 24;
    // An hour that passes midnight is two pieces.
    for (const [a, b] of [
      [from, Math.min(24, from + 1)],
      [0, Math.max(0, from + 1 - 24)],
    ] as const)
      for (const [start, end] of spans) inside += share * Math.max(0, Math.min(b, end) - Math.max(a, start));
  });
  return inside;
}
