import { chart, gpuPrice, param } from "perflab";
import { apiPerMillion, dayOf, hoursAMonth, request, safeRate, spare } from "./day.ts";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** USD for a million output tokens, of GPUs that write so many tokens a second for a share of the time. */
export function perMillion(usdAnHour: number, tokensPerSecond: number, busy: number): number {
  return (usdAnHour / (3600 * tokensPerSecond)) * 1e6; // Does it write all day?
}

/** GPUs for a day's load, requests a second hour by hour, of which each GPU serves so many; and the spare. */
export function gpusFor(day: readonly number[], perGpu: number, spare: number): number {
  return Math.round(mean(day) / perGpu); // In which hour do users wait? And if one fails?
}

/** Share of what so many GPUs could serve in a day that the day asks of them. */
export function busyShare(day: readonly number[], gpus: number, perGpu: number): number {
  return 1; // Yours to write.
}

/** Share of the time that a GPU must be busy to be as cheap as an API; above 1 it never is. */
export function breakEven(usdAnHour: number, tokensPerSecond: number, apiUsdPerMillion: number): number {
  return 1; // Yours to write.
}

/** What a month of such days costs, USD: with GPUs of your own, and by an API that charges by the token. */
export function month(day: readonly number[], usdAnHour: number, apiUsdPerMillion: number) {
  const tokens = mean(day) * request.output * 3600 * hoursAMonth;
  return {
    own: gpusFor(day, safeRate, spare) * usdAnHour * hoursAMonth,
    api: (tokens / 1e6) * apiUsdPerMillion,
  };
}

/** People, monitoring, the network: for each dollar of GPU so many in all. Yours to change. */
const operations = 1.5;
const usdAnHour = gpuPrice("h100-sxm-80").usdPerHour * operations;
const tokensPerSecond = safeRate * request.output;
const model = param<string>("model");
const on = param<string>("on");
const api = apiPerMillion(model, on);
const peak = param("peak");
const day = dayOf(peak);
const gpus = gpusFor(day, safeRate, spare);
const busy = busyShare(day, gpus, safeRate);

chart.line({
  title: "A day of load, and what you pay for",
  x: { label: "Hour of the day", unit: "h" },
  y: { label: "Requests a second" },
  series: [{ name: "asked for", points: day.map((y, x) => ({ x, y })) }],
  marks: [{ y: gpus * safeRate, label: `${gpus} GPUs` }],
});
const shares = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
chart.line({
  title: "A million output tokens, by how busy the GPUs are",
  x: { label: "Busy", unit: "%" },
  y: { label: "USD a million", scale: "log" },
  series: [
    {
      name: "GPUs of your own",
      points: shares.map((share) => ({ x: 100 * share, y: perMillion(usdAnHour, tokensPerSecond, share) })),
    },
    { name: `${model}, ${on}`, points: [5, 100].map((x) => ({ x, y: api })) },
  ],
  marks: [{ x: Math.min(100, 100 * busy), label: "your day" }],
});
const peaks = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
chart.line({
  title: "A month, by the busiest hour",
  x: { label: "Requests a second in the busiest hour", scale: "log" },
  y: { label: "USD a month", scale: "log" },
  series: [
    { name: "GPUs of your own", points: peaks.map((x) => ({ x, y: month(dayOf(x), usdAnHour, api).own })) },
    { name: `${model}, ${on}`, points: peaks.map((x) => ({ x, y: month(dayOf(x), usdAnHour, api).api })) },
  ],
});
console.log(`${gpus} GPUs, ${(100 * busy).toFixed(0)} % busy: $${perMillion(usdAnHour, tokensPerSecond, busy).toFixed(2)} a million output tokens; ${model} takes $${api.toFixed(2)}.`); // prettier-ignore
console.log(`As cheap as ${model} when busy ${(100 * breakEven(usdAnHour, tokensPerSecond, api)).toFixed(0)} % of the time.`); // prettier-ignore

// For the prediction: 40 requests a second in the busiest hour, and nothing but the GPUs' rent.
const fixed = dayOf(40);
const rented = gpusFor(fixed, safeRate, spare);
export const realPerMillion = perMillion(3.25, tokensPerSecond, busyShare(fixed, rented, safeRate));
