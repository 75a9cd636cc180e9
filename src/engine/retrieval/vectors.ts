/** Vectors to search in: the same number of dimensions can be easy (clustered) or hard (independent). */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { createRandom } from "../random.ts";
import type { Vectors } from "./types.ts";

const MOST_NUMBERS = 200e6;
/** Spread within a cluster, where cluster centres are spread by 1. */
const WITHIN = 0.35;
const DEFAULT_CLUSTERS = 200;

const vectorOptions = optionsNamed({ numbers: ["count", "dim", "clusters", "seed"], others: ["kind"] });

/**
 * `gaussian`: every number independent and normal, the hardest case. `clustered`: points around `clusters` centres
 * (default 200), nearer to what embeddings of real text look like. Throws InputError for sizes out of range.
 */
export function vectors(o: {
  kind: "clustered" | "gaussian";
  count: number;
  dim: number;
  clusters?: number;
  seed?: number;
}): Vectors {
  checkOptions("vectors options", o, vectorOptions);
  const { kind, count, dim, clusters = DEFAULT_CLUSTERS, seed = 0 } = o;
  whole(count, "count", 1, MOST_NUMBERS);
  whole(dim, "dim", 1, 4096);
  whole(clusters, "clusters", 1, MOST_NUMBERS);
  if (kind !== "clustered" && kind !== "gaussian") throw new InputError("kind", kind, '"clustered" or "gaussian"');
  if (count * dim > MOST_NUMBERS) throw new InputError("count × dim", count * dim, `at most ${MOST_NUMBERS}`);

  const random = createRandom(seed, kind);
  const values = new Float32Array(count * dim);
  if (kind === "gaussian") {
    for (let i = 0; i < values.length; i++) values[i] = random.normal();
    return { dim, values };
  }
  // The centres have a stream of their own, so that queries drawn with another count lie around the same ones.
  const placing = createRandom(seed, "centres");
  const centres = Float32Array.from({ length: clusters * dim }, () => placing.normal());
  for (let i = 0; i < count; i++) {
    const centre = random.integer(clusters) * dim;
    for (let d = 0; d < dim; d++) values[i * dim + d] = centres[centre + d] + WITHIN * random.normal();
  }
  return { dim, values };
}

/** Throws InputError where `value` is not a whole number from `low` to `high`. */
export function whole(value: number, field: string, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw new InputError(field, value, `a whole number from ${low} to ${high}`);
}
