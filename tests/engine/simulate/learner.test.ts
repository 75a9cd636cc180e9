/** A policy of the learner's own that makes room: with vLLM's rules in it, its schedule is vLLM's. */
import { describe, expect, it } from "vitest";
import { exponential, poisson, simulate, type Policy, type Queued, type Server } from "../../../src/engine/index.ts";

const server: Server = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  parameters: "course-h100-v1",
  scheduler: { maxNumSeqs: 16, maxNumBatchedTokens: 256, numGpuBlocks: 90, enablePrefixCaching: false },
};
const workload = { arrivals: poisson(40), prompt: exponential(200), output: exponential(80), requests: 150, seed: 3 };

/** vLLM V1's rules, as one would write them after reading the lesson. */
const firstComeFirstServed: Policy = ({ tokenBudget, freeBlocks, blockSize, maxNumSeqs, running, waiting }) => {
  const left = (q: Queued) => q.prompt + q.generated - q.computed;
  const blocks = (q: Queued, n: number) => Math.max(0, Math.ceil((q.computed + n) / blockSize) - q.blocks);
  let [tokens, free] = [tokenBudget, freeBlocks];
  const stays = [...running];
  const decode: number[] = [];
  const prefill: { request: number; tokens: number }[] = [];
  const preempt: number[] = [];
  const give = (q: Queued, n: number) => {
    tokens -= n;
    free -= blocks(q, n);
    if (q.generated > 0 && left(q) === 1) decode.push(q.request);
    else prefill.push({ request: q.request, tokens: n });
  };
  for (let k = 0; k < stays.length && tokens > 0; k++) {
    const q = stays[k] as Queued;
    const n = Math.min(left(q), tokens);
    while (blocks(q, n) > free && stays.length > k) {
      const last = stays.pop() as Queued;
      preempt.push(last.request);
      free += last.blocks;
    }
    if (stays.length > k) give(q, n);
  }
  if (preempt.length > 0) return { decode, prefill, preempt };
  for (const [k, q] of waiting.entries()) {
    if (tokens === 0 || stays.length + k >= maxNumSeqs || blocks(q, left(q)) > free) break;
    give(q, Math.min(left(q), tokens));
  }
  return { decode, prefill };
};

describe("a learner's policy that preempts", () => {
  it("gives vLLM's schedule where it follows vLLM's rules", () => {
    const [own, theirs] = [simulate(server, workload, { policy: firstComeFirstServed }), simulate(server, workload)];
    expect(theirs.requests.preemptions.some((n) => n > 0)).toBe(true);
    expect([...own.requests.preemptions]).toEqual([...theirs.requests.preemptions]);
    for (const column of ["first", "last"] as const)
      own.requests[column].forEach((t, i) => expect(t).toBeCloseTo(theirs.requests[column][i] as number, 9));
  });

  it.each([
    ["one who waits", /preempt is 0; it must be a running request/, () => [0]],
    ["one that does not exist", /preempt is -1/, () => [-1]],
    ["no list", /with preempt: number\[\]/, () => 3 as never],
  ])("is refused by name when it preempts %s", (_, message, preempt) => {
    const policy: Policy = () => ({ decode: [], prefill: [], preempt: preempt() });
    expect(() => simulate(server, workload, { policy })).toThrow(message);
  });

  it("may not preempt a request and compute it in one step", () => {
    const policy: Policy = ({ running: [q] }) =>
      q
        ? { decode: [], prefill: [{ request: q.request, tokens: 1 }], preempt: [q.request] }
        : { decode: [], prefill: [{ request: 0, tokens: 1 }] };
    expect(() => simulate(server, workload, { policy })).toThrow(/named once in a step/);
  });
});
