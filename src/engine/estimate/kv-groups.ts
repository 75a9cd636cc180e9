/**
 * KV groups of a model whose layers look at the text differently, as vLLM's hybrid cache manager forms them: groups of equally
 * many layers share one pool, and a block holds one group's layers. A windowed group gives back the blocks behind its window.
 */
import type { AttentionGroup } from "../catalog/types.ts";
import type { ResolvedServer } from "../server.ts";

export interface KvGroups {
  /** Attention window of each group in tokens, in the order of the layers; Infinity where everything is looked at. */
  readonly windows: readonly number[];
  /** Layers that share a block, those that only pad a group included. */
  readonly layers: number;
  readonly blockSize: number;
  /** Tokens that a request may bring into the cache in the steps that are planned and not over. */
  readonly step: number;
}

/**
 * The groups, or undefined where all layers share each block: without windows, before vLLM 0.11, with other allocators, apart
 * prefill and decode engines, layers whose pages differ in size, and in the course's frozen sets.
 */
export function kvGroups(server: ResolvedServer): KvGroups | undefined {
  const { model, rules, scheduler } = server;
  if (!rules.hybridBlocks || server.parameters["form"] === "course") return undefined;
  if (server.kvAllocator !== "paged" || server.disaggregated) return undefined;
  if (model.attention.every((group) => group.window === undefined)) return undefined;
  const kinds = model.attention.filter((group) => group.kvElements > 0);
  const windows = new Set(kinds.flatMap((kind) => kind.window ?? []));
  const rows = new Set(model.attention.map((kind) => kind.kvElements + (kind.indexElements ?? 0)));
  if (windows.size !== 1 || rows.size !== 1 || kinds.some((kind) => kind.stateElements)) return undefined;
  const layers = groupSize(kinds);
  return {
    windows: kinds.flatMap((kind) => Array<number>(Math.ceil(kind.layers / layers)).fill(kind.window ?? Infinity)),
    layers,
    blockSize: scheduler.blockSize,
    step: scheduler.maxNumBatchedTokens * (scheduler.asyncScheduling ? 2 : 1),
  };
}

/** As many layers as the rarer kind has; nearly equal numbers are padded to the larger one (kv_cache_utils.py). */
function groupSize(kinds: readonly AttentionGroup[]): number {
  const counts = kinds.map((kind) => kind.layers);
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  return most < 1.25 * least ? most : least;
}

/** Leading blocks of a group that a request with `computed` tokens needs no more. */
export function blocksBehind(window: number, computed: number, blockSize: number): number {
  return Math.max(0, Math.floor((computed - window + 1) / blockSize));
}

/** Blocks that a decoding request of so many tokens holds over all groups. */
export function heldBlocks(groups: KvGroups, tokens: number): number {
  const { blockSize } = groups;
  const whole = Math.ceil(tokens / blockSize);
  return groups.windows.reduce((sum, window) => sum + whole - blocksBehind(window, tokens - 1, blockSize), 0);
}

/** Blocks of all groups for the first `tokens` tokens, of which one step brings at most `step` (max_admission_blocks_per_request). */
export function peakBlocks(groups: KvGroups, tokens: number): number {
  const whole = Math.ceil(tokens / groups.blockSize);
  return groups.windows.reduce((sum, window) => sum + Math.min(whole, peakOfGroup(groups, window)), 0);
}

/** Most blocks that a request holds in a group at any time. */
export function peakOfGroup({ blockSize, step }: KvGroups, window: number): number {
  return Math.ceil((window - 1 + step) / blockSize) + 1;
}

/** Sequences of so many tokens that can decode at once in a pool: the last one has to get in beside the others. */
export function sequencesIn(groups: KvGroups, blocks: number, tokens: number): number {
  const room = blocks - peakBlocks(groups, tokens);
  return room < 0 ? 0 : 1 + Math.floor(room / heldBlocks(groups, tokens));
}

/** Tokens of the longest sequence that a pool holds. */
export function longestIn(groups: KvGroups, blocks: number): number {
  let low = 0;
  let high = blocks;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (peakBlocks(groups, middle * groups.blockSize) <= blocks) low = middle;
    else high = middle - 1;
  }
  return low * groups.blockSize;
}
