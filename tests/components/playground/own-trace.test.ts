/** A trace of one's own: read from tables and from result files, refused in words that name the place, and replayed as it is. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { script } from "../../../src/engine/workload/expand.ts";
import { simulate } from "../../../src/engine/simulate/simulate.ts";
import { toJsonl } from "../../../src/engine/metrics/interchange/jsonl.ts";
import { configure } from "../../../src/components/playground/configure.ts";
import { readOwnTrace } from "../../../src/components/playground/own-trace.ts";
import { picture } from "../../../src/components/playground/picture.ts";

const fixture = (name: string) => readFileSync(`tests/fixtures/results/${name}`, "utf8");
const rows = [
  [0, 812, 16],
  [0.4, 95, 40],
  [1.1, 3000, 8],
] as const;
const csv = `arrival,prompt,output\n${rows.map((row) => row.join(",")).join("\n")}\n`;
const view = { from: 0, at: null };

describe("is read", () => {
  it.each([
    ["a table of ours", csv, "arrival, prompt and output"],
    [
      "the same as JSON lines",
      rows.map(([arrival, prompt, output]) => JSON.stringify({ arrival, prompt, output })).join("\n"),
      "arrival, prompt and output",
    ],
    [
      "Vidur's",
      `arrived_at,num_prefill_tokens,num_decode_tokens\n${rows.map((row) => row.join(",")).join("\n")}`,
      "Vidur",
    ],
    [
      "BurstGPT's",
      `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n${rows.map(([at, p, o]) => `${at + 5},ChatGPT,${p},${o},${p + o},Conversation log`).join("\n")}`,
      "BurstGPT",
    ],
    [
      "Mooncake's",
      rows
        .map(([at, p, o]) => JSON.stringify({ timestamp: at * 1000, input_length: p, output_length: o, hash_ids: [1] }))
        .join("\n"),
      "Mooncake",
    ],
  ])("from %s", (_, text, what) => {
    const trace = readOwnTrace("t", text);
    expect(trace.what).toContain(what);
    expect([...trace.table.at].map((at) => Number(at.toFixed(6)))).toEqual(rows.map(([at]) => at));
    expect([...trace.table.prompt]).toEqual(rows.map(([, prompt]) => prompt));
    expect([...trace.table.output]).toEqual(rows.map(([, , output]) => output));
  });

  it("from result files with their requests, whose measured times come along", () => {
    for (const name of [
      "aiperf_profile_export_first_record.jsonl",
      "guidellm_report_v2_llm-d_trimmed.json",
      "constructed_sglang_output_details.jsonl",
    ]) {
      let trace: ReturnType<typeof readOwnTrace>;
      try {
        trace = readOwnTrace(name, fixture(name));
      } catch (error) {
        expect(String(error), name).toMatch(/does not say|holds no requests/);
        continue;
      }
      expect(trace.table.count, name).toBeGreaterThan(0);
      expect(trace.measured!.e2e.length, name).toBeGreaterThan(0);
    }
    expect(readOwnTrace("a", fixture("aiperf_profile_export_first_record.jsonl")).what).toContain("AIPerf");
  });

  it("from a run of ours, with the arrivals that it had", () => {
    const run = simulate(
      { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
      script(rows.map(([at, prompt, output]) => ({ at, prompt, output }))),
    );
    const trace = readOwnTrace("run.jsonl", toJsonl(run));
    expect([...trace.table.at]).toEqual(rows.map(([at]) => at));
    expect(trace.measured, "simulated times are none that a server took").toBeUndefined();
  });
});

describe("is refused in words that name the place", () => {
  it.each([
    [
      "a word where tokens belong",
      "arrival,prompt,output\n0,812,16\n1,lots,4\n",
      'Line 3, column prompt: it is "lots"; it must be a whole number of tokens',
    ],
    [
      "a quoted field over two lines before it",
      'arrival,prompt,output,note\n0,1,1,"a\nb"\nsoon,1,1,\n',
      'Line 4, column arrival: it is "soon"',
    ],
    [
      "a missing cell",
      '{"arrival":0,"prompt":1,"output":2}\n{"arrival":1,"prompt":1}\n',
      "Line 2, column output: it is missing",
    ],
    ["tokens below none", "arrival,prompt,output\n0,-5,4\n", "Line 2, column prompt: it is"],
    ["too many values", "arrival,prompt,output\n0,1,1,9\n", "Line 2: 4 values under 3 headings"],
    ["broken JSON", '{"arrival":0,"prompt":1,"output":2}\n{"arrival":1,"prompt":}\n', "Line 2"],
    ["other columns", "a,b\n1,2\n", "It has the columns a, b; it needs arrival (seconds), prompt and output (tokens)"],
    ["headings alone", "arrival,prompt,output\n", "a line of headings and a line of values"],
    ["nothing", "  \n", "There is nothing in it"],
    ["an empty list", "[]", "It holds no requests"],
    ["prose", "hello there", "Line 1"],
  ])("%s", (_, text, said) => {
    expect(() => readOwnTrace("t", text)).toThrow(said);
  });

  it("a benchmark's file without requests, or without when they were sent", () => {
    expect(() => readOwnTrace("v", fixture("vllm_bench_serve_v0.25.1.json"))).toThrow(
      /vLLM: (it holds no requests|it does not say)/,
    );
    expect(() => readOwnTrace("v", fixture("constructed_vllm_detailed_without_start_times.json"))).toThrow(
      "does not say when each request was sent",
    );
    expect(() => readOwnTrace("w", fixture("hdrhistogram_example1.hgrm.txt"))).toThrow("no requests");
  });
});

it("a replay gives the bits of the same requests as a script, and twice as fast halves their distances", () => {
  const { table } = readOwnTrace("t", csv);
  const of = (speed: string) =>
    picture(configure({ arrivals: "own", speed }), { table, view, atMost: Infinity }).requests;
  const { server } = configure({});
  const specs = (factor: number) => script(rows.map(([at, prompt, output]) => ({ at: at / factor, prompt, output })));
  for (const factor of [1, 2]) {
    const run = simulate(server, { ...specs(factor), seed: 1 }).requests;
    const replayed = of(String(factor));
    expect([...replayed.first]).toEqual([...run.first]);
    expect([...replayed.last]).toEqual([...run.last]);
  }
});
