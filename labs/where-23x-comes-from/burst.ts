/** Anyscale's load of June 2023, smaller: a burst of requests with prompts of 512 tokens and answers of exponential length. */
import { exponential, sample, script, simulate, type Server } from "perflab";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

/** The longest answers that were let through, in Anyscale's four rounds. */
export const caps = [32, 128, 512, 1536];
/** Times the throughput of naive static batching in the round with the longest answers, as published. */
export const published = { fasterTransformer: 4, continuous: 8, vllm: 23 };

/** Lengths of so many answers: exponential with a mean of 128 tokens, drawn again where longer than `cap`. */
export function answers(cap: number, seed: number, count = 400): number[] {
  return [...sample(exponential(128), count * 8, seed)].filter((n) => n >= 1 && n <= cap).slice(0, count);
}

const known = new Map<string, number>();

/** Seconds from the burst to its last token. `rows[i]` is how many tokens the server computes for request i. */
export function secondsToServe(rows: readonly number[], batching: "static" | "continuous", slots: number): number {
  const key = `${batching} ${slots} ${rows.join()}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const scheduler = { maxNumSeqs: slots, maxNumBatchedTokens: 8192 };
  const requests = rows.map((output) => ({ at: 0, prompt: 512, output }));
  const run = simulate({ ...server, batching, scheduler }, script(requests));
  const seconds = Math.max(...run.requests.last);
  known.set(key, seconds);
  return seconds;
}

export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
