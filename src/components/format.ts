/** Numbers as text: three significant digits, a unit that stays on their line, thousands apart. Seconds, tokens and USD in. */

/** No-break space. */
const gap = "\u00a0";

const plain = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** 8127.4 → "8,130"; 0.0152 → "0.0152". */
export function number(value: number): string {
  return plain.format(value);
}

/** 8127.4 → "8,127": for counts, which are not rounded. */
export function count(value: number): string {
  return whole.format(value);
}

/** Seconds → "6.46 ms" below a second, "1.92 s" above. */
export function time(seconds: number): string {
  return seconds < 1 ? `${number(seconds * 1000)}${gap}ms` : `${number(seconds)}${gap}s`;
}

/** 1.2219 → "1.22×". */
export function times(ratio: number): string {
  return `${number(ratio)}×`;
}

/** 0.0417 → "4.2 %". */
export function percent(share: number): string {
  return `${new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2 }).format(share * 100)}${gap}%`;
}

/** 0.00076 → "$0.00076"; 12.5 → "$12.50". */
export function usd(dollars: number): string {
  if (dollars >= 0.1)
    return `$${new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(dollars)}`;
  return `$${new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3, maximumFractionDigits: 9 }).format(dollars)}`;
}

/** "2026-09-01" → "September 2026". */
export function monthOf(date: string): string {
  return new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(date));
}
