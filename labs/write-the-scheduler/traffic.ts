/** A chat server that is short of memory, its traffic, and what its users were promised. */
import {
  clamp,
  empirical,
  exponential,
  goodput,
  InputError,
  poisson,
  simulate,
  type Policy,
  type Queued,
  type Run,
  type Server,
  type Workload,
} from "perflab";

export const server: Server = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  scheduler: { maxNumSeqs: 64, maxNumBatchedTokens: 1024, numGpuBlocks: 3300, enablePrefixCaching: false },
};

/** Nine in ten ask with 200 to 880 tokens, one in ten brings a document of 12,000 or 18,000. */
export function traffic(rate: number, seed: number): Workload {
  const questions = Array.from({ length: 18 }, (_, k) => 200 + 40 * k);
  return {
    arrivals: poisson(rate),
    prompt: empirical([...questions, 12_000, 18_000]),
    output: clamp(exponential(120), 10, 600),
    requests: 250,
    seed,
  };
}

/** Share of the requests that had their first token within 1 s and the others every 50 ms. */
export function kept(run: Run): number {
  return goodput(run, { ttft: 1, tpot: 0.05 }, { window: "all" }).attainment;
}

/** Serves a load with your scheduler. What the server refused, or that nobody was ever served, stands in the console. */
export function attempt(policy: Policy, load: Workload): Run | null {
  try {
    const run = simulate(server, load, { policy });
    if (run.ended === undefined) return run;
    console.error(run.ended.message);
  } catch (refused) {
    if (!(refused instanceof InputError)) throw refused;
    console.error(`The server refused a plan: ${refused.message}`);
  }
  return null;
}

/** How long each request waited for its first token, seconds. */
export function waits(run: Run): number[] {
  return [...run.requests.first].map((first, i) => first - run.requests.started[i]);
}

/** Tokens of its text that a request has still to compute: 1 if it only writes, more if it has prompt left. */
export function left(q: Queued): number {
  return q.prompt + q.generated - q.computed;
}

/** Blocks that a request needs beyond those it has, to compute n more tokens. */
export function newBlocks(q: Queued, n: number, blockSize: number): number {
  return Math.max(0, Math.ceil((q.computed + n) / blockSize) - q.blocks);
}
