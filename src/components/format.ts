/** Numbers as text: three significant digits, a unit that stays on their line, thousands apart. Seconds, tokens and USD in. */

/** No-break space. */
const gap = "\u00a0";

/** The same for any language: `formatIn("de").time(0.00646)` → "6,46 ms". `lang`: a BCP 47 tag. */
export function formatIn(lang: string) {
  const digits = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(lang, options);
  const plain = digits({ maximumSignificantDigits: 3 });
  const whole = digits({ maximumFractionDigits: 0 });
  const short = digits({ maximumSignificantDigits: 2 });
  const dollars = (options: Intl.NumberFormatOptions) =>
    digits({ ...options, style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" });
  const cents = dollars({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const tiny = dollars({ minimumFractionDigits: 0, maximumSignificantDigits: 3 });
  const month = new Intl.DateTimeFormat(lang, { month: "long", year: "numeric", timeZone: "UTC" });
  const number = (value: number) => plain.format(value);
  return {
    /** 8127.4 → "8,130"; 0.0152 → "0.0152". */
    number,
    /** 8127.4 → "8,127": for counts, which are not rounded. */
    count: (value: number) => whole.format(value),
    /** Seconds → "6.46 ms" below a second, "1.92 s" above. */
    time: (seconds: number) => (seconds < 1 ? `${number(seconds * 1000)}${gap}ms` : `${number(seconds)}${gap}s`),
    /** 1.2219 → "1.22×". */
    times: (ratio: number) => `${number(ratio)}×`,
    /** 0.0417 → "4.2 %". */
    percent: (share: number) => `${short.format(share * 100)}${gap}%`,
    /** 0.00076 → "$0.00076"; 12.5 → "$12.50". */
    usd: (amount: number) => (amount >= 0.1 ? cents : tiny).format(amount),
    /** "2026-09-01" → "September 2026". */
    monthOf: (date: string) => month.format(new Date(date)),
  };
}

export const { number, count, time, times, percent, usd, monthOf } = formatIn("en-GB");
