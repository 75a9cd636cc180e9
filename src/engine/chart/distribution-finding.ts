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
  const tails = some.map((s) => ({ name: s.name, p99: at(s, 99) })).sort((a, b) => b.p99 - a.p99);
  const ratio = tails[0].p99 / tails[tails.length - 1].p99;
  const apart =
    some.length > 1 && ratio > 1.02 && Number.isFinite(ratio)
      ? `; the p99 of ${tails[0].name} is ${formatNumber(ratio)} times that of ${tails[tails.length - 1].name}`
      : "";
  return `${sentence(x.label)} is ${listed(parts)}${apart}.`;
}
