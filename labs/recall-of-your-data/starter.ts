import { chart, param, seed } from "perflab";
import { collection, type Collection } from "./data.ts";

const efs = [10, 14, 20, 28, 40, 56, 80, 112, 160];

export interface Point {
  /** Share of the true ten that the index finds, as the mean over all questions. */
  readonly recall: number;
  /** Distances computed for a question, as the mean. */
  readonly distances: number;
}

/** What the graph finds with a candidate list of `ef`, and what it computes for that. */
export function measure({ hnsw, queries }: Collection, ef: number): Point {
  let found = 0;
  let distances = 0;
  for (const query of queries) {
    const { ids, evaluations } = hnsw.search(query, 10, { ef });
    found += ids.length / 10; // Ten came back. The right ten?
    distances += evaluations;
  }
  return { recall: found / queries.length, distances: distances / queries.length };
}

/** The smallest of `efs` that reaches a recall of `target`; undefined if none does. */
export function smallestEf(data: Collection, target: number): number | undefined {
  return efs[0]; // Yours to write.
}

/** How many times fewer distances than an exact search the graph computes at that recall; 1 if it never gets there. */
export function saving(data: Collection, target: number): number {
  return 1; // Yours to write.
}

const kinds = ["clustered", "gaussian"] as const;
const target = param("target") / 100;
const collections = kinds.map((kind) => ({ kind, data: collection(kind, param("count"), param("m"), seed) }));
const curves = collections.map(({ kind, data }) => ({ kind, points: efs.map((ef) => ({ ef, ...measure(data, ef) })) }));
chart.line({
  title: "What a recall costs",
  x: { label: "Distances computed for a question", scale: "log" },
  y: { label: "Recall of the nearest ten", unit: "%" },
  series: curves.map(({ kind, points }) => ({
    name: kind,
    points: points.map((p) => ({ x: p.distances, y: 100 * p.recall, label: `ef ${p.ef}` })),
  })),
  marks: [{ y: 100 * target, label: "asked for" }],
});
chart.line({
  title: "The same ef, two collections",
  x: { label: "ef", scale: "log" },
  y: { label: "Recall of the nearest ten", unit: "%" },
  series: curves.map(({ kind, points }) => ({
    name: kind,
    points: points.map((p) => ({ x: p.ef, y: 100 * p.recall })),
  })),
});
for (const { kind, data } of collections) {
  const ef = smallestEf(data, target);
  const times = saving(data, target).toFixed(1);
  console.log(
    `${kind}: ${ef === undefined ? "no ef reaches it" : `ef ${ef}, ${times} times fewer distances than exact`}.`,
  );
}

// For the prediction: 500 vectors and M 6, whatever the controls say.
export const gaussianAtTen = 100 * measure(collection("gaussian", 500, 6, 1), 10).recall;
