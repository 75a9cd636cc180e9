/** What distributions say in one sentence: median and tail of each, and how far the tails are apart. */
import { atRank, ranks } from "../metrics/rank.ts";
import { formatNumber, listed, sentence, withUnit } from "./format.ts";
import type { SortedSample } from "./sorted-samples.ts";
import type { Axis } from "./types.ts";

export function distributionFinding(x: Axis, samples: readonly SortedSample[]): string {
  const some = samples.filter((s) => s.values.length > 0);
  if (some.length === 0) return "There is no data yet.";
  const at = (s: SortedSample, q: number) => atRank(s.values, q, ranks.linear);
  const shown = some.slice(0, 4);
  const parts = shown.map((s) => {
    const who = some.length > 1 ? `for ${s.name}` : `over ${formatNumber(s.values.length, 6)} values`;
    if (s.values.length === 1) return `${withUnit(s.values[0], x.unit)} ${some.length > 1 ? who : "in the only value"}`;
    return `${withUnit(at(s, 50), x.unit)} at the median and ${withUnit(at(s, 99), x.unit)} at p99 ${who}`;
  });
  const apart = some.length > 1 ? farthestApart(some, at) : "";
  return `${sentence(x.label)} is ${listed(parts)}${apart}.`;
}

/** How far the samples' tails are apart: by p99 or by maximum, whichever differs most, and by both where they tell opposite things. */
function farthestApart(some: readonly SortedSample[], at: (s: SortedSample, q: number) => number): string {
  const told = [
    { q: 99, name: "p99" },
    { q: 100, name: "maximum" },
  ].flatMap(({ q, name }) => {
    const sorted = some.map((s) => ({ of: s.name, value: at(s, q) })).sort((a, b) => b.value - a.value);
    const [top, bottom] = [sorted[0], sorted[sorted.length - 1]];
    const ratio = top.value / bottom.value;
    if (!(ratio > 1.02) || !Number.isFinite(ratio)) return [];
    const words = `the ${name} of ${top.of} is ${formatNumber(ratio)} times that of ${bottom.of}`;
    return [{ ratio, words, opposite: (other: string) => other === bottom.of, top: top.of }];
  });
  if (told.length === 0) return "";
  const [first, second] = [...told].sort((a, b) => b.ratio - a.ratio);
  const both = second !== undefined && first.opposite(second.top);
  return both ? `; ${told[0].words}, but ${told[1].words}` : `; ${first.words}`;
}
