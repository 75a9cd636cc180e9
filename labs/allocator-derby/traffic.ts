/** Chats that arrive at once at a server whose KV cache holds 100,000 tokens, and three ways to hand that memory out. */
import { burst, clamp, exponential, sample, simulate, type Run, type Workload } from "perflab";

/** How a server sets KV memory aside for a chat. `reserve`: so many slots, whatever comes. `block`: blocks of so many slots. */
export type Allocator = { readonly reserve: number } | "powerOfTwo" | { readonly block: number };

/** Slots of the KV cache, one token each: 13.1 GB for this model. */
export const pool = 100_000;
/** The longest chat that the server accepts, so what a careful server reserves. */
export const longest = 2048;

/** Tokens that so many chats hold at one moment: a prompt of 300 in the mean, and 200 of an answer that is still being written. */
export function chats(count: number, seed: number): number[] {
  const prompts = sample(exponential(300), count, seed);
  const written = sample(exponential(200), count, seed + 1_000_003);
  return Array.from({ length: count }, (_, i) => Math.min(longest, Math.ceil(prompts[i] + written[i])));
}

const known = new Map<string, Run>();

/** Serves a burst of 400 chats. Where each reserves, the pool has so many seats, whatever comes; else blocks are handed out as chats grow. */
export function serve(allocator: { readonly reserve: number } | { readonly block: number }, seed: number): Run {
  const key = `${JSON.stringify(allocator)} ${seed}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const blockSize = "block" in allocator ? allocator.block : 16;
  const workload: Workload = {
    arrivals: burst(),
    prompt: clamp(exponential(300), 1, 1400),
    output: clamp(exponential(200), 1, 640),
    requests: 400,
    seed,
  };
  const scheduler = {
    blockSize,
    numGpuBlocks: Math.floor(pool / blockSize) + 1, // One block is the server's own.
    maxNumSeqs: "block" in allocator ? 512 : Math.floor(pool / allocator.reserve),
    maxNumBatchedTokens: 8192,
  };
  const run = simulate({ model: "llama-3.1-8b", gpu: "h100-sxm-80", scheduler }, workload);
  known.set(key, run);
  return run;
}

/** Most chats that were in the batch at one time. */
export function residents(run: Run): number {
  return Math.max(...(run.timeline?.batch ?? [0]));
}

export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
