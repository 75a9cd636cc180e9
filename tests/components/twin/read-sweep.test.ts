import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { closed, fixed, simulate } from "../../../src/engine/index.ts";
import { toJsonl } from "../../../src/engine/metrics/interchange/index.ts";
import { readRows } from "../../../src/components/twin/rows.ts";
import { readSweep } from "../../../src/components/twin/read-sweep.ts";

const fixture = (name: string) => readFileSync(`tests/fixtures/results/${name}`, "utf8");
const vllm = (users: number, rate: unknown = "inf") => ({
  date: "20261101-120000",
  model_id: "m",
  request_rate: rate,
  max_concurrency: rate === "inf" ? users : null,
  duration: 10,
  completed: 100,
  total_input_tokens: 102_400,
  total_output_tokens: 25_600,
  request_throughput: 10,
  output_throughput: 2560,
  mean_ttft_ms: 10 + users,
  mean_tpot_ms: 5 + users / 10,
});

describe("a sweep is read from", () => {
  it("vLLM's results without details, one or several to a file: load, lengths and means", () => {
    const { rows } = readSweep("r.json", [8, 16].map((n) => JSON.stringify(vllm(n))).join("\n"));
    expect(
      rows.map(({ kind, load, prompt, output, ttft, tpot, throughput }) => [
        kind,
        load,
        prompt,
        output,
        ttft,
        tpot,
        throughput,
      ]),
    ).toEqual([
      ["users", "8", "1024", "256", "18", "5.8", "2560"],
      ["users", "16", "1024", "256", "26", "6.6", "2560"],
    ]);
  });

  it("an open loop of vLLM's, by the rate that was asked for", () => {
    const { rows } = readSweep("r.json", JSON.stringify(vllm(4, 2.5)));
    expect(rows[0]).toMatchObject({ kind: "rate", load: "2.5" });
  });

  it("the table that vllm bench sweep writes", () => {
    const results = [4, 8].map((n) => vllm(n));
    const head = Object.keys(results[0]!);
    const csv = [head, ...results.map((r) => Object.values(r).map((v) => v ?? ""))].map((r) => r.join(",")).join("\n");
    expect(readSweep("summary.csv", csv).rows.map(({ load, tpot }) => [load, tpot])).toEqual([
      ["4", "5.4"],
      ["8", "5.8"],
    ]);
  });

  it("runs of perflab, several to a file, each under its own load", () => {
    const run = (users: number) =>
      simulate(
        { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
        {
          arrivals: closed(users),
          prompt: fixed(512),
          output: fixed(32),
          requests: 40,
        },
      );
    const { rows } = readSweep("runs.jsonl", toJsonl(run(2)) + toJsonl(run(8)));
    expect(rows.map(({ kind, load, prompt, simulated }) => [kind, load, prompt, simulated])).toEqual([
      ["users", "2", "512", true],
      ["users", "8", "512", true],
    ]);
  });

  it("what perflab sweep --json prints", () => {
    const report = {
      counts: { succeeded: 10 },
      times: { ttft: { mean: 0.1 }, tpot: { mean: 0.01 } },
      tokens: { prompt: 5120, output: 320 },
      outputTokensPerSecond: 90,
    };
    const { rows } = readSweep("s.json", JSON.stringify({ loads: "rate", points: [{ load: 2, report }] }));
    expect(rows[0]).toMatchObject({ kind: "rate", load: "2", prompt: "512", output: "32", ttft: "100", tpot: "10" });
  });

  it.each([
    ["users\tin\tout\tTTFT (ms)\tTPOT (ms)\ttok/s\n4\t512\t128\t40\t8,5\t400\n8\t512\t128\t55\t9,1\t800", "8.5"],
    [
      "concurrency,prompt,output,ttft_s,tpot_s,output throughput\n4,512,128,0.04,0.0085,400\n8,512,128,0.055,0.0091,800",
      "8.5",
    ],
    [
      JSON.stringify(
        [4, 8].map((concurrency) => ({
          prompt: 512,
          output: 128,
          concurrency,
          ttft: 0.04,
          tpot: 0.0085,
          outputTokensPerSecond: 400,
        })),
      ),
      "8.5",
    ],
  ])("a table as people and calibrate --points have it: %#", (text, tpot) => {
    const { rows } = readSweep("pasted", text);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      kind: "users",
      load: "4",
      prompt: "512",
      output: "128",
      ttft: "40",
      tpot,
      throughput: "400",
    });
    expect(readRows(rows).problems).toEqual([]);
  });

  it("other tools' files, each with what it holds; what the file does not say is left to fill in", () => {
    const aiperf = readSweep("a.json", fixture("aiperf_profile_export_aiperf.json")).rows;
    expect(aiperf).toHaveLength(1);
    expect(Number(aiperf[0]!.ttft)).toBeGreaterThan(0);
    for (const name of [
      "guidellm_report_v2_llm-d_trimmed.json",
      "vllm_bench_serve_v0.25.1.json",
      "constructed_sglang_output_details.jsonl",
    ])
      expect(readSweep(name, fixture(name)).rows.length, name).toBeGreaterThan(0);
  });

  it("nothing else: a histogram holds no point of a sweep, and says so", () => {
    expect(() => readSweep("h.txt", fixture("hdrhistogram_example1.hgrm.txt"))).toThrow();
    expect(() => readSweep("p", "hello")).toThrow();
  });
});

describe("a row", () => {
  const good = {
    kind: "users",
    load: "4",
    prompt: "512",
    output: "128",
    ttft: "40",
    tpot: "",
    throughput: "",
    from: "",
  } as const;
  it("is a point in SI units", () => {
    expect(readRows([good]).observations[0]).toMatchObject({
      load: { prompt: 512, output: 128, concurrency: 4 },
      measured: { ttft: 0.04 },
    });
  });
  it.each([
    ["load", "0", "a number of users from 1"],
    ["prompt", "", "is needed"],
    ["ttft", "fast", "not a number above 0"],
    ["tpot", "-1", "not a number above 0"],
  ] as const)("says beside %s what is wrong with %j", (field, text, says) => {
    const { problems, observations } = readRows([{ ...good, [field]: text }]);
    expect(observations).toEqual([]);
    expect(problems).toEqual([{ row: 0, field, text: expect.stringContaining(says) as string }]);
  });
  it("without any text is passed over, one without a measured figure is not", () => {
    expect(readRows([{ ...good, load: "", prompt: "", output: "", ttft: "" }])).toEqual({
      observations: [],
      of: [],
      problems: [],
    });
    expect(readRows([{ ...good, ttft: "" }]).problems[0]!.text).toContain("TTFT, TPOT or tokens/s");
  });
  it("reads its numbers as every field of a tool does", () => {
    expect(readRows([{ ...good, prompt: "1 024", output: "1,234", tpot: "12,5" }]).observations[0]).toMatchObject({
      load: { prompt: 1024, output: 1234 },
      measured: { tpot: 0.0125 },
    });
  });
});
