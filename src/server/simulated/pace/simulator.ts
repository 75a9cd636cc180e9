/**
 * The pace of the simulated engine: the scheduler, KV cache and step model of `simulate`, stepped as its deadlines come. The network and the
 * front end, which `simulate` has to model (`network.rtt`, ingress), are here the real ones: this process and the way to it.
 */
import { resolveServer } from "../../../engine/resolve.ts";
import type { Server } from "../../../engine/server.ts";
import { createEngine, type LiveEngine, type LiveStep } from "../../../engine/simulate/engine.ts";
import type { Emit, Job, Pace, PaceState } from "./types.ts";

/** An engine remembers its requests; an idle one that has had so many is replaced, which empties its prefix cache. */
const MAX_REQUESTS = 20_000;

/** Throws InputError on a bad server. */
export function simulatorPace(server: Server, seed: number): Pace {
  let engine: LiveEngine = createEngine(server, seed);
  let past = { preemptions: 0, prefixQueries: 0, prefixHits: 0 };
  let taken = 0;
  let step: LiveStep | null = null;
  const keys = new Map<number, number>();
  const requests = new Map<number, number>();

  return {
    context: Math.min(resolveServer(server).scheduler.maxModelLen ?? Infinity, engine.longest),
    submit(job: Job, now: number): boolean {
      if (taken >= MAX_REQUESTS && keys.size === 0 && step === null) replace();
      const request = engine.add({ prompt: job.prompt, output: job.output, priority: job.priority }, now);
      taken++;
      if (request < 0) return false;
      keys.set(request, job.key);
      requests.set(job.key, request);
      step ??= engine.step(now);
      return true;
    },
    cachedTokens(key) {
      const request = requests.get(key);
      return request === undefined ? 0 : engine.cachedTokens(request);
    },
    cancel(key, now) {
      const request = requests.get(key);
      if (request === undefined) return;
      engine.cancel(request, now);
      forget(request, key);
      step ??= engine.step(now);
    },
    due: () => step?.end ?? Infinity,
    advance(emit: Emit) {
      const done = step;
      if (!done) return;
      done.requests.forEach((request, i) => {
        const key = keys.get(request);
        if (key !== undefined) emit(key, done.tokens[i]!);
      });
      for (const request of done.finished) forget(request, keys.get(request));
      step = engine.step(done.end);
    },
    state(): PaceState {
      const { running, waiting, freeBlocks, totalBlocks, preemptions, prefixQueries, prefixHits } = engine.state();
      return {
        running,
        waiting,
        kvUsage: totalBlocks > 0 ? 1 - freeBlocks / totalBlocks : 0,
        preemptions: past.preemptions + preemptions,
        prefixQueries: past.prefixQueries + prefixQueries,
        prefixHits: past.prefixHits + prefixHits,
      };
    },
  };

  function forget(request: number, key: number | undefined): void {
    keys.delete(request);
    if (key !== undefined) requests.delete(key);
  }

  function replace(): void {
    const { preemptions, prefixQueries, prefixHits } = engine.state();
    past = {
      preemptions: past.preemptions + preemptions,
      prefixQueries: past.prefixQueries + prefixQueries,
      prefixHits: past.prefixHits + prefixHits,
    };
    engine = createEngine(server, seed);
    taken = 0;
  }
}
