/** Every number and figure of lesson 8 that our engine can compute, computed by it; the rest is faiss's, measured. */
import faiss from "../../../tests/engine/retrieval/reference/faiss.json" with { type: "json" };
import { fixed, lognormal, poisson, queueing, ragPipeline, type RagStage } from "../../engine/index.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import { bars, line } from "../../engine/chart/index.ts";
import { log } from "../../engine/numeric.ts";
import { count, number, percent, time } from "../format.ts";
import type { QuizPlot } from "../quiz/plots.ts";
import { eachOnce, kept } from "./kept.ts";
import { filtered, type Kind } from "./lesson-eight/collections.ts";
import { chunk, question, ragWaterfall, server } from "./lesson-eight/pipeline.ts";
import type { MovingFigure } from "./moving.ts";

export { dim, filtered, int8, listsOf, reranked, seed, size, vectorBytes } from "./lesson-eight/collections.ts";
export { wordBytes } from "./live-search/measure.ts";
export { asked, fourAlike, passagesCost, pipelineOrigin, prefill, stages } from "./lesson-eight/pipeline.ts";

// ── recall and distances, as faiss has them ──

export const reference = { name: faiss.reference.split(",")[0] ?? "", vectors: 20_000 };
const measured: ChartOrigin = { kind: "measured", target: reference.name };

const points = (kind: Kind) =>
  faiss.cases.find((one) => one.kind === kind && one.count === reference.vectors)?.points ?? [];

/** What faiss's graph of 20,000 vectors finds at `ef`. Throws where that was not measured. */
export function atEf(kind: Kind, ef: number): { recall: number; evaluations: number } {
  const point = points(kind).find((one) => one.ef === ef);
  if (point === undefined) throw new Error(`faiss was not measured at ef ${ef}`);
  return point;
}

/** A recall in per cent, never rounded up: what is not all is not 100 %. */
export function recallAt(kind: Kind, ef: number): string {
  return `${Math.floor(1000 * atEf(kind, ef).recall) / 10} %`;
}

function curve(): MovingFigure {
  const efs = points("clustered").map(({ ef }) => ef);
  const path = (kind: Kind) => points(kind).map((p) => ({ x: p.evaluations, y: 100 * p.recall }));
  return {
    title: "The same graph over two collections",
    slider: "ef",
    origin: measured,
    still: efs.indexOf(40),
    play: 1100,
    frames: efs.map((ef, i) => {
      const [easy, hard] = [atEf("clustered", ef), atEf("gaussian", ef)];
      return {
        name: `ef-${ef}`,
        at: `ef ${ef}`,
        says: `At ef ${ef} the graph finds ${recallAt("clustered", ef)} in clusters for ${count(easy.evaluations)} distances, and ${recallAt("gaussian", ef)} among independent numbers for ${count(hard.evaluations)}.`,
        readings: [
          ["recall, clustered", recallAt("clustered", ef)],
          ["recall, independent", recallAt("gaussian", ef)],
          ["fewer distances than exact, independent", `${number(reference.vectors / hard.evaluations)}×`],
        ],
        panels: [
          line({
            title: "The same graph over two collections",
            x: { label: "Distances computed for a question", scale: "log" },
            y: { label: "Recall of the nearest ten", unit: "%" },
            series: [
              { name: "200 clusters", points: path("clustered") },
              { name: "independent numbers", points: path("gaussian") },
              { name: "this ef, clusters", points: [path("clustered")[i]!] },
              { name: "this ef, independent", points: [path("gaussian")[i]!] },
            ],
            marks: [{ x: reference.vectors, label: "exact" }],
          }),
        ],
      };
    }),
  };
}

// ── memory ──

const bytesOf = { fp32: 4, int8: 1 } as const;

/** Bytes of links that the paper reckons for a node: 2M at the bottom, M on each of 1 ÷ ln M layers above, which are 1 ÷ (M − 1) on average. */
export function linkBytes(m: number): number {
  return 4 * (2 * m + m / log(m));
}

/** Links as a share of the vector. */
export function linkShare(dim: number, m = 16): number {
  return linkBytes(m) / (4 * dim);
}

/** The same in per cent. */
export function linkPercent(dim: number): number {
  return 100 * linkShare(dim);
}

export const linkSlips = [
  {
    value: 100,
    why: "That is the folklore: HNSW doubles memory. Divide the bytes of links by the bytes of the vector.",
  },
  { value: linkPercent(128), why: "That is right for 128 numbers, where the vector itself is small." },
];

/** Gigabytes of so many vectors with their links; `code`: bytes a number, or bytes for all of it. */
export function gigabytes(vectors: number, dim: number, code: keyof typeof bytesOf | { pq: number }): number {
  const each = typeof code === "string" ? dim * bytesOf[code] : code.pq;
  return (vectors * (each + linkBytes(16))) / 1e9;
}

export function memoryChart(): ChartDescription {
  const codes = ["fp32", "int8", { pq: 64 }] as const;
  const links = 10_000_000 * linkBytes(16);
  return bars({
    title: "Ten million vectors of 768 numbers under a graph",
    y: { label: "Memory", unit: "B" },
    categories: ["four bytes a number", "one byte a number", "64 bytes a vector (PQ)"],
    stacked: true,
    series: [
      { name: "vectors", values: codes.map((code) => 1e9 * gigabytes(10_000_000, 768, code) - links) },
      { name: "links, M 16", values: codes.map(() => links) },
    ],
  });
}

// ── filters ──

const selectivities = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

export function filterChart(): ChartDescription {
  return line({
    title: "Ten rows are asked for, behind a filter",
    x: { label: "Vectors that the filter lets through", unit: "%", scale: "log" },
    y: { label: "Rows that come back" },
    series: [
      {
        name: "filtered after the search, ef 40",
        points: selectivities.map((s) => ({ x: 100 * s, y: filtered("post", s).rows })),
      },
      {
        name: "searched iteratively",
        points: selectivities.map((s) => ({ x: 100 * s, y: filtered("iterative", s).rows })),
      },
    ],
  });
}

// ── rerankers ──

export interface Reranker {
  readonly name: string;
  readonly perSecond: number;
  readonly ndcg: number;
}

/** Source: model card of cross-encoder/ms-marco-MiniLM-L6-v2: pairs a second on a V100, NDCG@10 on TREC DL 2019. */
export const rerankers: readonly Reranker[] = [
  { name: "TinyBERT-L2", perSecond: 9000, ndcg: 69.84 },
  { name: "MiniLM-L2", perSecond: 4100, ndcg: 71.01 },
  { name: "MiniLM-L4", perSecond: 2500, ndcg: 73.04 },
  { name: "MiniLM-L6", perSecond: 1800, ndcg: 74.3 },
  { name: "MiniLM-L12", perSecond: 960, ndcg: 74.31 },
];

/** Mean seconds at a reranker, its line included. */
export function rerankTime(name: string, candidates: number, rate: number): number {
  const { perSecond } = rerankers.find((one) => one.name === name) ?? { perSecond: NaN };
  return queueing.md1({ rate, service: candidates / perSecond }).sojourn;
}

export function rerankChart(): ChartDescription {
  const at = (rate: number) =>
    rerankers
      .map(({ name, ndcg }) => ({ x: rerankTime(name, 100, rate), y: ndcg, label: name }))
      .filter(({ x }) => Number.isFinite(x));
  return line({
    title: "Quality and time of five rerankers, 100 candidates",
    x: { label: "Mean time at the reranker", unit: "s", scale: "log" },
    y: { label: "NDCG@10, published" },
    series: [
      { name: "alone", points: at(0) },
      { name: "8 questions a second", points: at(8) },
    ],
  });
}

// ── the decision ──

/** Seconds that a search is counted with in the decision: more than either kind takes a library there. */
export const searchTime = 0.01;

/** The help desk: one question a second. Embedding takes 20 ms in the median. */
export const outcome = kept((reranker: string, passages: number): { p95: number; ndcg: number | null } => {
  const model = rerankers.find(({ name }) => name === reranker);
  const rerank: RagStage[] =
    model === undefined
      ? []
      : [{ name: "rerank", time: lognormal({ median: rerankTime(model.name, 100, 1), sigma: 0.2 }) }];
  const { stages } = ragPipeline(
    [
      { name: "embed", time: lognormal({ median: 0.02, sigma: 0.5 }) },
      { name: "search", time: fixed(searchTime), addsPromptTokens: passages * chunk },
      ...rerank,
    ],
    server,
    { arrivals: poisson(1), prompt: fixed(question), output: fixed(100), requests: 1000, seed: 1 },
  );
  return { p95: stages["total"]!.p(95), ndcg: model?.ndcg ?? null };
});

/** Cells of an option's row. */
export function cells(reranker: string, passages: number, recall: number): readonly [string, string, string] {
  const { p95, ndcg } = outcome(reranker, passages);
  return [time(p95), percent(recall), ndcg === null ? "no reranker" : number(ndcg)];
}

/** Figures that move, by the name under which their stored picture is kept. */
export const figures: Readonly<Record<string, () => MovingFigure>> = eachOnce({ ragWaterfall, curve });

/** Plots to read in the quiz. */
export const plots: Readonly<Record<string, () => QuizPlot>> = {
  filter: () => ({ chart: filterChart(), origin: { kind: "simulated", seed: 1 } }),
};
