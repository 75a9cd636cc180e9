import { describe, expect, it } from "vitest";
import { goodput } from "../../../src/engine/metrics/goodput.ts";
import { summarize } from "../../../src/engine/metrics/summarize.ts";
import type { Definition } from "../../../src/engine/metrics/types.ts";
import { makeRun, type Row } from "./runs.ts";

/** One reply held back 1 s by the client, that starts with an empty role chunk, calls a tool, reasons and answers. */
const reply: Row = {
  scheduled: 0,
  started: 1,
  prompt: 20,
  output: 9,
  chunks: [
    [1.1, 0, "role"],
    [1.2, 1, "tool"],
    [1.4, 2, "reasoning"],
    [1.8, 4, "content"],
    [2.6, 2, "content"],
    [2.7, 0, "finish"],
    [2.8, 0, "usage"],
    [2.9, 0, "done"],
  ],
  closed: 3,
};
const one = makeRun([reply], 0.001);
const read = (definition: Definition) => {
  const { ttft, tpot, e2e, itl, icl } = summarize(one, { definition });
  const mean = (d: typeof ttft) => (d.n ? d.mean : null);
  return { ttft: mean(ttft), tpot: mean(tpot), e2e: mean(e2e), itl, icl };
};

describe("one run, six TTFTs", () => {
  it.each([
    ["vllm", 0.1],
    ["perflab", 0.2],
    ["aiperf", 0.2],
    ["guidellm", 0.2],
    ["sglang", 0.4],
    ["inference-perf", 0.8],
    ["mlperf", 1.2],
  ] as const)("%s says %f s", (definition, ttft) => {
    expect(read(definition).ttft).toBeCloseTo(ttft, 12);
  });
});

describe("vllm", () => {
  it("takes the empty role chunk for the first token and the finish chunk for the last", () => {
    expect(read("vllm").ttft).toBeCloseTo(0.1, 12);
    expect(read("vllm").e2e).toBeCloseTo(1.7, 12);
    expect(read("vllm").tpot).toBeCloseTo(1.6 / 8, 12);
  });
  it("counts one ITL for every further choices chunk", () => {
    const { itl } = read("vllm");
    expect(itl.n).toBe(5);
    expect(itl.values![0]).toBeCloseTo(0.1, 12);
    expect(itl.max).toBeCloseTo(0.8, 12);
  });
  it("takes one token for a reply whose tokens only we counted", () => {
    const s = summarize(makeRun([{ ...reply, source: "chunks" }], 0.001), { definition: "vllm" });
    expect(s.outputTokensPerSecond).toBeCloseTo(1 / 3, 12);
    expect(s.tpot.n).toBe(0);
    expect(s.approximate.join()).toMatch(/tokenises/);
  });
  it("divides by the wall time of the whole run, from its start", () => {
    const s = summarize(makeRun([{ scheduled: 1, started: 1, first: 2, last: 3, closed: 4, output: 8 }], 0), {
      definition: "vllm",
    });
    expect(s.duration).toBe(4);
    expect(s.outputTokensPerSecond).toBe(2);
  });
});

describe("sglang", () => {
  it("ignores role chunk and tool call, and lets the latency run to [DONE]", () => {
    expect(read("sglang").e2e).toBeCloseTo(1.9, 12);
    expect(read("sglang").tpot).toBeCloseTo(1.5 / 8, 12);
    expect(read("sglang").icl.n).toBe(2);
  });
  it("says that its own connection set-up is missing from a measured run", () => {
    expect(summarize(one, { definition: "sglang" }).approximate.join()).toMatch(/connection/);
  });
});

describe("aiperf", () => {
  it("calls the mean gap of a request its inter-token latency, and keeps raw gaps as inter-chunk latency", () => {
    const { itl, icl, tpot, e2e } = read("aiperf");
    expect(itl.n).toBe(1);
    expect(itl.mean).toBeCloseTo(1.4 / 8, 12);
    expect(tpot).toBeCloseTo(1.4 / 8, 12);
    expect(icl.n).toBe(3);
    expect(e2e).toBeCloseTo(1.6, 12);
  });
  it("starts its clock of rates at the first request sent and stops it at the last response", () => {
    expect(summarize(one, { definition: "aiperf" }).duration).toBeCloseTo(1.6, 12);
  });
  it("says that it would tokenise again", () => {
    expect(summarize(one, { definition: "aiperf" }).approximate.join()).toMatch(/tokenises/);
  });
});

describe("guidellm", () => {
  it("puts TTFT into its TPOT: (last − start) ÷ tokens", () => {
    expect(read("guidellm").tpot).toBeCloseTo(1.6 / 9, 12);
  });
  it("runs latency to the end of the stream", () => {
    expect(read("guidellm").e2e).toBeCloseTo(2, 12);
  });
  it("weighs each request's mean gap by its gaps", () => {
    const two = makeRun([
      { first: 1, last: 2, output: 11 },
      { first: 1, last: 2, output: 2 },
    ]);
    const { itl } = summarize(two, { definition: "guidellm" });
    expect(itl.n).toBe(11);
    expect(itl.p(90)).toBeCloseTo(0.1, 12);
    expect(itl.p(95)).toBeCloseTo(1, 12);
    expect(itl.mean).toBeCloseTo(2 / 11, 12);
  });
  it("reads percentiles by nearest rank", () => {
    const four = makeRun([1, 2, 3, 4].map((first) => ({ first, last: first, output: 1 })));
    expect(summarize(four, { definition: "guidellm" }).ttft.p(50)).toBe(2);
    expect(summarize(four, { definition: "perflab" }).ttft.p(50)).toBe(2.5);
  });
  it("counts a missing value as 0", () => {
    const empty = makeRun([
      { output: 0, closed: 1 },
      { first: 1, last: 1, output: 1 },
    ]);
    expect(summarize(empty, { definition: "guidellm" }).ttft.mean).toBe(0.5);
    expect(summarize(empty, { definition: "perflab" }).ttft.mean).toBe(1);
  });
});

describe("inference-perf", () => {
  it("sees content only: neither reasoning nor a tool call is a token", () => {
    const { tpot, itl, icl } = read("inference-perf");
    expect(tpot).toBeCloseTo(0.8 / 5, 12);
    expect(Array.from(itl.values!)).toEqual([0, 0, 0, 0, expect.closeTo(0.8, 12)]);
    expect(icl.n).toBe(1);
    expect(summarize(one, { definition: "inference-perf" }).outputTokensPerSecond).toBeCloseTo(6 / 3, 12);
  });
  it("has no TTFT with fewer than two token times", () => {
    const single = makeRun([{ chunks: [[1, 1, "content"]], output: 1 }]);
    expect(summarize(single, { definition: "inference-perf" }).ttft.n).toBe(0);
    expect(summarize(single).ttft.mean).toBe(1);
  });
});

describe("mlperf", () => {
  it("counts latency and TTFT from when the request should have left", () => {
    expect(read("mlperf").e2e).toBeCloseTo(2.6, 12);
    expect(read("mlperf").tpot).toBeCloseTo(1.4 / 8, 12);
  });
  it("reads a percentile at sorted[⌊n·p⌋]", () => {
    const ten = makeRun(Array.from({ length: 10 }, (_, i) => ({ first: i + 1, last: i + 1, output: 2 })));
    expect(summarize(ten, { definition: "mlperf" }).ttft.p(90)).toBe(10);
    expect(summarize(ten, { definition: "mlperf" }).ttft.p(50)).toBe(6);
  });
  it("calls replies of one token and failures out", () => {
    const run = makeRun([
      { first: 1, last: 1, output: 1 },
      { status: "failed", closed: 1 },
    ]);
    const notes = summarize(run, { definition: "mlperf" }).approximate.join("\n");
    expect(notes).toMatch(/replies of one token \(1\)/);
    expect(notes).toMatch(/failures \(1\)/);
  });
});

describe("perflab", () => {
  it("ends at the last token, not at finish, usage or [DONE]", () => {
    const { e2e, tpot } = read("perflab");
    expect(e2e).toBeCloseTo(1.6, 12);
    expect(tpot).toBeCloseTo(1.4 / 8, 12);
  });
  it("keeps ICL by chunk and ITL by token; the mean ITL is TPOT", () => {
    const { icl, itl, tpot } = read("perflab");
    expect(Array.from(icl.values!, (v) => Math.round(v * 10) / 10)).toEqual([0.2, 0.4, 0.8]);
    expect(itl.n).toBe(8);
    expect(itl.mean).toBeCloseTo(tpot!, 12);
    expect(itl.p(50)).toBe(0);
  });
  it("counts from the scheduled time when asked", () => {
    expect(summarize(one, { from: "scheduled" }).ttft.mean).toBeCloseTo(1.2, 12);
  });
  it("has nothing approximate where the server reports usage", () => {
    expect(summarize(one).approximate).toEqual([]);
  });
});

describe("a reply of one token before a bound on TPOT", () => {
  const single = makeRun([{ first: 0.1, last: 0.1, closed: 1, output: 1 }]);
  it.each([
    ["perflab", 1],
    ["vllm", 1],
    ["aiperf", 0],
    ["inference-perf", 0],
    ["mlperf", 0],
  ] as const)("%s: attainment %d", (definition, attainment) => {
    expect(goodput(single, { tpot: 0.05 }, { definition }).attainment).toBe(attainment);
  });
});
