/** A long load with faults: nothing is lost, nothing hangs, and memory stays flat. Ten minutes under TEST_LONG, seconds otherwise. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { percentile } from "../../src/engine/metrics/percentile.ts";
import { statuses } from "../../src/engine/run.ts";
import type { EndpointTarget } from "../../src/endpoint/endpoint-target.ts";
import { measureFromNode } from "../../src/endpoint/node/measure-from-node.ts";
import { startSimulatedThread } from "../../src/server/simulated/thread.ts";

const SECONDS = process.env.TEST_LONG ? 600 : 6;
const ROUNDS = 12;
/** In the ordinary tier nobody sends more than this in a round, so that a fast machine runs no further than a slow one; ten minutes are ten. */
const REQUESTS = process.env.TEST_LONG ? 100_000 : 400;
/**
 * How far both floor and middle of the last half may lie above those of the first, bytes. The buffers of a round are let go before memory
 * is read or some rounds later, so one or the other may jump by a round's; what leaks raises both by six rounds' worth.
 */
const ROOM = 4e6;
const rise = (of: (values: readonly number[]) => number, heap: readonly number[]): number =>
  of(heap.slice(heap.length / 2)) - of(heap.slice(0, heap.length / 2));

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** How many requests one round had, in a function of its own, so that its Run is gone when memory is read. */
async function soak(target: EndpointTarget, round: number, seen: Set<string>): Promise<number> {
  const run = await measureFromNode(
    target,
    {
      arrivals: { kind: "closed", users: 16 },
      prompt: { kind: "fixed", value: 50 },
      output: { kind: "fixed", value: 20 },
      duration: SECONDS / ROUNDS,
      requests: REQUESTS,
      seed: round,
    },
    { warmup: 0, record: "requests", timeouts: { headers: 5, stall: 5, total: 10, grace: 5 } },
  );
  for (const status of run.requests.status) seen.add(statuses[status]!);
  const ended = [...run.requests.status].filter((status) => statuses[status] !== "unsent").length;
  expect(ended).toBe(run.requests.count);
  expect(run.failures!.length).toBe(
    [...run.requests.status].filter((status) => statuses[status] !== "succeeded").length,
  );
  return run.requests.count;
}

test(
  "a soak keeps memory flat and every request accounted for",
  async () => {
    const faults = (["reset", "errorMidStream", "tooManyRequests", "cut", "noDone"] as const).map((kind) => ({
      kind,
      rate: 0.02,
    }));
    const endpoint = await startSimulatedThread({
      fixed: { ttft: 0.01, itl: 0.005 },
      model: "m",
      behaviour: { faults },
    });
    const target = { label: "soak", baseUrl: endpoint.url, model: "m" };
    const heap: number[] = [];
    const megabytes = () => heap.map((bytes) => (bytes / 1e6).toFixed(1)).join(", ");
    let requests = 0;
    const seen = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      requests += await soak(target, round, seen);
      // What a round still held when it ended is let go in the turns after it.
      await new Promise(setImmediate);
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      heap.push(heapUsed + arrayBuffers);
    }
    await endpoint.close();
    expect([...seen].sort()).toEqual(["failed", "refused", "succeeded"]);
    const risen = Math.min(
      rise((values) => Math.min(...values), heap),
      rise((values) => percentile(values, 50), heap),
    );
    const said = `${requests} requests; heap and buffers after each round: ${megabytes()} MB; floor and middle rose by ${(risen / 1e6).toFixed(2)} MB or more`;
    if (process.env.TEST_LONG) console.log(said);
    expect(risen, said).toBeLessThan(ROOM);
  },
  (SECONDS + 60) * 1000,
);
