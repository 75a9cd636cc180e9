import { chart, param } from "perflab";
import { rerankers, type Reranker } from "./rerankers.ts";

/** Mean seconds that a question spends at a reranker of its own GPU, when `rate` questions a second arrive at random. */
export function rerankTime(reranker: Reranker, candidates: number, rate: number): number {
  return candidates / reranker.docsPerSecond; // Is nobody else there?
}

/** The most candidates, up to 500, that keep the mean within `budget` seconds; 0 if not even one does. */
export function mostCandidates(reranker: Reranker, budget: number, rate: number): number {
  return 100; // Yours to write.
}

/** The fastest of those within `budget` that is at most `margin` points of NDCG worse than the best of them; undefined if none is within it. */
export function choose(budget: number, candidates: number, rate: number, margin: number): Reranker | undefined {
  const within = rerankers.filter((reranker) => rerankTime(reranker, candidates, rate) <= budget);
  const best = Math.max(...within.map(({ ndcg }) => ndcg));
  return within.find(({ ndcg }) => ndcg === best); // Is it worth its time?
}

const [rate, candidates, budget] = [param("rate"), param("candidates"), param("budget") / 1000];
const curve = (at: number) =>
  rerankers
    .map((reranker) => ({ x: rerankTime(reranker, candidates, at), y: reranker.ndcg, label: reranker.name }))
    .filter(({ x }) => x < 10);
chart.line({
  title: "What a point of NDCG costs",
  x: { label: "Mean time at the reranker", unit: "s", scale: "log" },
  y: { label: "NDCG@10" },
  series: [
    { name: "with nobody else there", points: curve(0) },
    { name: `with ${rate} questions a second`, points: curve(rate) },
  ],
  marks: [{ x: budget, label: "budget" }],
});
const rates = Array.from({ length: 40 }, (_, k) => k / 2);
chart.line({
  title: "The reranker is a server too",
  x: { label: "Questions a second" },
  y: { label: "Mean time at the reranker", unit: "s" },
  series: rerankers.map((reranker) => ({
    name: reranker.name,
    points: rates.map((x) => ({ x, y: rerankTime(reranker, candidates, x) })).filter(({ y }) => y <= 0.5),
  })),
  marks: [{ x: rate, label: "now" }],
});
chart.table({
  title: `Within ${Math.round(budget * 1000)} ms at ${rate} questions a second`,
  columns: [
    "Reranker",
    "NDCG@10",
    `${candidates} candidates, ms`,
    "Most candidates",
    "GPU seconds for 1,000 questions",
  ],
  rows: rerankers.map((reranker) => {
    const time = rerankTime(reranker, candidates, rate) * 1000;
    return [
      reranker.name,
      reranker.ndcg,
      Number.isFinite(time) ? Math.round(time) : "never ends",
      mostCandidates(reranker, budget, rate),
      Math.round((1000 * candidates) / reranker.docsPerSecond),
    ];
  }),
});
console.log(`Chosen: ${choose(budget, candidates, rate, 0.1)?.name ?? "none, so no reranking"}.`);

// For the prediction: 100 candidates and 15 questions a second, whatever the sliders say.
export const timeAtFifteen = 1000 * rerankTime(rerankers[3]!, 100, 15);
