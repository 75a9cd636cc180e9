/** Our graph against faiss's on the same vectors: what it finds, and how many distances it computes for that. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildIndex } from "../../../src/engine/retrieval/build-index.ts";
import { recall } from "../../../src/engine/retrieval/recall.ts";
import type { VectorIndex } from "../../../src/engine/retrieval/types.ts";
import { vectors } from "../../../src/engine/retrieval/vectors.ts";

interface Case {
  readonly kind: "clustered" | "gaussian";
  readonly count: number;
  readonly dim: number;
  readonly queries: number;
  readonly seed: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly points: readonly { readonly ef: number; readonly recall: number; readonly evaluations: number }[];
}
/** Made by reference/measure.py; `npm test` does not need Python. */
const fixture = JSON.parse(readFileSync("tests/engine/retrieval/reference/faiss.json", "utf8")) as {
  readonly k: number;
  readonly cases: readonly Case[];
};
const long = Boolean(process.env.TEST_LONG);

describe.each(fixture.cases.filter(({ count }) => long || count <= 5000))("$count $kind vectors", (reference) => {
  const { kind, count, dim, queries, seed, m, efConstruction } = reference;
  const { values } = vectors({ kind, count: count + queries, dim, seed });
  const data = { dim, values: values.slice(0, count * dim) };
  const asked = Array.from({ length: queries }, (_, i) => values.slice((count + i) * dim, (count + i + 1) * dim));
  const exact = buildIndex("flat", data);
  const truth = asked.map((query) => exact.search(query, fixture.k).ids);
  const index = buildIndex("hnsw", data, { m, efConstruction });

  it.each(reference.points)("ef $ef: recall $recall within .02, $evaluations distances within 10 %", (point) => {
    const ours = measure(index, point.ef);
    expect(Math.abs(ours.recall - point.recall), `recall ${ours.recall}`).toBeLessThanOrEqual(0.02);
    expect(Math.abs(ours.evaluations / point.evaluations - 1), `${ours.evaluations} distances`).toBeLessThanOrEqual(
      0.1,
    );
  });

  if (kind === "clustered")
    it("reaches 95 % with a tenth of an exact search's distances", () => {
      const efs = reference.points.map(({ ef }) => ef);
      const enough = efs.map((ef) => measure(index, ef)).find((point) => point.recall >= 0.95);
      expect(enough?.evaluations).toBeLessThanOrEqual(count / 10);
    });

  function measure(searched: VectorIndex, ef: number) {
    const answers = asked.map((query) => searched.search(query, fixture.k, { ef }));
    const found = answers.reduce((sum, { ids }, i) => sum + recall(ids, truth[i] ?? []), 0);
    const evaluations = answers.reduce((sum, answer) => sum + answer.evaluations, 0);
    return { recall: found / queries, evaluations: evaluations / queries };
  }
});
