/** What a plan is worth: promises kept on given traffic, times, money, and points out of 100. */
import { chart, fixed, goodput, ragPipeline, summarize, type RagStage, type Run } from "perflab";
import { budget, embedSeconds, hoursPerMonth, promise, rerankers, secondsPerComparison } from "./brief.ts";
import { tokensOfSource, traffic, usdPerGpuHour, type Plan, type Retrieval } from "./brief.ts";
import { search } from "./corpus.ts";
import { planObjection, type Objection } from "./rules.ts";

export interface Judgement {
  /** Share of the requests that kept both promises, 0 to 1. */
  readonly kept: number;
  /** Seconds; all requests of all samples together, from when the user asked. */
  readonly ttftP99: number;
  readonly tpotP99: number;
  readonly usd: number;
  /** Out of 100; 0 where something speaks against it. */
  readonly points: number;
  /** What the brief does not allow about the plan, or where its account flatters it. */
  readonly objection: Objection | null;
}

/** Share of kept promises from which on more of them give no more points. */
const allKept = 0.99;

/** 80 points for kept promises, 20 for the part of the budget that is left. Too dear costs points. */
export function pointsOf(kept: number, usd: number): number {
  return 80 * Math.min(1, kept / allKept) + 20 * Math.max(-1, 1 - usd / budget);
}

/** The p99 that is nearest to its promise, or furthest beyond it, as a share of the promise. */
export function worstClock({ ttftP99, tpotP99 }: Pick<Judgement, "ttftP99" | "tpotP99">): number {
  return Math.max(ttftP99 / promise.ttft, tpotP99 / promise.tpot);
}

export function judge(plan: Plan, runs: readonly Run[], usd: number): Judgement {
  const each = runs.map((run) => ({
    kept: goodput(run, { ttft: promise.ttft, tpot: promise.tpot }, { window: "all", from: "scheduled" }).attainment,
    summary: summarize(run, { window: "all", from: "scheduled" }),
  }));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const kept = mean(each.map((one) => one.kept));
  const objection = planObjection(plan) ?? accountObjection(plan, runs, usd);
  return {
    kept,
    ttftP99: Math.max(...each.map(({ summary }) => summary.ttft.p(99))),
    tpotP99: Math.max(...each.map(({ summary }) => summary.tpot.p(99))),
    usd,
    points: objection === null ? Math.max(0, pointsOf(kept, usd)) : 0,
    objection,
  };
}

/** Why a bill or a run flatters the plan; null where both are as the brief has them. */
function accountObjection(plan: Plan, runs: readonly Run[], usd: number): Objection | null {
  if (Math.abs(usd / trueUsd(plan) - 1) > 1e-6)
    return {
      seen: `a bill of $${Math.round(usd)} a month`,
      expected: "what the provider will send",
      why: "The provider counts otherwise: see usdPerMonth.",
    };
  const stages = trueStages(plan.retrieval);
  const one = ragPipeline(stages, { model: "qwen3-14b", gpu: "h100-sxm-80" }, traffic(0, 1)).run.requests;
  const wait = one.started[0] - one.scheduled[0];
  const added = stages.reduce((sum, { addsPromptTokens = 0 }) => sum + addsPromptTokens, 0);
  const flattered = runs.some(({ requests: { started, scheduled, promptTokens } }) =>
    [...started].some((left, i) => left - scheduled[i] < wait * 0.999 || promptTokens[i] < added),
  );
  return flattered
    ? {
        seen: "a model that is asked too early, or reads too little",
        expected: "all stages of the brief before it, and all passages in its prompt",
        why: "Users wait for more than your stages say: see stages.",
      }
    : null;
}

/** The pipeline of a retrieval, as the brief has it. */
export function trueStages(retrieval: Retrieval): RagStage[] {
  const { candidates, reranker, chunks, chunkTokens } = retrieval;
  return [
    { name: "embed", time: fixed(embedSeconds) },
    { name: "search", time: fixed(search(retrieval).comparisons * secondsPerComparison) },
    { name: "rerank", time: fixed(candidates / rerankers[reranker].perSecond) },
    { name: "passages", time: fixed(0), addsPromptTokens: chunks * (chunkTokens + tokensOfSource) },
  ];
}

export function trueUsd({ server }: Plan): number {
  const { tensorParallel = 1, pipelineParallel = 1, replicas = 1 } = server;
  return tensorParallel * pipelineParallel * replicas * usdPerGpuHour(String(server.gpu)) * hoursPerMonth;
}

/** A plan on samples of traffic, the whole of it as the brief has it. */
export function judgeOn(plan: Plan, seeds: readonly number[], requests?: number): Judgement {
  const stages = trueStages(plan.retrieval);
  const runs = seeds.map((seed) => ragPipeline(stages, plan.server, traffic(seed, requests)).run);
  return judge(plan, runs, trueUsd(plan));
}

/** The report of one attempt: value, limit, and whether it is kept. */
export function show(plan: Plan, run: Run, { kept, ttftP99, tpotP99, usd, points, objection }: Judgement): void {
  if (objection !== null)
    console.warn(`No points. Seen: ${objection.seen}. Expected: ${objection.expected}. ${objection.why}`);
  const { server, retrieval } = plan;
  const { tensorParallel = 1, pipelineParallel = 1, replicas = 1 } = server;
  const ms = (seconds: number) => `${Math.round(seconds * 1000)} ms`;
  const row = (name: string, value: string, limit = "", holds = true) => [name, value, limit, holds ? "" : "broken"];
  chart.ecdf({
    title: "From asking to the first token",
    x: { label: "TTFT with retrieval", unit: "s" },
    samples: [
      { name: "this plan", values: [...run.requests.first].map((first, i) => first - run.requests.scheduled[i]) },
    ],
    marks: [{ x: promise.ttft, label: "promised" }],
  });
  chart.table({
    title: "Report card",
    columns: ["", "This plan", "The brief", ""],
    rows: [
      row("Points", points.toFixed(1), "of 100"),
      row("Promises kept", `${(100 * kept).toFixed(1)} %`, `${100 * promise.kept} %`, kept >= promise.kept),
      row("TTFT p99", ms(ttftP99), ms(promise.ttft), ttftP99 <= promise.ttft),
      row("TPOT p99", ms(tpotP99), ms(promise.tpot), tpotP99 <= promise.tpot),
      row("A month", `$${Math.round(usd)}`, `$${budget}`, usd <= budget),
      row("Counts", objection === null ? "yes" : `no: ${objection.seen}`, "", objection === null),
      row("Model", `${String(server.model)}, ${server.weights ?? "as shipped"}, KV ${server.kv ?? "bf16"}`),
      row("GPUs", `${replicas} × TP ${tensorParallel}, PP ${pipelineParallel} on ${String(server.gpu)}`),
      row("Scheduler", JSON.stringify(server.scheduler ?? {})),
      row("Retrieval", `${retrieval.index}, ${retrieval.candidates} candidates, ${retrieval.reranker}`),
      row("In the prompt", `${retrieval.chunks} × ${retrieval.chunkTokens} tokens`),
    ],
  });
  chart.timeline(run, { title: "The server in the busiest hour" });
}
