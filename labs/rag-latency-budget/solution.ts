import { chart, param, seed } from "perflab";
import { pipeline, stages, type Stage } from "./pipeline.ts";

/** The p95 of the time to first token of a question, in seconds. */
export function firstToken(chunks: number, seed: number): number {
  return pipeline(chunks, seed).total.p(95);
}

/** The most chunks, from 0 to 24, with which the p95 stays within `limit` seconds; -1 if not even 0 do. */
export function mostChunks(limit: number, seed: number): number {
  let most = -1;
  while (most < 24 && firstToken(most + 1, seed) <= limit) most++;
  return most;
}

/** Seconds of p95 that are saved if a stage takes half its time. For the model that means half the chunks. */
export function saves(stage: Stage, chunks: number, seed: number): number {
  const faster =
    stage === "model" ? firstToken(chunks / 2, seed) : pipeline(chunks, seed, { [stage]: 0.5 }).total.p(95);
  return firstToken(chunks, seed) - faster;
}

const [chunks, limit] = [param("chunks"), param("limit") / 1000];
const seen = pipeline(chunks, seed);
const rows = [...stages, "total"] as const;
chart.bars({
  title: "Where the first token's time goes",
  y: { label: "Time", unit: "s" },
  categories: [...rows],
  series: [50, 95].map((q) => ({ name: `p${q}`, values: rows.map((row) => seen[row].p(q)) })),
});
chart.bars({
  title: "What half a stage would save",
  y: { label: "Less p95", unit: "s" },
  categories: [...stages],
  series: [{ name: "saved", values: stages.map((stage) => saves(stage, chunks, seed)) }],
});
const counts = [0, 4, 8, 12, 16, 20, 24];
chart.line({
  title: "First token and chunks",
  x: { label: "Chunks of 500 tokens" },
  y: { label: "p95 of the first token", unit: "s" },
  series: [{ name: "firstToken", points: counts.map((x) => ({ x, y: firstToken(x, seed) })) }],
  marks: [{ y: limit, label: "promised" }],
});
const sum = stages.reduce((total, stage) => total + seen[stage].p(95), 0);
console.log(`p95 of the first token: ${ms(firstToken(chunks, seed))}. Sum of the stages' p95s: ${ms(sum)}.`);
console.log(`Within ${ms(limit)}: ${mostChunks(limit, seed)} chunks.`);

function ms(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}

// For the prediction: 20 chunks, whatever the sliders say.
export const savedByHalf = 1000 * saves("model", 20, 1);
