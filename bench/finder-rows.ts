/** "Find it for me" over the whole catalogue, as its worker runs it: milliseconds, medians. */
import { performance } from "node:perf_hooks";
import { findPlans } from "../src/engine/plan/find-plans.ts";
import type { PlanQuestion } from "../src/engine/plan/types.ts";
import type { Lengths } from "../src/engine/workload/types.ts";
import { median, type Row } from "./report.ts";

function lengths(median: number, max: number): Lengths {
  return { kind: "clamp", of: { kind: "lognormal", median, sigma: 0.7 }, min: 1, max };
}

const chat: PlanQuestion = {
  model: "llama-3.1-8b",
  workload: { rate: 10, prompt: lengths(800, 8000), output: lengths(200, 2000) },
  slo: {
    bounds: [
      { metric: "ttft", percentile: 95, seconds: 0.5 },
      { metric: "tpot", percentile: 95, seconds: 0.05 },
    ],
  },
  asOf: "2026-11-28",
};

const asked: Readonly<Record<string, PlanQuestion>> = {
  "finder.dense8b.ms": chat,
  "finder.dense70b.ms": { ...chat, model: "llama-3.1-70b", usdPerMonth: 50_000 },
  "finder.experts.ms": {
    ...chat,
    model: "deepseek-v3",
    slo: { bounds: [{ metric: "ttft", percentile: 95, seconds: 2 }] },
    usdPerMonth: 50_000,
  },
  "finder.goodput.ms": { ...chat, slo: { goodput: { share: 0.95, ttft: 0.5, tpot: 0.03 } }, usdPerMonth: 20_000 },
  "finder.prefix.ms": {
    ...chat,
    workload: { ...chat.workload, prefix: { groups: 8, tokens: { kind: "fixed", value: 2000 } } },
    usdPerMonth: 20_000,
  },
};

export function finderRows(): Row[] {
  return Object.entries(asked).map(([id, question]) => {
    const times: number[] = [];
    let note = "";
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      const { configurations, simulated, rows } = findPlans(question);
      times.push(performance.now() - start);
      note = `${configurations} configurations, ${simulated} simulations, ${rows.length} rows`;
    }
    return { id, value: median(times), unit: "ms", peer: null, peerValue: null, ratio: null, note };
  });
}
