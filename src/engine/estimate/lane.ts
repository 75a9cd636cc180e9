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

/**
 * Sequences of a context that one lane can run: its share of what the KV caches of the data-parallel ranks hold. The batches of a pipeline
 * share the cache and the places (`maxNumSeqs`) of their engine.
 */
export function heldPerLane(server: ResolvedServer, memory: MemoryBudget, context: number): number {
  return memory.maxSequences(context) / (server.dataParallel * server.pipelineParallel);
}

/** `holds`: sequences of this shape for which one lane has room. */
export function laneOf(server: ResolvedServer, memory: MemoryBudget, shape: Shape): Lane & { readonly holds: number } {
  const { scheduler } = server;
  const { prompt, cached, output } = shape;
  const holds = Math.max(1, heldPerLane(server, memory, prompt + output / 2));
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
