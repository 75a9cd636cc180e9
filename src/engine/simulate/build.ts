/** Puts a server together: scheduler, KV cache and step model, as one engine or several. */
import { InputError } from "../errors.ts";
import { kvGroups, longestIn } from "../estimate/kv-groups.ts";
import { budgetOf, kvBytes } from "../estimate/memory.ts";
import type { ResolvedServer } from "../server.ts";
import { stepModel } from "../step/model.ts";
import type { StepModel } from "../step/types.ts";
import { Core, type CoreOptions, type Scheduler } from "./core.ts";
import { BlockContent } from "./kv/content.ts";
import { CountedKv } from "./kv/counted.ts";
import { HybridKv } from "./kv/hybrid.ts";
import { DisaggregatedReplica, Fetches } from "./replicas/disaggregated.ts";
import { EngineReplica } from "./replicas/engine-replica.ts";
import { canLeap } from "./leap/can-leap.ts";
import { LeapReplica } from "./leap/replica.ts";
import { PipelineReplica } from "./replicas/pipeline-replica.ts";
import { RankGroup } from "./replicas/rank-group.ts";
import type { Replica } from "./replicas/replica.ts";
import type { KvCache } from "./kv/cache.ts";
import { PrefixCache } from "./kv/prefix-cache.ts";
import { pausesOf } from "./effects/pauses.ts";
import { learnerScheduler } from "./schedulers/learner.ts";
import { schedulePrefillFirst } from "./schedulers/prefill-first.ts";
import { scheduleStatic } from "./schedulers/static.ts";
import { scheduleVllm } from "./schedulers/vllm.ts";
import type { Setup } from "./setup.ts";
import { speculationOf } from "./effects/speculation.ts";
import type { Policy } from "./types.ts";

/**
 * KV blocks that one engine's requests can hold. vLLM keeps block 0 for itself. Throws InputError where the weights leave no
 * room.
 */
export function usableBlocks(server: ResolvedServer): number {
  const budget = budgetOf(server);
  const given = server.scheduler.numGpuBlocks;
  const blocks = given ?? Math.floor(budget.blocks / server.dataParallel);
  if (blocks < 2) {
    throw new InputError(
      "server",
      `${server.model.id} on ${server.gpu.id}`,
      `one with room for a KV cache: ${budget.reason ?? ""}`,
    );
  }
  return blocks - 1;
}

/** Tokens of the longest sequence that one engine's KV cache holds. */
export function longestSequence(server: ResolvedServer): number {
  const groups = kvGroups(server);
  const blocks = usableBlocks(server);
  return groups ? longestIn(groups, blocks) : blocks * server.scheduler.blockSize;
}

/**
 * vLLM does not start when one sequence of the `maxModelLen` that was asked for does not fit into the KV cache
 * (check_enough_kv_cache_memory). Where nobody asked, the longest request that fits is the limit, and longer ones never start.
 */
export function refuseTooLong(asked: number | undefined, server: ResolvedServer): void {
  if (asked === undefined) return;
  const tokens = longestSequence(server);
  if (asked > tokens)
    throw new InputError(
      "scheduler.maxModelLen",
      asked,
      `at most the ${tokens} tokens that the KV cache of this server holds`,
    );
}

function schedulerOf(server: ResolvedServer, policy: Policy | undefined): Scheduler {
  if (policy) return learnerScheduler(policy);
  if (server.batching === "static") return scheduleStatic;
  return server.batching === "prefillFirst" ? schedulePrefillFirst : scheduleVllm;
}

function kvOf(setup: Setup, blocks: number): KvCache {
  const { server, requests, segments } = setup;
  const { enablePrefixCaching, blockSize } = server.scheduler;
  const groups = kvGroups(server);
  if (groups) {
    const content = new BlockContent(segments, blockSize);
    return new HybridKv(requests, content, blocks, groups, enablePrefixCaching, server.rules.unhashedFirst);
  }
  if (segments && enablePrefixCaching && server.kvAllocator === "paged") {
    return new PrefixCache(
      requests,
      new BlockContent(segments, blockSize),
      blocks,
      blockSize,
      server.rules.unhashedFirst,
    );
  }
  return new CountedKv(
    requests,
    blocks,
    blockSize,
    server.kvAllocator,
    enablePrefixCaching,
    server.rules.unhashedFirst,
  );
}

/** One engine; with `kv`, over a cache that it shares. */
export function buildCore(
  setup: Setup,
  replica: number,
  role: Pick<CoreOptions, "handOff" | "fetch"> = {},
  kv = kvOf(setup, usableBlocks(setup.server)),
): Core {
  const { server, model, requests, recorder } = setup;
  const drawn = speculationOf(server, model, setup.seed);
  const speculation = drawn && { ...drawn, accepted: setup.accepted ?? drawn.accepted };
  const schedule = schedulerOf(server, setup.policy);
  const options: CoreOptions = {
    server,
    model,
    requests,
    recorder,
    replica,
    kv,
    schedule,
    ahead: schedule === scheduleVllm && server.scheduler.asyncScheduling,
    pauses: pausesOf(server),
    ...(speculation && { speculation }),
    ...(setup.onPlan && { onPlan: setup.onPlan }),
    ...role,
  };
  return new Core(options);
}

/** Replicas behind the router: ranks that share experts step together, others are replicas of their own. */
export function replicaCount(server: ResolvedServer): number {
  return server.replicas * (stepsTogether(server) ? 1 : server.dataParallel);
}

function stepsTogether(server: ResolvedServer): boolean {
  return server.dataParallel > 1 && server.expertParallel > 1;
}

/** One replica: without visiting the batch where nothing needs it. */
export function buildReplica(setup: Setup, replica: number): Replica {
  const { disaggregated } = setup.server;
  if (disaggregated) return buildDisaggregated(setup, replica, disaggregated);
  if (stepsTogether(setup.server)) {
    return new RankGroup(Array.from({ length: setup.server.dataParallel }, () => batchesOf(setup, replica)).flat());
  }
  if (pipelines(setup)) return new PipelineReplica(batchesOf(setup, replica));
  if (!canLeap(setup) || setup.stepwise) {
    return new EngineReplica(buildCore(setup, replica), setup.policy !== undefined);
  }
  const { server, requests } = setup;
  const { blockSize, enablePrefixCaching } = server.scheduler;
  const blocks = usableBlocks(server);
  const kv = new CountedKv(requests, blocks, blockSize, "paged", enablePrefixCaching, server.rules.unhashedFirst);
  return new LeapReplica(setup, kv, replica);
}

/** Whether several batches are under way: a learner's policy and batches that do not mix make one step after another. */
function pipelines({ server, policy }: Setup): boolean {
  return server.pipelineParallel > 1 && !policy && server.batching === "continuous";
}

/** The batches of one engine, each with its share of the places: one, or as many as its pipeline has stages. */
function batchesOf(setup: Setup, replica: number): Core[] {
  if (!pipelines(setup)) return [buildCore(setup, replica)];
  const { server } = setup;
  const { maxNumSeqs, maxNumActiveSeqs, maxWaiting } = server.scheduler;
  const stages = Math.min(server.pipelineParallel, maxNumSeqs);
  const kv = kvOf(setup, usableBlocks(server));
  return Array.from({ length: stages }, (_, k) => {
    const share = (places: number): number => Math.max(1, Math.ceil((places - k) / stages));
    const scheduler = {
      ...server.scheduler,
      maxNumSeqs: share(maxNumSeqs),
      ...(maxNumActiveSeqs !== undefined && { maxNumActiveSeqs: share(maxNumActiveSeqs) }),
      ...(maxWaiting !== undefined && { maxWaiting: Math.ceil((maxWaiting - k) / stages) }),
    };
    return buildCore({ ...setup, server: { ...server, scheduler } }, replica, {}, kv);
  });
}

/** Whether decode engines of a split fetch KV and give the first token: vLLM's do, under its own scheduler. */
export function fetchesPrompts({ server, policy }: Setup): boolean {
  return (
    server.disaggregated !== undefined && server.rules.fetchesPrompts && schedulerOf(server, policy) === scheduleVllm
  );
}

/** As many engines on each side as its GPUs make. */
function buildDisaggregated(
  setup: Setup,
  replica: number,
  { prefillGpus, decodeGpus, linkBytesPerSecond }: NonNullable<ResolvedServer["disaggregated"]>,
): Replica {
  const { server } = setup;
  const { model, kv, tensorParallel, pipelineParallel } = server;
  const each = tensorParallel * pipelineParallel;
  const engines = (field: string, gpus: number, role: Pick<CoreOptions, "handOff" | "fetch">): Core[] => {
    if (gpus % each !== 0)
      throw new InputError(`disaggregated.${field}`, gpus, `a multiple of the ${each} GPUs of an engine`);
    return Array.from({ length: gpus / each }, () => buildCore(setup, replica, role));
  };
  const link = (tokens: number): number => kvBytes(model, tokens, kv) / linkBytesPerSecond;
  if (!fetchesPrompts(setup)) {
    const prefill = engines("prefillGpus", prefillGpus, { handOff: "withToken" });
    return new DisaggregatedReplica(prefill, engines("decodeGpus", decodeGpus, {}), link);
  }
  const fetches = new Fetches();
  const prefill = engines("prefillGpus", prefillGpus, { handOff: "withoutToken" });
  const decode = engines("decodeGpus", decodeGpus, { fetch: fetches.begin });
  return new DisaggregatedReplica(prefill, decode, link, fetches);
}

export function modelOf(server: ResolvedServer): StepModel {
  return stepModel(server);
}
