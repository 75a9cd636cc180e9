/** Words without meaning, the same for the same seed. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

const syllables = ["ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we"];

export function createWords(seed: number) {
  let state = (seed + 1) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  const word = () => syllables[below(12)]! + syllables[below(12)]! + syllables[below(12)]!;
  return {
    below,
    text: (count: number) => Array.from({ length: count }, word).join(" "),
    /** The same fields in another order. */
    shuffled(fields: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
      const entries = Object.entries(fields);
      for (let k = entries.length - 1; k > 0; k--) {
        const other = below(k + 1);
        [entries[k], entries[other]] = [entries[other]!, entries[k]!];
      }
      return Object.fromEntries(entries);
    },
  };
}
