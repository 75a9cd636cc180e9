import { fixed, ragPipeline, seed, type RagStage, type Run, type Workload } from "perflab";
import { embedSeconds, hoursPerMonth, secondsPerComparison, traffic, usdPerGpuHour } from "./brief.ts";
import type { Plan, Retrieval } from "./brief.ts";
import { search } from "./corpus.ts";
import { judge, show, worstClock } from "./judge.ts";

export const plan: Plan = {
  server: {
    model: "qwen3-14b",
    gpu: "h100-sxm-80",
    tensorParallel: 1,
    replicas: 2,
    weights: "bf16",
    kv: "bf16",
    scheduler: { maxNumBatchedTokens: 8192, enablePrefixCaching: true },
  },
  retrieval: { index: "flat", candidates: 100, reranker: "MiniLM-L12", chunks: 8, chunkTokens: 256 },
};

/** What a user waits for before the model is asked, and what comes into the prompt. */
export function stages(retrieval: Retrieval): RagStage[] {
  return [
    { name: "embed", time: fixed(embedSeconds) },
    { name: "search", time: fixed(search(retrieval).comparisons * secondsPerComparison) },
    // Yours to write: the reranker's time, and the tokens that the passages add to the prompt.
  ];
}

/** The plan under a load. */
export function serve(plan: Plan, load: Workload): Run {
  return ragPipeline(stages(plan.retrieval), plan.server, load).run;
}

/** USD of all its GPUs. */
export function usdPerMonth({ server }: Plan): number {
  return usdPerGpuHour(String(server.gpu)) * hoursPerMonth; // How many of them?
}

const run = serve(plan, traffic(seed));
const result = judge(plan, [run], usdPerMonth(plan));
show(plan, run, result);

export const points = result.points;
export const keptPercent = 100 * result.kept;
export const monthlyUsd = result.usd;
export const worstPercent = 100 * worstClock(result);
