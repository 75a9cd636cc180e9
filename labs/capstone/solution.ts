import { fixed, ragPipeline, seed, type RagStage, type Run, type Workload } from "perflab";
import { embedSeconds, hoursPerMonth, rerankers, secondsPerComparison, tokensOfSource } from "./brief.ts";
import { traffic, usdPerGpuHour, type Plan, type Retrieval } from "./brief.ts";
import { search } from "./corpus.ts";
import { judge, show, worstClock } from "./judge.ts";

export const plan: Plan = {
  server: {
    model: "qwen3-30b-a3b",
    gpu: "h100-sxm-80",
    tensorParallel: 1,
    replicas: 1,
    weights: "fp8",
    kv: "bf16",
    scheduler: { maxNumBatchedTokens: 2048, enablePrefixCaching: true },
  },
  retrieval: { index: "hnsw", ef: 60, candidates: 20, reranker: "MiniLM-L6", chunks: 4, chunkTokens: 460 },
};

/** What a user waits for before the model is asked, and what comes into the prompt. */
export function stages(retrieval: Retrieval): RagStage[] {
  const { candidates, reranker, chunks, chunkTokens } = retrieval;
  return [
    { name: "embed", time: fixed(embedSeconds) },
    { name: "search", time: fixed(search(retrieval).comparisons * secondsPerComparison) },
    { name: "rerank", time: fixed(candidates / rerankers[reranker].perSecond) },
    { name: "passages", time: fixed(0), addsPromptTokens: chunks * (chunkTokens + tokensOfSource) },
  ];
}

/** The plan under a load. */
export function serve(plan: Plan, load: Workload): Run {
  return ragPipeline(stages(plan.retrieval), plan.server, load).run;
}

/** USD of all its GPUs. */
export function usdPerMonth({ server }: Plan): number {
  const { gpu, tensorParallel = 1, pipelineParallel = 1, replicas = 1 } = server;
  return tensorParallel * pipelineParallel * replicas * usdPerGpuHour(String(gpu)) * hoursPerMonth;
}

const run = serve(plan, traffic(seed));
const result = judge(plan, [run], usdPerMonth(plan));
show(plan, run, result);

export const points = result.points;
export const keptPercent = 100 * result.kept;
export const monthlyUsd = result.usd;
export const worstPercent = 100 * worstClock(result);
