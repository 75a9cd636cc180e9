/** Groups of requests that share a leading prefix, drawn alike or by Zipf's law. */
import { InputError } from "../errors.ts";
import { pow } from "../numeric.ts";
import type { Random } from "../random.ts";
import { tokenSampler } from "./lengths.ts";
import type { PrefixGroups } from "./types.ts";

/** Picks a group per request, and knows how many tokens each group's prefix has. Group g has weight (g+1)^−zipf. */
export function groupSampler(
  prefix: PrefixGroups,
  random: Random,
): { pick(): number; tokensOf(group: number): number } {
  const { groups, zipf = 0 } = prefix;
  if (!Number.isInteger(groups) || groups < 1 || groups > 1e6) {
    throw new InputError("prefix.groups", groups, "a whole number from 1 to 1e6");
  }
  if (!(zipf >= 0 && zipf <= 10)) throw new InputError("prefix.zipf", zipf, "a number from 0 to 10");
  const length = tokenSampler(prefix.tokens, random.split("prefix tokens"), 0);
  const tokens = Uint32Array.from({ length: groups }, length);
  const cumulative = new Float64Array(groups);
  let total = 0;
  for (let g = 0; g < groups; g++) cumulative[g] = total += pow(g + 1, -zipf);
  const draws = random.split("prefix group");
  return {
    pick() {
      const target = draws.uniform() * total;
      let low = 0;
      let high = groups - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((cumulative[middle] as number) > target) high = middle;
        else low = middle + 1;
      }
      return low;
    },
    tokensOf: (group) => tokens[group] as number,
  };
}
