import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromVllm, toVllm } from "../../../../src/engine/metrics/interchange/index.ts";
import { summarize } from "../../../../src/engine/metrics/summarize.ts";
import { anyRun, differences } from "./arbitrary-run.ts";

// vLLM's statistics, written down here a second time, the plain way.
const mean = (v: number[]) => (v.length ? v.reduce((a, b) => a + b, 0) / v.length : 0);
const std = (v: number[]) => Math.sqrt(mean(v.map((x) => (x - mean(v)) ** 2)));
function quantile(values: number[], q: number): number {
  if (values.length === 0) return 0;
  const v = [...values].sort((a, b) => a - b);
  const place = (v.length - 1) * (q / 100);
  const low = Math.floor(place);
  return v[low] + (place - low) * ((v[low + 1] ?? v[low]) - v[low]);
}
function statistics(name: string, seconds: number[], percentiles: number[]) {
  const ms = seconds.map((s) => s * 1000);
  return {
    [`mean_${name}_ms`]: mean(ms),
    [`median_${name}_ms`]: quantile(ms, 50),
    [`std_${name}_ms`]: std(ms),
    ...Object.fromEntries(percentiles.map((p) => [`p${p}_${name}_ms`, quantile(ms, p)])),
  };
}

interface Answer {
  start: number;
  wait: number;
  ttft: number;
  itls: number[];
  input: number;
  output: number;
  failed: boolean;
}

/** A result file as vLLM would write it for these answers. */
function resultFile(answers: Answer[], duration: number) {
  const shown = answers.map((a) => (a.failed ? { ...a, ttft: 0, itls: [], output: 0 } : a));
  const done = shown.filter((a) => !a.failed);
  const latency = (a: Answer) => (a.failed ? 0 : a.ttft + a.itls.reduce((x, y) => x + y, 0));
  const sum = (read: (a: Answer) => number) => done.reduce((total, a) => total + read(a), 0);
  return {
    date: "20261124-120000",
    endpoint_type: "openai-chat",
    backend: "openai-chat",
    label: null,
    model_id: "meta-llama/Llama-3.1-8B-Instruct",
    tokenizer_id: "meta-llama/Llama-3.1-8B-Instruct",
    num_prompts: answers.length,
    request_rate: 12.5,
    burstiness: 1,
    max_concurrency: 64,
    duration,
    completed: done.length,
    failed: answers.length - done.length,
    total_input_tokens: sum((a) => a.input),
    total_output_tokens: sum((a) => a.output),
    request_throughput: done.length / duration,
    request_goodput: null,
    output_throughput: sum((a) => a.output) / duration,
    total_token_throughput: sum((a) => a.input + a.output) / duration,
    input_lens: shown.map((a) => a.input),
    output_lens: shown.map((a) => a.output),
    ttfts: shown.map((a) => a.ttft),
    itls: shown.map((a) => a.itls),
    latencies: shown.map(latency),
    start_times: shown.map((a) => a.start),
    queue_times: shown.map((a) => a.wait),
    generated_texts: shown.map((a, i) => (a.failed ? "" : `answer ${i}`)),
    errors: shown.map((a) => (a.failed ? "Traceback: ClientPayloadError" : "")),
    max_output_tokens_per_s: 431,
    max_concurrent_requests: 17,
    rtfx: 0,
    ...statistics(
      "ttft",
      done.map((a) => a.ttft),
      [90, 99],
    ),
    ...statistics(
      "tpot",
      done.filter((a) => a.output > 1).map((a) => (latency(a) - a.ttft) / (a.output - 1)),
      [90, 99],
    ),
    ...statistics(
      "itl",
      done.flatMap((a) => a.itls),
      [90, 99],
    ),
    ...statistics("e2el", done.map(latency), [90, 99]),
    ...statistics(
      "client_queue_time",
      done.map((a) => a.wait),
      [99],
    ),
    ...statistics(
      "e2el_including_client_queue",
      done.map((a) => latency(a) + a.wait),
      [99],
    ),
  };
}

const gap = fc.double({ min: 1e-4, max: 5, noNaN: true });
const answer: fc.Arbitrary<Answer> = fc.record({
  start: fc.double({ min: 1e5, max: 1e5 + 100, noNaN: true }),
  wait: fc.double({ min: 0, max: 3, noNaN: true }),
  ttft: gap,
  itls: fc.array(gap, { maxLength: 8 }),
  input: fc.integer({ min: 1, max: 8000 }),
  output: fc.integer({ min: 1, max: 900 }),
  failed: fc.boolean(),
});

describe("a detailed vLLM result", () => {
  it("comes back equal in every field, numbers to a nanosecond", () => {
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 1, max: 200, noNaN: true }),
        (answers, duration) => {
          const file = resultFile(answers, duration);
          const { run, beside, dropped } = fromVllm(JSON.stringify(file));
          const back = toVllm(run, beside);
          expect(differences(file, back, 1e-9)).toEqual([]);
          expect(Object.keys(back).sort()).toEqual(Object.keys(file).sort());
          expect(dropped).toEqual([]);
        },
      ),
    );
  });

  it("is read as vLLM means it", () => {
    const file = resultFile(
      [{ start: 10, wait: 0.5, ttft: 0.2, itls: [0.1, 0.3], input: 7, output: 3, failed: false }],
      2,
    );
    const { run } = fromVllm(JSON.stringify(file));
    const s = summarize(run, { definition: "vllm" });
    expect(s.ttft.mean).toBeCloseTo(0.2, 9);
    expect(s.tpot.mean).toBeCloseTo(0.2, 9);
    expect(s.e2e.mean).toBeCloseTo(0.6, 9);
    expect(summarize(run, { from: "scheduled" }).ttft.mean).toBeCloseTo(0.7, 9);
    expect(run.requests.scheduled[0]).toBe(0);
  });

  it("keeps failed requests failed, with their errors", () => {
    const file = resultFile([{ start: 1, wait: 0, ttft: 1, itls: [], input: 5, output: 2, failed: true }], 2);
    const { run, beside } = fromVllm(JSON.stringify(file));
    expect(summarize(run).failed).toBe(1);
    expect(run.failures).toEqual([
      { request: 0, kind: "imported", phase: "stream", message: "Traceback: ClientPayloadError" },
    ]);
    expect(beside.errors).toEqual(["Traceback: ClientPayloadError"]);
  });

  it("of an older version, without latencies and queue times, comes back without them", () => {
    const {
      latencies: _l,
      queue_times: _q,
      ...old
    } = resultFile([{ start: 1, wait: 0, ttft: 1, itls: [0.5], input: 5, output: 2, failed: false }], 2);
    const { run, beside } = fromVllm(JSON.stringify(old));
    expect(differences(old, toVllm(run, beside), 1e-9)).toEqual([]);
    expect(toVllm(run, beside)).not.toHaveProperty("latencies");
  });

  it("without details is refused, with the option that adds them", () => {
    expect(() => fromVllm('{"completed": 3}')).toThrow("--save-detailed");
    expect(() => fromVllm('{"ttfts":[1],"start_times":[1],"input_lens":[1,2],"output_lens":[1],"itls":[[]]}')).toThrow(
      "length of input_lens",
    );
    expect(() => fromVllm('{"ttfts":[null],"start_times":[1]}')).toThrow("output_lens");
  });
});

describe("any run of ours", () => {
  it("is written as vLLM would measure it, and read back the same", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const written = toVllm(run);
        const { run: back, beside } = fromVllm(JSON.stringify(written));
        expect(differences(written, toVllm(back, beside), 1e-9)).toEqual([]);
        const [a, b] = [run, back].map((r) => summarize(r, { definition: "vllm" }));
        expect(b.succeeded).toBe(a.succeeded);
        if (a.ttft.n) expect(b.ttft.mean).toBeCloseTo(a.ttft.mean, 9);
        if (a.e2e.n) expect(b.e2e.p(99)).toBeCloseTo(a.e2e.p(99), 9);
      }),
    );
  });
});
