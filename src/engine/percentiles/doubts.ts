/** What a careful reader would notice about a sample before believing its percentiles. */
import { withUnit } from "../chart/format.ts";
import { exp, log } from "../numeric.ts";

/** Sentences; none where nothing stands out. `sorted`: ascending, finite, seconds. */
export function doubtsAbout(sorted: Float64Array): string[] {
  const n = sorted.length;
  return [...few(n), ...mixedUnits(sorted), ...zeros(sorted), ...ties(sorted), ...twoHumps(sorted)];
}

function few(n: number): string[] {
  if (n < 2) return ["One value tells nothing of the spread."];
  if (n < 299)
    return [
      `${n} values: with fewer than 299 there is a 5 % chance or more that not one of them lies beyond the true p99, so what is called p99 here may be far below it.`,
    ];
  if (n < 368) return [`${n} values: p99 has no upper bound with fewer than 368.`];
  return [];
}

const THOUSAND: readonly [number, number] = [300, 3000];

/** Two heaps whose middles are about a thousand apart, and nothing between them. */
function mixedUnits(sorted: Float64Array): string[] {
  const n = sorted.length;
  const least = Math.max(1, Math.floor(n / 50));
  for (let i = least; i < n - least + 1 && i < n; i++) {
    if (!(sorted[i - 1] > 0 && sorted[i] / sorted[i - 1] > 30)) continue;
    const ratio = sorted[(i + n) >> 1] / sorted[i >> 1];
    if (ratio < THOUSAND[0] || ratio > THOUSAND[1]) continue;
    return [
      `${i} values lie near ${withUnit(sorted[i >> 1], "s")} and ${n - i} near ${withUnit(sorted[(i + n) >> 1], "s")}, about a thousand times as much: are seconds and milliseconds mixed?`,
    ];
  }
  return [];
}

function zeros(sorted: Float64Array): string[] {
  let n = 0;
  while (n < sorted.length && sorted[n] === 0) n++;
  return n > 0
    ? [
        `${n} ${n === 1 ? "value is" : "values are"} 0: tools write 0 for what failed or was not measured. They are counted here.`,
      ]
    : [];
}

function ties(sorted: Float64Array): string[] {
  let [distinct, step] = [1, Infinity];
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i] - sorted[i - 1];
    if (gap <= 1e-12) continue;
    distinct++;
    step = Math.min(step, gap);
  }
  if (sorted.length < 50 || distinct > sorted.length / 10 || distinct < 2) return [];
  return [
    `${distinct} different values among ${sorted.length}, ${withUnit(Number(step.toPrecision(3)), "s")} apart at least: the clock is coarse, and percentiles move in its steps.`,
  ];
}

const BINS = 48;

/** Two peaks of the smoothed histogram on a log axis with a valley between them. */
function twoHumps(sorted: Float64Array): string[] {
  const some = sorted.subarray(placeOf(sorted, Number.MIN_VALUE));
  const [low, high] = [some[0], some[some.length - 1]];
  if (some.length < 100 || !(high / low > 1.5)) return [];
  const scale = BINS / log(high / low);
  const upTo = Float64Array.from({ length: BINS + 1 }, (_, i) =>
    i === 0 ? 0 : i === BINS ? some.length : placeOf(some, low * exp(i / scale)),
  );
  const counts = Float64Array.from({ length: BINS }, (_, i) => upTo[i + 1] - upTo[i]);
  const smooth = counts.map((_, i) => {
    let sum = 0;
    for (let k = -2; k <= 2; k++) sum += (3 - Math.abs(k)) * (counts[i + k] ?? 0);
    return sum / 9;
  });
  const top = smooth.indexOf(Math.max(...smooth));
  let best: { peak: number; valley: number } | undefined;
  for (const direction of [-1, 1]) {
    let valley = top;
    for (let i = top + direction; i >= 0 && i < BINS; i += direction) {
      if (smooth[i] < smooth[valley]) valley = i;
      const rise = smooth[i] - smooth[valley];
      const isPeak = smooth[valley] < 0.5 * smooth[i] && rise > 4 * Math.sqrt(smooth[valley] + 1);
      if (isPeak && (!best || smooth[i] > smooth[best.peak])) best = { peak: i, valley };
    }
  }
  if (!best) return [];
  const edge = low * exp((best.valley + 0.5) / scale);
  const below = placeOf(some, edge) / some.length;
  if (below < 0.02 || below > 0.98) return [];
  const middle = (bin: number) => withUnit(low * exp((bin + 0.5) / scale), "s");
  const [left, right] = [Math.min(top, best.peak), Math.max(top, best.peak)];
  return [
    `There are two groups, around ${middle(left)} (${Math.round(100 * below)} %) and ${middle(right)} (${Math.round(100 * (1 - below))} %): no single percentile describes both. Find out what tells them apart (prompt length, cache hits, a server) and look at each.`,
  ];
}

/** How many of ascending values lie below `value`. */
function placeOf(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
