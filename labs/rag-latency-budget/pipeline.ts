/** What a question passes before its first token: embedding, search, reranking, and a prompt grown by what was found. */
import { fixed, lognormal, poisson, ragPipeline, type Distribution, type RagStage, type Server } from "perflab";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const chunkTokens = 500;

/** Stages in order; "model" is from asking the model to its first token. */
export const stages = ["embed", "search", "rerank", "model"] as const;
export type Stage = (typeof stages)[number];
/** A share of its usual time for any stage: { search: 0.5 } searches twice as fast. */
export type Pace = Readonly<Partial<Record<Stage, number>>>;

const known = new Map<string, Readonly<Record<Stage | "total", Distribution>>>();

/** Seconds of each stage and of the "total", over 160 questions, one in two seconds. `chunks` of 500 tokens go into each prompt. */
export function pipeline(
  chunks: number,
  seed: number,
  pace: Pace = {},
): Readonly<Record<Stage | "total", Distribution>> {
  const key = JSON.stringify([chunks, seed, pace]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const slow = (median: number, sigma: number, of: Stage) => lognormal({ median: median * (pace[of] ?? 1), sigma });
  const own: RagStage[] = [
    { name: "embed", time: slow(0.02, 0.5, "embed") },
    { name: "search", time: slow(0.01, 0.8, "search") },
    { name: "rerank", time: slow(0.06, 0.4, "rerank"), addsPromptTokens: chunkTokens * chunks },
  ];
  const workload = { arrivals: poisson(0.5), prompt: fixed(400), output: fixed(8), requests: 160, seed };
  const seen = ragPipeline(own, server, workload).stages as Readonly<Record<Stage | "total", Distribution>>;
  known.set(key, seen);
  return seen;
}
