import { describe, expect, it } from "vitest";
import { bench } from "./steps.ts";

// Rules of vllm/v1/core/sched/scheduler.py. "0:16 1:4" is a step in which request 0 computes 16 tokens and request 1 four.
const roomy = { numGpuBlocks: 1000, blockSize: 4, maxNumSeqs: 16, maxNumBatchedTokens: 16, enablePrefixCaching: false };

describe("vLLM V1: running requests", () => {
  it("no phases: a request is brought forward by what it is behind, within the budget", () => {
    // Prompt 20, budget 16: 16 + 4 tokens, and the step with the last prompt token gives the first token. Then one a step.
    expect(bench(roomy, [{ prompt: 20, output: 3 }]).all()).toEqual(["0:16", "0:4", "0:1", "0:1"]);
  });

  it("decodes come first, then the prompt begun, then new prompts, several in one step", () => {
    // Step 1: 6 + 6 + 4 of request 2's ten. Step 2: two decodes take 2; request 2 its last 6; 8 are left for request 3.
    const steps = bench(roomy, [
      { prompt: 6, output: 3 },
      { prompt: 6, output: 3 },
      { prompt: 10, output: 1 },
      { prompt: 9, output: 1 },
    ]).all();
    expect(steps).toEqual(["0:6 1:6 2:4", "0:1 1:1 2:6 3:8", "0:1 1:1 3:1"]);
  });

  it("the long-prefill threshold caps every chunk, and lets a later prompt in beside it", () => {
    // Threshold 5: 12 = 5 + 5 + 2, while request 1 (4 tokens) is admitted at once.
    const steps = bench({ ...roomy, longPrefillTokenThreshold: 5 }, [
      { prompt: 12, output: 1 },
      { prompt: 4, output: 2 },
    ]).all();
    expect(steps).toEqual(["0:5 1:4", "0:5 1:1", "0:2"]);
  });

  it("a budget used up by an earlier prompt leaves little to later ones; who is alone has no threshold from 0.31 on", () => {
    const steps = (version: string) =>
      bench(
        { ...roomy, maxNumBatchedTokens: 8, longPrefillTokenThreshold: 6 },
        [
          { prompt: 18, output: 1 },
          { prompt: 2, output: 3 },
          { prompt: 20, output: 1 },
        ],
        { version },
      ).all();
    // Step 2: 0 takes 6, 1 decodes, 2 gets 1. Step 3: 0 its last 6, 1 decodes, 2 gets 1. Then 2 is alone with 18 left.
    const together = ["0:6 1:2", "0:6 1:1 2:1", "0:6 1:1 2:1"];
    expect(steps("0.30.0")).toEqual([...together, "2:6", "2:6", "2:6"]);
    expect(steps("0.31.0")).toEqual([...together, "2:8", "2:8", "2:2"]);
  });

  it("nothing is computed past maxModelLen", () => {
    // Prompt 6 of at most 8 tokens: two tokens can be generated, whatever was asked.
    const b = bench({ ...roomy, maxModelLen: 8 }, [{ prompt: 6, output: 50 }]);
    expect(b.all()).toEqual(["0:6", "0:1"]);
    expect(b.requests.generated[0]).toBe(2);
  });
});

describe("vLLM V1: preemption", () => {
  it("first come, first served: the last admitted gives way and goes to the front of the line", () => {
    // Blocks of 4, six in all. Prompts of 8 take 2 + 2 + 2. Step 2: request 0 needs a third block for its 9th token; request 2,
    // admitted last, gives its two; 0 takes one, 1 the other. Nothing is admitted in that step.
    const b = bench({ ...roomy, numGpuBlocks: 6, maxNumBatchedTokens: 32 }, [
      { prompt: 8, output: 6 },
      { prompt: 8, output: 6 },
      { prompt: 8, output: 2 },
      { prompt: 1, output: 1 },
    ]);
    expect(b.step()).toBe("0:8 1:8 2:8");
    expect(b.step()).toBe("0:1 1:1");
    expect(b.core.waiting.at(0)).toBe(2);
    expect(b.requests.preemptions[2]).toBe(1);
  });

  it("recompute: a preempted request computes prompt and answer again, then goes on", () => {
    // As above; request 2 had one token, so three blocks (9 tokens) must be free before it returns.
    const b = bench({ ...roomy, numGpuBlocks: 6, maxNumBatchedTokens: 32 }, [
      { prompt: 8, output: 5 },
      { prompt: 8, output: 5 },
      { prompt: 8, output: 3 },
    ]);
    // Tokens 2…5 of requests 0 and 1 come in steps 2…5 (contexts 8…11, three blocks each). Then 2 computes 9 and one more.
    expect(b.all()).toEqual(["0:8 1:8 2:8", "0:1 1:1", "0:1 1:1", "0:1 1:1", "0:1 1:1", "2:9", "2:1"]);
    expect(b.requests.generated[2]).toBe(3);
  });

  it("nobody is admitted in a step that preempted, even when room is left", () => {
    // After request 1 (two blocks) has given way and 0 took one, one block is free, and request 2 needs just one. It waits.
    const b = bench({ ...roomy, numGpuBlocks: 4, maxNumSeqs: 2 }, [
      { prompt: 8, output: 3 },
      { prompt: 8, output: 2 },
      { prompt: 1, output: 1 },
    ]);
    expect(b.step()).toBe("0:8 1:8");
    expect(b.step()).toBe("0:1");
    expect(b.core.kv.free).toBe(1);
  });

  it("the victim may be the request itself; then the running loop ends", () => {
    // Three blocks of 4: prompts of 4 take one each, and request 2's 5 tokens do not fit with them. Step 2 needs one more block
    // for 0 (free: 1), then one for 1: none is left, and 1 was admitted last, so it gives way itself.
    const b = bench({ ...roomy, numGpuBlocks: 3 }, [
      { prompt: 4, output: 4 },
      { prompt: 4, output: 4 },
    ]);
    expect(b.step()).toBe("0:4 1:4");
    expect(b.step()).toBe("0:1");
    expect(b.requests.preemptions[1]).toBe(1);
    expect(b.core.waiting.at(0)).toBe(1);
  });

  it("by priority: the highest number gives way, and its tokens return to the budget", () => {
    // Priorities 2, 0, 1. All are admitted: order 1, 2, 0 (by priority). In step 2 request 1 needs a block: request 0 gives way.
    const b = bench({ ...roomy, numGpuBlocks: 6, maxNumBatchedTokens: 32, policy: "priority" }, [
      { prompt: 8, output: 6, priority: 2 },
      { prompt: 8, output: 6, priority: 0 },
      { prompt: 8, output: 6, priority: 1 },
    ]);
    expect(b.step()).toBe("1:8 2:8 0:8");
    expect(b.step()).toBe("1:1 2:1");
    expect(b.requests.preemptions[0]).toBe(1);
  });

  it("by priority: a victim that was already scheduled is taken out of the step", () => {
    // Request 0 (priority 5, 5 tokens, two blocks) runs when 1 (priority 0, 8 tokens) takes the other two. In step 3 request 0
    // has room for its 7th token and is scheduled; then 1 needs a third block, and 0 gives way after all.
    const b = bench(
      { ...roomy, numGpuBlocks: 4, policy: "priority" },
      [
        { prompt: 5, output: 6, priority: 5 },
        { prompt: 8, output: 3, priority: 0 },
      ],
      { arriveLater: [1] },
    );
    expect(b.step()).toBe("0:5");
    b.core.submit(1, 0);
    expect(b.step()).toBe("0:1 1:8");
    expect(b.step()).toBe("1:1");
    expect(b.requests.preemptions[0]).toBe(1);
  });

  it("by priority: a request that gives way itself ends the loop, and the next step goes on", () => {
    // Request 0 is first in the list and least urgent. Its 9th token needs a block, so it goes; in that step nobody runs.
    const b = bench(
      { ...roomy, numGpuBlocks: 4, policy: "priority" },
      [
        { prompt: 7, output: 6, priority: 5 },
        { prompt: 8, output: 3, priority: 0 },
      ],
      { arriveLater: [1] },
    );
    b.step();
    b.core.submit(1, 0);
    expect(b.step()).toBe("0:1 1:8");
    expect(b.step()).toBe("1:1");
    expect(b.requests.preemptions[0]).toBe(1);
  });
});

describe("vLLM V1: admission", () => {
  it("at most maxNumSeqs run", () => {
    const steps = bench({ ...roomy, maxNumSeqs: 2 }, [
      { prompt: 2, output: 2 },
      { prompt: 2, output: 2 },
      { prompt: 2, output: 1 },
    ]).all();
    expect(steps).toEqual(["0:2 1:2", "0:1 1:1", "2:2"]);
  });

  it("head of line: whoever does not fit holds up those behind", () => {
    // Five blocks of 4. Request 0 takes two (8) and will need a third; request 1 (16 tokens, four blocks) does not fit, and
    // request 2 (one block) waits behind it.
    const steps = bench({ ...roomy, numGpuBlocks: 5 }, [
      { prompt: 8, output: 2 },
      { prompt: 16, output: 1 },
      { prompt: 2, output: 1 },
    ]).all();
    expect(steps).toEqual(["0:8", "0:1", "1:16", "2:2"]);
  });

  it("the whole text must fit before its first chunk is computed", () => {
    // Budget 4: the first chunk of request 1 needs one block, and two are free, but its 12 tokens need three.
    const b = bench({ ...roomy, numGpuBlocks: 4, maxNumBatchedTokens: 8 }, [
      { prompt: 6, output: 2 },
      { prompt: 12, output: 1 },
    ]);
    expect(b.all()).toEqual(["0:6", "0:1", "1:8", "1:4"]);
  });

  it("without chunked prefill a prompt waits until it fits the budget whole", () => {
    // Budget 16: 10 + 10 does not fit in one step; request 1 waits for the next, beside request 0's decode.
    const steps = bench({ ...roomy, enableChunkedPrefill: false, maxModelLen: 16 }, [
      { prompt: 10, output: 3 },
      { prompt: 10, output: 1 },
    ]).all();
    expect(steps).toEqual(["0:10", "0:1 1:10", "0:1"]);
  });
});

describe("vLLM V1: prefix cache", () => {
  const cached = { ...roomy, enablePrefixCaching: true, maxNumBatchedTokens: 64 };
  const system = { id: "system", tokens: 8 };

  it("whole blocks only, in the order of the text", () => {
    // 8 shared tokens and 3 of its own, then 10 shared of which only two blocks of 4 are whole.
    const b = bench(
      cached,
      [
        { prompt: [system, { id: "a", tokens: 3 }], output: 1 },
        { prompt: [system, { id: "b", tokens: 3 }], output: 1 },
      ],
      { arriveLater: [1] },
    );
    expect(b.step()).toBe("0:11");
    b.core.submit(1, 1);
    expect(b.step()).toBe("1:3");
    expect(b.requests.cached[1]).toBe(8);
  });

  it("at least one token is computed, even if all are cached", () => {
    // The same 8 tokens again: at most 7 may come from the cache, so one block of 4 does, and 4 tokens are computed.
    const b = bench(
      cached,
      [
        { prompt: [system], output: 1 },
        { prompt: [system], output: 1 },
      ],
      { arriveLater: [1] },
    );
    expect(b.step()).toBe("0:8");
    b.core.submit(1, 1);
    expect(b.step()).toBe("1:4");
  });

  it("a block is found while its first owner still runs, and the two share it", () => {
    const b = bench(
      cached,
      [
        { prompt: [system, { id: "a", tokens: 4 }], output: 9 },
        { prompt: [system, { id: "b", tokens: 4 }], output: 9 },
      ],
      { arriveLater: [1] },
    );
    b.step();
    b.core.submit(1, 0);
    expect(b.step()).toBe("0:1 1:4");
    // 3 blocks + one for 0's answer, and one of its own for 1: two of its three are shared.
    expect(b.core.kv.capacity - b.core.kv.free).toBe(5);
  });

  it("the answer is found by the next turn", () => {
    // Answer of 5 tokens after 8: 12 tokens are computed (the last is never), three whole blocks. The next turn repeats them.
    const b = bench(cached, [{ prompt: [system], output: 5 }], {});
    b.all();
    expect(b.core.kv.lookup(0, 100)).toBe(12);
  });

  it("the oldest free block is overwritten first, ends of texts before their beginnings", () => {
    // Four blocks. Request 0 (8 tokens: blocks A0 A1) is done, queue: fresh fresh A1 A0. Request 1 takes three: both fresh and A1.
    // The head of the first text, A0, is still there.
    const b = bench(
      { ...cached, numGpuBlocks: 4 },
      [
        { prompt: [{ id: "a", tokens: 8 }], output: 1 },
        { prompt: [{ id: "b", tokens: 12 }], output: 1 },
      ],
      { arriveLater: [1] },
    );
    b.step();
    b.core.submit(1, 1);
    b.step();
    expect(b.core.kv.lookup(0, 100)).toBe(4);
    expect(b.core.kv.lookup(1, 100)).toBe(12);
  });

  it("hits that lie in the free queue count against the free blocks", () => {
    // Four blocks, two of them hold the freed text of request 0. Request 1 shares it and has 12 tokens more: five blocks.
    const b = bench(
      { ...cached, numGpuBlocks: 4 },
      [
        { prompt: [system], output: 1 },
        { prompt: [system, { id: "b", tokens: 9 }], output: 1 },
      ],
      { arriveLater: [1] },
    );
    b.step();
    b.core.submit(1, 1);
    expect(b.step()).toBe("");
    expect(b.core.kv.free).toBe(4);
  });

  it("a preempted request finds again what has not been overwritten", () => {
    // Six blocks of 4, prompts of 8 and blocks 2 + 2 + 2. Request 2 loses its two in step 2; 0 and 1 overwrite both. Nothing is
    // left for it, so it computes its 9 tokens.
    const b = bench({ ...cached, numGpuBlocks: 6 }, [
      { prompt: 8, output: 5 },
      { prompt: 8, output: 5 },
      { prompt: 8, output: 3 },
    ]);
    expect(b.all().at(-2)).toBe("2:9");
    // With one block more, only its second block is overwritten: the first 4 tokens are found.
    const c = bench({ ...cached, numGpuBlocks: 7 }, [
      { prompt: 8, output: 5 },
      { prompt: 8, output: 5 },
      { prompt: 8, output: 3 },
    ]);
    c.step();
    c.step();
    expect(c.requests.preemptions[2]).toBe(1);
    expect(c.core.kv.lookup(2, 8)).toBe(4);
  });
});

describe("vLLM V1: speculative decoding", () => {
  it("a decoding request brings its drafts: K + 1 tokens of budget and blocks for K more", () => {
    // Two drafts, all kept: 3 tokens a step after the first. 1 + 3 + 3 = 7.
    const b = bench(roomy, [{ prompt: 4, output: 7 }], {
      speculation: { acceptance: 1, draftTokens: 2, draftCost: 0 },
    });
    expect(b.step()).toBe("0:4");
    expect(b.step()).toBe("0:3");
    // Text of 4 + 1, three computed and two ahead: 4 + 3 + 2 = 9 tokens, three blocks of 4.
    expect(b.requests.blocks[0]).toBe(3);
    expect(b.requests.generated[0]).toBe(4);
    expect(b.all()).toEqual(["0:3"]);
  });

  it("drafts that are turned down are computed for nothing", () => {
    const b = bench(roomy, [{ prompt: 4, output: 4 }], {
      speculation: { acceptance: 0, draftTokens: 2, draftCost: 0 },
    });
    expect(b.all()).toEqual(["0:4", "0:3", "0:3", "0:3"]);
    expect(b.requests.generated[0]).toBe(4);
  });
});

describe("vLLM 0.33: options beside the budget", () => {
  it("prefillScheduleInterval counts from the last step that carried a prompt, not from the start", () => {
    // 0's prompt is step 1. Held: steps 2 and 3. Step 4 takes 1 in; 2 comes after it and waits for step 7.
    const b = bench(
      { ...roomy, prefillScheduleInterval: 3 },
      [
        { prompt: 4, output: 9 },
        { prompt: 5, output: 1 },
        { prompt: 6, output: 1 },
      ],
      { arriveLater: [1, 2] },
    );
    expect(b.step()).toBe("0:4");
    b.core.submit(1, 0);
    expect([b.step(), b.step(), b.step()]).toEqual(["0:1", "0:1", "0:1 1:5"]);
    b.core.submit(2, 1);
    expect([b.step(), b.step(), b.step()]).toEqual(["0:1", "0:1", "0:1 2:6"]);
  });

  it("prefillScheduleInterval holds nobody while the line was longer than a step could take", () => {
    const b = bench({ ...roomy, maxNumBatchedTokens: 8, prefillScheduleInterval: 4 }, [
      { prompt: 4, output: 6 },
      { prompt: 4, output: 6 },
      { prompt: 6, output: 1 },
      { prompt: 2, output: 1 },
    ]);
    expect([b.step(), b.step()]).toEqual(["0:4 1:4", "0:1 1:1 2:6"]);
    // Request 3 still waits after that step, so it is taken in at once.
    expect(b.step()).toBe("0:1 1:1 3:2");
  });

  it("prefillScheduleInterval does nothing on an engine of its own before 0.33", () => {
    const specs = [
      { prompt: 4, output: 4 },
      { prompt: 5, output: 1 },
    ];
    const b = bench({ ...roomy, prefillScheduleInterval: 3 }, specs, { arriveLater: [1], version: "0.32" });
    b.step();
    b.core.submit(1, 0);
    expect(b.step()).toBe("0:1 1:5");
  });

  it("the watermark is left free beside others; who comes alone may take all", () => {
    // Of 11 blocks (block 0 among them) .3 are 3. A prompt of 36 tokens needs nine of the ten.
    const limits = { ...roomy, numGpuBlocks: 10, maxNumBatchedTokens: 64, watermark: 0.3 };
    expect(bench(limits, [{ prompt: 36, output: 1 }]).all()).toEqual(["0:36"]);
    const two = bench(limits, [
      { prompt: 4, output: 2 },
      { prompt: 28, output: 1 },
    ]);
    expect(two.all()).toEqual(["0:4", "0:1", "1:28"]);
  });

  it("drafting takes of a step's input, not of the tokens it may schedule", () => {
    const drafts = { method: "draftModel", acceptance: 0, draftTokens: 1, draftCost: 0 } as const;
    const specs = [{ prompt: 20, output: 1 }];
    const limits = { ...roomy, maxNumSeqs: 4, maxNumBatchedTokens: 16 };
    expect(bench(limits, specs, { speculation: drafts }).all()[0]).toBe("0:15");
    expect(bench({ ...limits, maxNumScheduledTokens: 12 }, specs, { speculation: drafts }).all()[0]).toBe("0:12");
  });

  it("one missing token is padded to the drafts' rows beside decodes, not beside a piece of prompt", () => {
    const drafts = { method: "eagle", acceptance: 0, draftTokens: 2, draftCost: 0 } as const;
    const specs = [
      { prompt: 4, output: 9 },
      { prompt: 20, output: 9 },
      { prompt: 1, output: 9 },
    ];
    const chunk = bench(roomy, specs, { speculation: drafts, arriveLater: [2] });
    expect(chunk.step()).toBe("0:4 1:12");
    chunk.core.submit(2, 0);
    expect(chunk.step()).toBe("0:3 1:8 2:1");
    const decodes = bench(roomy, specs, { speculation: drafts, arriveLater: [1, 2] });
    decodes.step();
    decodes.core.submit(2, 0);
    expect(decodes.step()).toBe("0:3 2:3");
  });
});
