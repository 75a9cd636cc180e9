/** The loads of the simulator's budgets: Llama-3.1-8B in bf16 on one H100, at 30, 70 and 110 % of its capacity. */
import { poisson, burst } from "../../src/engine/workload/arrivals.ts";
import { expand, script } from "../../src/engine/workload/expand.ts";
import { fixed, lognormal } from "../../src/engine/workload/lengths.ts";
import type { Server } from "../../src/engine/server.ts";
import { simulate } from "../../src/engine/simulate/simulate.ts";
import { memoryBudget } from "../../src/engine/estimate/memory.ts";
import type { Workload } from "../../src/engine/workload/types.ts";

export const server: Server = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  scheduler: { maxNumSeqs: 1024, maxNumBatchedTokens: 8192, blockSize: 16 },
};

export interface Load {
  readonly id: "low" | "mid" | "saturated" | "check";
  /** Requests per second; Infinity: all at once. */
  readonly rate: number;
  readonly prompt: { readonly mean: number; readonly sigma: number };
  readonly output: { readonly mean: number; readonly sigma: number };
  readonly kvTokens: number;
}

const prompt = { mean: 512, sigma: 0.8 };
const output = { mean: 128, sigma: 0.8 };

export function workloadOf(load: Load, requests: number): Workload {
  const lengths = (o: Load["prompt"]): Workload["prompt"] => (o.sigma === 0 ? fixed(o.mean) : lognormal(o));
  return {
    arrivals: load.rate === Infinity ? burst() : poisson(load.rate),
    prompt: lengths(load.prompt),
    output: lengths(load.output),
    requests,
    seed: 1,
  };
}

/** Requests per second that the server completes when far more arrive, between the first and the last fifth of them. */
export function capacity(): number {
  const requests = 20_000;
  const run = simulate(server, {
    arrivals: poisson(1000),
    prompt: lognormal(prompt),
    output: lognormal(output),
    requests,
  });
  const ends = run.requests.last.slice().sort();
  const from = ends[requests * 0.2] as number;
  const to = ends[requests * 0.8] as number;
  return (requests * 0.6) / (to - from);
}

export function budgetLoads(): Load[] {
  const most = capacity();
  const kvTokens = memoryBudget(server).blocks * 16;
  const at = (id: Load["id"], share: number): Load => ({ id, rate: most * share, prompt, output, kvTokens });
  return [at("low", 0.3), at("mid", 0.7), at("saturated", 1.1)];
}

export interface RuleLoad {
  readonly id: "async" | "drafts" | "windows" | "priority";
  readonly server: Server;
  readonly workload: Workload;
  readonly note: string;
}

/** The given load where one more rule is at work. Only the first can leap; the others look at every sequence in every step. */
export function ruleLoads(load: Load, requests: number): RuleLoad[] {
  const workload = workloadOf(load, requests);
  const options = server.scheduler;
  return [
    {
      id: "async",
      server: { ...server, scheduler: { ...options, asyncScheduling: true } },
      workload,
      note: "the default: it leaps",
    },
    {
      id: "drafts",
      server: { ...server, speculation: { method: "eagle", acceptance: 0.7, draftTokens: 3, draftCost: 0.05 } },
      workload,
      note: "eagle, 3 drafts",
    },
    { id: "windows", server: { ...server, model: "gpt-oss-20b" }, workload, note: "gpt-oss-20b: two KV groups" },
    {
      id: "priority",
      server: { ...server, scheduler: { ...options, policy: "priority" } },
      workload: script(expand(workload).map((spec, i) => ({ ...spec, priority: i % 5 === 0 ? 0 : 1 }))),
      note: "a fifth of the requests is urgent",
    },
  ];
}
