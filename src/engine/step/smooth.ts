/** The time of a kernel that computes and moves memory at once. */

/**
 * (a⁴ + b⁴)^¼: the larger of compute and memory time, rounded off where they meet, as measured GEMMs are.
 * `sharp` gives the hard maximum of the textbook roofline.
 */
export function overlap(a: number, b: number, sharp: boolean): number {
  if (sharp) return a > b ? a : b;
  const a2 = a * a;
  const b2 = b * b;
  return Math.sqrt(Math.sqrt(a2 * a2 + b2 * b2));
}
