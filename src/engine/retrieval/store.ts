/** How vectors are kept: exactly, in one byte a number, or as product-quantiser codes. Every distance is counted. */
import { InputError } from "../errors.ts";
import { createRandom } from "../random.ts";
import { kmeans, nearestCentre } from "./kmeans.ts";
import type { Quantise, Vectors } from "./types.ts";

export interface Store {
  readonly count: number;
  readonly bytes: number;
  /** Squared Euclidean distance from `query` to stored vectors, by id. Queries are never quantised. */
  to(query: Float32Array): (id: number) => number;
  /** Squared Euclidean distance between two stored vectors. */
  between(a: number, b: number): number;
  /** Vector `id` as stored, decoded. */
  vector(id: number): Float32Array;
}

/** Throws InputError where `pq` does not divide the dimension. */
export function createStore({ dim, values }: Vectors, quantise: Quantise, seed: number): Store {
  if (quantise === "none") return exact(dim, values);
  if (quantise === "int8") return int8(dim, values);
  return productQuantised(dim, values, quantise.pq, seed);
}

/** Four sums side by side: additions then don't wait for each other, which doubles the speed of building a graph. */
function squaredDistance(a: Float32Array, i: number, b: Float32Array, j: number, dim: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let d = 0;
  for (; d + 3 < dim; d += 4) {
    const g0 = a[i + d] - b[j + d];
    const g1 = a[i + d + 1] - b[j + d + 1];
    const g2 = a[i + d + 2] - b[j + d + 2];
    const g3 = a[i + d + 3] - b[j + d + 3];
    s0 += g0 * g0;
    s1 += g1 * g1;
    s2 += g2 * g2;
    s3 += g3 * g3;
  }
  for (; d < dim; d++) s0 += (a[i + d] - b[j + d]) * (a[i + d] - b[j + d]);
  return s0 + s1 + (s2 + s3);
}

function exact(dim: number, values: Float32Array): Store {
  return {
    count: values.length / dim,
    bytes: values.byteLength,
    vector: (id) => values.subarray(id * dim, (id + 1) * dim),
    between: (a, b) => squaredDistance(values, a * dim, values, b * dim, dim),
    to: (query) => (id) => squaredDistance(query, 0, values, id * dim, dim),
  };
}

/** One scale for all dimensions: the largest magnitude is 127. */
function int8(dim: number, values: Float32Array): Store {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  const scale = most > 0 ? most / 127 : 1;
  const codes = Int8Array.from(values, (v) => Math.round(v / scale));
  return {
    count: values.length / dim,
    bytes: codes.byteLength + 4,
    between(a, b) {
      let sum = 0;
      for (let d = 0; d < dim; d++) {
        const gap = codes[a * dim + d] - codes[b * dim + d];
        sum += gap * gap;
      }
      return sum * scale * scale;
    },
    vector: (id) => Float32Array.from(codes.subarray(id * dim, (id + 1) * dim), (c) => c * scale),
    to: (query) => (id) => {
      let sum = 0;
      const base = id * dim;
      for (let d = 0; d < dim; d++) {
        const gap = query[d] - codes[base + d] * scale;
        sum += gap * gap;
      }
      return sum;
    },
  };
}

const CODES = 256;

/** Jégou, Douze and Schmid, 2011: each of `parts` slices of a vector is one of 256 centres; distances are looked up. */
function productQuantised(dim: number, values: Float32Array, parts: number, seed: number): Store {
  if (!(Number.isInteger(parts) && parts >= 1 && dim % parts === 0))
    throw new InputError("quantise.pq", parts, `a divisor of the dimension, ${dim}`);
  const width = dim / parts;
  const count = values.length / dim;
  const books = Array.from({ length: parts }, (_, part) =>
    kmeans(
      values,
      { stride: dim, from: part * width, width, k: Math.min(CODES, count) },
      createRandom(seed, `pq ${part}`),
    ),
  );
  const codes = new Uint8Array(count * parts);
  for (let id = 0; id < count; id++)
    for (let part = 0; part < parts; part++)
      codes[id * parts + part] = nearestCentre(values, id * dim + part * width, books[part], width);
  return {
    count,
    between(a, b) {
      let sum = 0;
      for (let part = 0; part < parts; part++)
        sum += squaredDistance(
          books[part],
          codes[a * parts + part] * width,
          books[part],
          codes[b * parts + part] * width,
          width,
        );
      return sum;
    },
    bytes: codes.byteLength + books.reduce((sum, book) => sum + book.byteLength, 0),
    vector(id) {
      const out = new Float32Array(dim);
      for (let part = 0; part < parts; part++) {
        const code = codes[id * parts + part] * width;
        out.set(books[part].subarray(code, code + width), part * width);
      }
      return out;
    },
    to(query) {
      const table = new Float64Array(parts * CODES);
      for (let part = 0; part < parts; part++)
        for (let code = 0; code * width < books[part].length; code++) {
          let sum = 0;
          for (let d = 0; d < width; d++) {
            const gap = query[part * width + d] - books[part][code * width + d];
            sum += gap * gap;
          }
          table[part * CODES + code] = sum;
        }
      return (id) => {
        let sum = 0;
        for (let part = 0; part < parts; part++) sum += table[part * CODES + codes[id * parts + part]];
        return sum;
      };
    },
  };
}
