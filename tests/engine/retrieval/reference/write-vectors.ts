/** Writes the vectors that measure.py searches, and the list of its cases, into the folder named on the command line. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { vectors } from "../../../../src/engine/retrieval/vectors.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("say into which folder");

const sizes = [
  { count: 4000, dim: 32, queries: 400, efs: [10, 20, 40, 80] },
  { count: 20_000, dim: 64, queries: 1000, efs: [10, 20, 40, 80, 160, 320] },
];
const cases = sizes.flatMap(({ efs, ...size }) =>
  (["clustered", "gaussian"] as const).map((kind) => ({
    kind,
    ...size,
    seed: 1,
    m: 16,
    efConstruction: 64,
    efs,
    file: `${kind}-${size.count}.f32`,
  })),
);
for (const { kind, count, dim, queries, seed, file } of cases)
  writeFileSync(join(folder, file), vectors({ kind, count: count + queries, dim, seed }).values);
writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
