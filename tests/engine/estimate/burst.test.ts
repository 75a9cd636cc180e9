/** A burst in closed form finds what the simulator finds step by step. */
import { describe, expect, test } from "vitest";
import { burst, spreadOf } from "../../../src/engine/estimate/burst.ts";
import { closedLoop, type Lane } from "../../../src/engine/estimate/steady.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import type { Server } from "../../../src/engine/server.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { stepModel } from "../../../src/engine/step/model.ts";
import { script } from "../../../src/engine/workload/expand.ts";

interface Burst {
  readonly batching: "continuous" | "prefillFirst";
  readonly prompt: number;
  readonly output: number;
  readonly requests: number;
  readonly maxNumSeqs: number;
  readonly maxNumBatchedTokens: number;
  readonly varied?: boolean;
}

function serverOf(b: Burst): Server {
  const { batching, maxNumSeqs, maxNumBatchedTokens } = b;
  return {
    model: "llama-3.1-8b",
    gpu: "h100-sxm-80",
    batching,
    parameters: "course-h100-v1",
    scheduler: {
      maxNumSeqs,
      maxNumBatchedTokens,
      asyncScheduling: false,
      numGpuBlocks: 200_000,
      enablePrefixCaching: false,
    },
  };
}

function laneOf(b: Burst): Lane {
  return {
    step: stepModel(resolveServer(serverOf(b))),
    prompt: b.prompt,
    output: b.output,
    cached: 0,
    maxRunning: b.maxNumSeqs,
    maxNumBatchedTokens: b.maxNumBatchedTokens,
    mixes: b.batching === "continuous",
    outside: 0,
    ahead: false,
    interval: 1,
  };
}

function simulated(b: Burst): { ttft: number; tpot: number; makespan: number } {
  const chat = (i: number) => Math.min(5, Math.max(4 / b.output, -Math.log(1 - ((i * 0.618034) % 1))));
  const length = (i: number) => Math.round(b.output * (b.varied ? chat(i) : 1));
  const { first, last, outputTokens } = simulate(
    serverOf(b),
    script(Array.from({ length: b.requests }, (_, i) => ({ at: 0, prompt: b.prompt, output: length(i) }))),
  ).requests;
  const mean = (of: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < b.requests; i++) sum += of(i);
    return sum / b.requests;
  };
  return {
    ttft: mean((i) => first[i]!),
    tpot: mean((i) => (last[i]! - first[i]!) / (outputTokens[i]! - 1)),
    makespan: Math.max(...last),
  };
}

describe("a burst in closed form", () => {
  test.each<[string, Burst]>([
    [
      "fits, prompts riding along",
      { batching: "continuous", prompt: 500, output: 200, requests: 200, maxNumSeqs: 256, maxNumBatchedTokens: 8192 },
    ],
    [
      "fits, prompts first",
      { batching: "prefillFirst", prompt: 500, output: 200, requests: 200, maxNumSeqs: 256, maxNumBatchedTokens: 8192 },
    ],
    [
      "queues, prompts riding along",
      { batching: "continuous", prompt: 2000, output: 100, requests: 500, maxNumSeqs: 128, maxNumBatchedTokens: 8192 },
    ],
    [
      "queues in waves, prompts first",
      {
        batching: "prefillFirst",
        prompt: 2000,
        output: 100,
        requests: 480,
        maxNumSeqs: 160,
        maxNumBatchedTokens: 8192,
      },
    ],
    [
      "queues, every step full of a long prompt",
      { batching: "continuous", prompt: 32_000, output: 100, requests: 100, maxNumSeqs: 9, maxNumBatchedTokens: 2048 },
    ],
    [
      "fits, answers of many lengths",
      {
        batching: "prefillFirst",
        prompt: 217,
        output: 200,
        requests: 500,
        maxNumSeqs: 1024,
        maxNumBatchedTokens: 8192,
        varied: true,
      },
    ],
  ])("that %s agrees with the simulator on TTFT, TPOT and time in all", (_, b) => {
    const closed = burst(laneOf(b), b.requests, spreadOf(b.varied ?? false));
    const seen = simulated(b);
    expect(Math.abs(closed.ttftMean / seen.ttft - 1), `TTFT ${closed.ttftMean} for ${seen.ttft}`).toBeLessThanOrEqual(
      0.1,
    );
    expect(Math.abs(closed.tpotMean / seen.tpot - 1), `TPOT ${closed.tpotMean} for ${seen.tpot}`).toBeLessThanOrEqual(
      0.15,
    );
    expect(
      Math.abs(closed.makespan / seen.makespan - 1),
      `${closed.makespan} s for ${seen.makespan}`,
    ).toBeLessThanOrEqual(0.1);
  });
});

test("where prompts take all the time there is, tokens take as long as steps with prompts, and Little's law holds", () => {
  const lane = laneOf({
    batching: "continuous",
    prompt: 32_000,
    output: 100,
    requests: 0,
    maxNumSeqs: 64,
    maxNumBatchedTokens: 2048,
  });
  const state = closedLoop(lane, 64);
  const perPrompt = 1 / state.requestsPerSecond;
  expect(state.tpot / (perPrompt / (32_000 / 2048))).toBeGreaterThan(0.9);
  expect(state.requestsPerSecond * (state.ttft + 99 * state.tpot)).toBeCloseTo(64, 3);
});
