/** A number with three significant digits, grouped; a dash where there is none. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Number(value.toPrecision(3)).toLocaleString("en-GB", { maximumSignificantDigits: 3 });
}
