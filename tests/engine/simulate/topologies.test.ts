import { describe, expect, it } from "vitest";
import { estimate } from "../../../src/engine/estimate/estimate.ts";
import { kvBytes } from "../../../src/engine/estimate/memory.ts";
import { model } from "../../../src/engine/catalog/model.ts";
import type { Run } from "../../../src/engine/run.ts";
import type { Server } from "../../../src/engine/server.ts";
import { decodeFeatures } from "../../../src/engine/estimate/features.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";
import type { Core } from "../../../src/engine/simulate/core.ts";
import { rulesOf } from "../../../src/engine/simulate/rules.ts";
import { RankBalance } from "../../../src/engine/simulate/replicas/rank-balance.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { stepModel } from "../../../src/engine/step/model.ts";
import { closed, poisson } from "../../../src/engine/workload/arrivals.ts";
import { script } from "../../../src/engine/workload/expand.ts";
import { exponential, fixed } from "../../../src/engine/workload/lengths.ts";

const base: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80", parameters: "course-h100-v1" };

describe("prefill and decode apart", () => {
  const disaggregated = { prefillGpus: 1, decodeGpus: 1, linkBytesPerSecond: 50e9 };

  // 4096 tokens × 131,072 bytes over 50 GB/s: 10.7 ms.
  const crossing = kvBytes(model("llama-3.1-8b"), 4096) / 50e9;
  const lone = script([{ at: 0, prompt: 4096, output: 3 }]);
  const gap = (run: Run): number => (run.chunks?.t[1] as number) - (run.chunks?.t[0] as number);

  it("vLLM's decode engine fetches the KV and computes the prompt's last token again: the first token is its own", () => {
    const together = simulate(base, lone, { record: "chunks" });
    const apart = simulate({ ...base, disaggregated }, lone, { record: "chunks" });
    const wait = (apart.requests.first[0] as number) - (together.requests.first[0] as number) - crossing;
    // A step of one token after 4,095 costs what a step of one token after 4,096 does, to a thousandth.
    expect(wait / gap(together)).toBeCloseTo(1, 2);
    expect(gap(apart)).toBeCloseTo(gap(together), 12);
    expect([...apart.requests.outputTokens]).toEqual([3]);
  });

  it("beside others the first token comes five to six decode steps after the prompt is computed, three to four without planning ahead", () => {
    // The request is seen with the next plan, its KV at the launch after it came, and that launch is known when its step is over.
    const steps = (asyncScheduling: boolean): number[] => {
      const server: Server = {
        ...base,
        scheduler: { asyncScheduling },
        disaggregated: { ...disaggregated, prefillGpus: 2 },
      };
      const others = Array.from({ length: 4 }, () => ({ at: 0, prompt: 64, output: 300 }));
      return [1, 1.002, 1.004].map((at) => {
        const { requests, chunks } = simulate(server, script([...others, { at, prompt: 512, output: 8 }]), {
          record: "chunks",
        });
        const alone = simulate(server, script([{ at: 0, prompt: 512, output: 1 }]), { record: "chunks" });
        const computed = (alone.requests.first[0] as number) - gap(simulate(server, lone, { record: "chunks" }));
        const handed = at + computed - kvBytes(model("llama-3.1-8b"), 512) / 50e9;
        const ends = [...(chunks?.t as Float64Array)].filter((_, k) => chunks?.request[k] === 0);
        const step = (ends.at(-1) as number) - (ends.at(-2) as number);
        return ((requests.first[4] as number) - handed) / step;
      });
    };
    for (const n of steps(true)) {
      expect(n).toBeGreaterThan(4.9);
      expect(n).toBeLessThan(6.1);
    }
    for (const n of steps(false)) {
      expect(n).toBeGreaterThan(2.9);
      expect(n).toBeLessThan(4.1);
    }
  });

  it("engines that hand the first token over give it before the KV crosses, and the second after", () => {
    const sglang: Server = { ...base, engine: "sglang" };
    const together = simulate(sglang, lone, { record: "chunks" });
    const apart = simulate({ ...sglang, disaggregated }, lone, { record: "chunks" });
    expect(apart.requests.first[0]).toBe(together.requests.first[0]);
    expect(gap(apart) - gap(together)).toBeCloseTo(crossing, 9);
  });

  it("what the decode engine's prefix cache holds need not cross", () => {
    const workload = script(
      [0, 1].map((k) => ({
        at: 5 * k,
        prompt: [
          { id: "system", tokens: 4000 },
          { id: k, tokens: 96 },
        ],
        output: 3,
      })),
    );
    const { explain } = simulate({ ...base, disaggregated }, workload);
    const [whole, rest] = explain?.fetch as Float64Array;
    expect(whole).toBeCloseTo(crossing, 9);
    expect((rest as number) / crossing).toBeCloseTo(96 / 4096, 6);
  });

  it("the KV sets out when the decode engine has blocks for it; who is given up on the way gives back those of both sides", () => {
    // Prompts of 600 tokens in pools of 1,000: one at a time on either side. 100 blocks of 10, the first vLLM's own.
    const scheduler = { blockSize: 10, numGpuBlocks: 101, maxModelLen: 1000, enablePrefixCaching: false };
    const slow = { ...disaggregated, linkBytesPerSecond: 1e9 };
    const server: Server = { ...base, disaggregated: slow, scheduler };
    const seconds = kvBytes(model("llama-3.1-8b"), 600) / 1e9;
    const patient = { at: 0, prompt: 600, output: 40 };
    const both = simulate(server, script([patient, { ...patient, at: 0.001 }]));
    const [first, second] = both.explain?.fetch as Float64Array;
    expect(first).toBeCloseTo(seconds, 9);
    // The second waits until the first has all its tokens.
    expect(both.requests.first[1] as number).toBeGreaterThan((both.requests.closed[0] as number) + seconds);
    expect(second as number).toBeGreaterThan(seconds);
    // Given up in the queue, on the link, while decoding; who comes last needs what all of them held.
    const left = simulate(
      server,
      script([
        ...[0.01, 0.06, 0.1, 0.12, 0.14, 0.2, 0.25].map((cancelAfter, k) => ({
          at: k,
          prompt: 600,
          output: 399,
          cancelAfter,
        })),
        { at: 10, prompt: 960, output: 30 },
      ]),
    );
    expect([...left.requests.status]).toEqual([2, 2, 2, 2, 2, 2, 2, 0]);
    expect(left.ended).toBeUndefined();
  });

  it("a long prompt freezes nobody who is decoding", () => {
    const victims = Array.from({ length: 4 }, () => ({ at: 0, prompt: 500, output: 400 }));
    const workload = script([...victims, { at: 1, prompt: 32000, output: 5 }]);
    const longest = (server: Server): number => {
      const { t, request } = simulate(server, workload, { record: "chunks" }).chunks as {
        t: Float64Array;
        request: Uint32Array;
      };
      let most = 0;
      for (let k = 2; k < t.length; k++) {
        const first = request[k] !== request[k - 2];
        if (!first && (request[k] as number) < 4) most = Math.max(most, (t[k] as number) - (t[k - 1] as number));
      }
      return most;
    };
    expect(longest(base)).toBeGreaterThan(0.2);
    expect(longest({ ...base, disaggregated })).toBeLessThan(0.01);
  });

  it("finishes everything, in an open and a closed loop", () => {
    for (const arrivals of [poisson(15), closed(20)]) {
      const run = simulate(
        { ...base, disaggregated: { ...disaggregated, decodeGpus: 2 } },
        { arrivals, prompt: exponential(600), output: exponential(100), requests: 400 },
      );
      expect(run.ended).toBeUndefined();
      expect([...run.requests.status].every((code) => code === 0)).toBe(true);
      for (let i = 0; i < 400; i++) expect(run.explain?.decode[i] as number).toBeGreaterThanOrEqual(-1e-9);
    }
  });
});

describe("data-parallel attention with shared experts", () => {
  const moe: Server = {
    model: "qwen3-30b-a3b",
    gpu: "h100-sxm-80",
    dataParallel: 2,
    expertParallel: 2,
    parameters: "ideal",
  };

  it("a step lasts as long as its slowest rank", () => {
    // Rank 0 gets a long prompt, rank 1 a short one. Both first tokens come at the end of the same step.
    const run = simulate(
      moe,
      script([
        { at: 0, prompt: 6000, output: 2 },
        { at: 0, prompt: 100, output: 2 },
      ]),
    );
    expect(run.requests.first[0]).toBe(run.requests.first[1]);
    expect(run.requests.last[0]).toBe(run.requests.last[1]);
  });

  it("dispatches the bytes that leave a rank, by hand", () => {
    // qwen3-30b-a3b: 48 layers of 128 experts, 8 a token, hidden size 2,048, experts of width 768. Two ranks decode one sequence each.
    const { parts } = stepModel(resolveServer({ ...moe, weights: "bf16" })).cost(decodeFeatures(1, 100, undefined));
    // There and back: a token goes once to each rank that has one of its experts, and of the two ranks one is its own, so one copy of
    // 16-bit numbers crosses NVLink's 450 GB/s; ideal links have no latency.
    expect(parts.communication).toBeCloseTo((48 * 2 * 1 * 2048 * 2) / 450e9, 15);
  });

  describe("vLLM's balancer", () => {
    /** Ranks that stand as told, and where requests go; those sent are added to a rank's own. */
    const ranks = (n: number, version = "0.33") => {
      const state = Array.from({ length: n }, () => ({
        load: 0,
        rules: rulesOf("vllm-async", version),
        waiting: { size: 0 },
        kv: { free: 100, capacity: 100 },
      }));
      const balance = new RankBalance(state as unknown as Core[]);
      const to = (now: number): number => {
        const rank = (state as unknown[]).indexOf(balance.pick(now));
        state[rank]!.load++;
        return rank;
      };
      return { state, to };
    };

    it("a burst is spread evenly: the balancer knows at once what it has sent", () => {
      const { to } = ranks(4);
      expect(Array.from({ length: 8 }, () => to(0))).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    });

    it("ties: the scan starts one rank further each time, whoever was picked", () => {
      const { state, to } = ranks(3);
      Object.assign(state[0]!, { load: 9 });
      // From rank 0: rank 1 is the first of the two without requests. From rank 1: it has one now, so rank 2. From rank 2: it is first.
      expect([to(0), to(0), to(0), to(0)]).toEqual([1, 2, 2, 1]);
    });

    it("those that wait count for more once more than half of a rank's cache is full, up to three times at a full one", () => {
      const { state, to } = ranks(2);
      // 3 + 2 × 6 × (0.9 − 0.5) = 7.8 against 7: rank 1 although it has more requests.
      Object.assign(state[0]!, { load: 3, waiting: { size: 2 }, kv: { free: 10, capacity: 100 } });
      Object.assign(state[1]!, { load: 7 });
      expect(to(0.2)).toBe(1);
      // 3 + 2 × 6 × (0.7 − 0.5) = 5.4 against 7.
      const half = ranks(2);
      Object.assign(half.state[0]!, { load: 3, waiting: { size: 2 }, kv: { free: 30, capacity: 100 } });
      Object.assign(half.state[1]!, { load: 7 });
      expect(half.to(0.2)).toBe(0);
    });

    it("before 0.26, one that waits counts like four that run, and ties go to the lowest rank", () => {
      const { state, to } = ranks(2, "0.25");
      expect([to(0), to(0), to(0)], "what it sends counts as waiting").toEqual([0, 1, 0]);
      // Reports: 1 × 4 + 2 against 7.
      Object.assign(state[0]!, { load: 3, waiting: { size: 1 } });
      Object.assign(state[1]!, { load: 7 });
      expect([to(0.2), to(0.2)]).toEqual([0, 1]);
      const afterEachReport = (version: string): number[] => {
        const tied = ranks(2, version);
        return [0.2, 0.4].map((at) => {
          for (const rank of tied.state) rank.load = 0;
          return tied.to(at);
        });
      };
      expect(afterEachReport("0.25")).toEqual([0, 0]);
      expect(afterEachReport("0.33")).toEqual([0, 1]);
    });

    it("queues and caches are known from reports a tenth of a second old", () => {
      const { state, to } = ranks(2);
      Object.assign(state[0]!, { load: 3, waiting: { size: 2 }, kv: { free: 10, capacity: 100 } });
      Object.assign(state[1]!, { load: 4 });
      expect(to(0.05), "nothing is known of the queue").toBe(0);
      Object.assign(state[0]!, { load: 3 });
      expect(to(0.1)).toBe(1);
    });

    it("between reports, what it sends counts as waiting there", () => {
      const { state, to } = ranks(2);
      // Full caches without a queue: 1 against 6, until three sent since have made it 4 + 3 × 6 × 0.5 = 13.
      Object.assign(state[0]!, { load: 1, kv: { free: 0, capacity: 100 } });
      Object.assign(state[1]!, { load: 6 });
      expect([to(0.2), to(0.2), to(0.2)]).toEqual([0, 0, 1]);
      // The next report has seen them admitted.
      Object.assign(state[0]!, { load: 3 });
      expect(to(0.31)).toBe(0);
    });
  });

  it("finishes everything", () => {
    const run = simulate(moe, {
      arrivals: poisson(30),
      prompt: exponential(500),
      output: exponential(80),
      requests: 300,
    });
    expect([...run.requests.status].every((code) => code === 0)).toBe(true);
  });
});

describe("pipeline parallelism", () => {
  const stages = (pipelineParallel: number, scheduler: Server["scheduler"] = {}): Server => ({
    model: "llama-3.1-8b",
    gpu: "l40s",
    pipelineParallel,
    scheduler,
  });

  it("keeps a batch in each stage: estimate and simulate agree, with places to spare and without", () => {
    for (const scheduler of [{}, { maxNumSeqs: 32 }])
      for (const pipelineParallel of [1, 2, 4]) {
        const server = stages(pipelineParallel, scheduler);
        const users = 64;
        const run = simulate(server, {
          arrivals: closed(users),
          prompt: fixed(512),
          output: exponential(128),
          requests: 1200,
        });
        const { first, last, outputTokens, count } = run.requests;
        const from = count / 4;
        const to = count * 0.85;
        const done = last.filter((at) => at >= last[from]! && at < last[to]!).length;
        let tpot = 0;
        let answers = 0;
        for (let i = from; i < to; i++) {
          if (outputTokens[i]! < 2) continue;
          tpot += (last[i]! - first[i]!) / (outputTokens[i]! - 1);
          answers++;
        }
        const expected = estimate(server, { prompt: 512, output: 128, concurrency: users });
        const label = `${pipelineParallel} stages, ${JSON.stringify(scheduler)}`;
        const rate = done / (last[to]! - last[from]!);
        expect(Math.abs(rate / expected.requestsPerSecond.value - 1), label).toBeLessThan(0.1);
        expect(Math.abs(tpot / answers / expected.tpot.value - 1), label).toBeLessThan(0.06);
      }
  });

  it("one KV cache holds the sequences of all batches: one of them may take it whole", () => {
    // 20 blocks of 16: a request of 300 tokens, then as many small ones as there are places.
    const server = stages(2, { numGpuBlocks: 21, maxModelLen: 320, maxNumSeqs: 8, enablePrefixCaching: false });
    const run = simulate(
      server,
      script([
        { at: 0, prompt: 290, output: 20 },
        ...Array.from({ length: 8 }, () => ({ at: 0, prompt: 30, output: 40 })),
      ]),
    );
    expect([...run.requests.status]).toEqual(Array.from({ length: 9 }, () => 0));
    expect([...run.requests.outputTokens]).toEqual([20, ...Array.from({ length: 8 }, () => 40)]);
    expect(run.requests.first[0]!).toBeLessThan(Math.max(...run.requests.first));
  });
});

describe("several replicas", () => {
  it("round-robin deals them out in turn; least-loaded avoids the busy one", () => {
    const requests = [
      { at: 0, prompt: 20000, output: 2000 },
      ...Array.from({ length: 4 }, (_, k) => ({ at: 0.1 + k, prompt: 10, output: 2 })),
    ];
    const to = (routing: NonNullable<Server["routing"]>): number[] => [
      ...simulate({ ...base, replicas: 2, routing }, script(requests)).requests.replica,
    ];
    expect(to("round-robin")).toEqual([0, 1, 0, 1, 0]);
    expect(to("least-loaded")).toEqual([0, 1, 1, 1, 1]);
  });
});

describe("sessions", () => {
  it("a turn follows the answer before it, carries the whole conversation, and finds it in the cache", () => {
    const run = simulate(base, {
      arrivals: poisson(1),
      prompt: fixed(64),
      output: fixed(33),
      sessions: { turns: fixed(3), think: fixed(2) },
      requests: 3,
    });
    const { scheduled, last, promptTokens, cachedTokens } = run.requests;
    expect((scheduled[1] as number) - (last[0] as number)).toBeCloseTo(2, 12);
    expect([...promptTokens]).toEqual([64, 64 + 33 + 64, 64 + 33 + 64 + 33 + 64]);
    // The last token of an answer is never computed: 96 and 193 tokens are, six and twelve whole blocks of 16.
    expect([...cachedTokens]).toEqual([0, 96, 192]);
  });
});
