/** k-means: centres for IVF lists and product-quantiser code books. */
import type { Random } from "../random.ts";

const ROUNDS = 8;
/** Points a centre that training looks at, as in faiss. */
const SAMPLE_PER_CENTRE = 64;

/** `k` centres of columns [from, from + width) of rows of `stride` numbers. Centres without points keep their place. */
export function kmeans(
  values: Float32Array,
  o: { stride: number; from: number; width: number; k: number },
  random: Random,
): Float32Array {
  const { stride, from, width, k } = o;
  const rows = values.length / stride;
  const n = Math.min(rows, k * SAMPLE_PER_CENTRE);
  const pick = Uint32Array.from({ length: rows }, (_, i) => i);
  for (let i = 0; i < n; i++) {
    const j = i + random.integer(rows - i);
    [pick[i], pick[j]] = [pick[j], pick[i]];
  }
  const centres = new Float32Array(k * width);
  for (let c = 0; c < k; c++)
    centres.set(values.subarray(pick[c % n] * stride + from, pick[c % n] * stride + from + width), c * width);
  const sums = new Float64Array(k * width);
  const counts = new Uint32Array(k);
  for (let round = 0; round < ROUNDS; round++) {
    sums.fill(0);
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const at = pick[i] * stride + from;
      const c = nearestCentre(values, at, centres, width);
      counts[c]++;
      for (let d = 0; d < width; d++) sums[c * width + d] += values[at + d];
    }
    for (let c = 0; c < k; c++)
      if (counts[c] > 0) for (let d = 0; d < width; d++) centres[c * width + d] = sums[c * width + d] / counts[c];
  }
  return centres;
}

/** Index of the centre nearest to the numbers at `at`. */
export function nearestCentre(values: Float32Array, at: number, centres: Float32Array, width: number): number {
  let best = 0;
  let least = Infinity;
  for (let c = 0, base = 0; base < centres.length; c++, base += width) {
    let sum = 0;
    for (let d = 0; d < width; d++) {
      const gap = values[at + d] - centres[base + d];
      sum += gap * gap;
    }
    if (sum < least) {
      least = sum;
      best = c;
    }
  }
  return best;
}
