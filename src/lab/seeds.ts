/** The seeds on which a lab is proved: together they meet every residue that a check is likely to ask for. */

/** The smallest number that 1 to 20 all divide: numbers in a row keep all their residues when multiples of it are added. */
const period = 232_792_560;
const periods = 19;

/** 40 seeds from 0 to nearly 2³²: even and odd, every residue modulo 2 to 20, and of the primes up to 37 nearly every one. */
export const allSeeds: readonly number[] = Array.from({ length: 40 }, (_, k) => k + period * ((k * 14) % periods));

/** The first few that a quick proof takes, even and odd, small and large. */
export function someSeeds(count: number): readonly number[] {
  return Array.from({ length: Math.min(count, allSeeds.length) }, (_, i) => allSeeds[(i * 17) % allSeeds.length]!);
}

/** Which of the seeds were hit, in words: "every even seed", or the numbers. */
export function seedsInWords(hit: readonly number[], tried: readonly number[]): string {
  if (hit.length === tried.length) return tried.length === 1 ? `seed ${hit[0]}` : `all ${tried.length} seeds`;
  for (let modulus = 2; modulus <= 7; modulus++) {
    for (let rest = 0; rest < modulus; rest++) {
      const such = tried.filter((seed) => seed % modulus === rest);
      if (such.length < 2 || such.length !== hit.length || such.some((seed) => !hit.includes(seed))) continue;
      if (modulus === 2) return rest === 0 ? "every even seed" : "every odd seed";
      return `every seed with seed % ${modulus} = ${rest}`;
    }
  }
  const shown = hit.slice(0, 3).join(", ");
  return `${hit.length} of ${tried.length} seeds, such as ${shown}`;
}
