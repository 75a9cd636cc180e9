/** A server's engine as the closed forms see it. */
import type { ResolvedServer } from "../server.ts";
import { stepModel } from "../step/model.ts";
import type { Lane } from "./steady.ts";
import type { MemoryBudget } from "./types.ts";

/** Mean tokens of a request. */
export interface Shape {
  readonly prompt: number;
  /** Of the prompt, found in the prefix cache. */
  readonly cached: number;
  readonly output: number;
}

/** `holds`: sequences of this shape for which one engine's KV cache has room. */
export function laneOf(server: ResolvedServer, memory: MemoryBudget, shape: Shape): Lane & { readonly holds: number } {
  const { scheduler, dataParallel } = server;
  const { prompt, cached, output } = shape;
  const holds = Math.max(1, memory.maxSequences(prompt + output / 2) / dataParallel);
  return {
    step: stepModel(server),
    prompt: prompt - cached,
    output,
    cached,
    holds,
    maxRunning: Math.min(scheduler.maxNumSeqs, holds),
    maxNumBatchedTokens: scheduler.maxNumBatchedTokens,
    mixes: server.batching === "continuous",
    outside: server.rtt + server.ingress,
    ahead: scheduler.asyncScheduling,
    interval: scheduler.prefillScheduleInterval,
  };
}

/** Engines that share the load: replicas, data-parallel ranks, and the micro-batches of a pipeline. */
export function lanesOf({ replicas, dataParallel, pipelineParallel }: ResolvedServer): number {
  return replicas * dataParallel * pipelineParallel;
}
