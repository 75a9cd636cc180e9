/** A search over plans, run while the site is built: what is the most that each budget can buy? */
import { memoryBudget, type Server } from "perflab";
import { budget, gpus, grounding, models, mostGpus, promise, traffic, usdPerGpuHour } from "./brief.ts";
import type { Plan, Retrieval } from "./brief.ts";
import { judgeOn, trueUsd, worstClock, type Judgement } from "./judge.ts";

/** One retrieval for all: it is quick, and finds and orders what it must. */
const retrieval: Retrieval = {
  index: "hnsw",
  ef: 40,
  candidates: 20,
  reranker: "MiniLM-L4",
  chunks: 4,
  chunkTokens: 450,
};
/** Seeds that neither a learner's run nor the checks take. */
const seeds = [900_001, 900_002];
const splits = [1, 2, 4];
const steps = [1024, 4096];

interface Tried extends Judgement {
  readonly plan: Plan;
}

/** All servers that the brief allows, with one number of tokens a step. */
function servers(): Server[] {
  const found: Server[] = [];
  const scheduler = { maxNumBatchedTokens: steps[0] };
  for (const [model, formats] of Object.entries(models))
    for (const weights of formats)
      for (const gpu of gpus)
        for (const tensorParallel of splits)
          for (let replicas = 1; replicas * tensorParallel <= mostGpus; replicas++)
            found.push({ model, weights, gpu, tensorParallel, replicas, scheduler });
  return found.filter((server) => trueUsd({ server, retrieval }) <= budget && memoryBudget(server).fits);
}

/** `a` costs no more, keeps no less, and is as far from breaking a promise; better by more than `slack` in what it does, or cheaper. */
function beats(a: Tried, b: Tried, slack = 0): boolean {
  const noWorse = a.usd <= b.usd && a.kept >= b.kept + slack / 2 && worstClock(a) <= worstClock(b) * (1 - slack);
  return noWorse && (a.usd < b.usd || a.kept > b.kept || worstClock(a) < worstClock(b));
}

const glanced = servers().map((server): Tried => {
  const plan = { server, retrieval };
  return { ...judgeOn(plan, [seeds[0]], 40), plan };
});
/** Those that a short look finds near the front are looked at in full; those on it, with the other numbers of tokens a step too. */
const near = glanced.filter((one) => one.kept > 0.2 && !glanced.some((other) => beats(other, one, 0.04)));
const looked = near.map(({ plan }) => inFull(plan));
const tried = [...looked, ...frontOf(looked).flatMap(({ plan }) => steps.slice(1).map((step) => inFull(plan, step)))];
const front = frontOf(tried);

function inFull(plan: Plan, maxNumBatchedTokens = steps[0]): Tried {
  const stepped = { ...plan, server: { ...plan.server, scheduler: { maxNumBatchedTokens } } };
  return { ...judgeOn(stepped, seeds, 150), plan: stepped };
}

/** Those that may be shipped, keep something of the promise, and are beaten by none. */
function frontOf(all: readonly Tried[]): Tried[] {
  const some = all.filter(({ kept, objection }) => kept > 0.2 && objection === null);
  return some.filter((one) => !some.some((other) => beats(other, one)));
}

function wordsOf({ server }: Plan): string {
  const { model, weights, gpu, tensorParallel, replicas, scheduler } = server;
  return `${replicas} × TP ${tensorParallel} of ${String(gpu)}, ${String(model)} in ${weights}, ${scheduler?.maxNumBatchedTokens} tokens a step`;
}

const hour = traffic(0).arrivals;

export default {
  tried: glanced.length + tried.length,
  best: Math.max(...front.map(({ points }) => points)),
  budget,
  promise,
  rate: "rate" in hour ? hour.rate : NaN,
  models: Object.keys(models),
  gpus: gpus.map((id) => ({ id, usdPerHour: usdPerGpuHour(id) })),
  passageTokens: grounding.tokens,
  front: front
    .sort((a, b) => a.usd - b.usd || a.kept - b.kept)
    .map(({ plan, usd, kept, points, ...clocks }) => ({
      usd,
      kept,
      points,
      worst: worstClock(clocks),
      plan: wordsOf(plan),
    })),
};
