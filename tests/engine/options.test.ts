import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as engine from "../../src/engine/index.ts";
import * as chart from "../../src/engine/chart/index.ts";
import { InputError } from "../../src/engine/errors.ts";
import { nearest } from "../../src/engine/nearest.ts";

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const workload = {
  arrivals: engine.poisson(4),
  prompt: engine.fixed(64),
  output: engine.fixed(8),
  requests: 3,
};
const run = engine.simulate(server, workload);
/** Of every type, but no count so large that a right call would take long. */
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(NaN, -1, -Infinity, 0.5, null, "", "text", true, Symbol("s"), 10n, () => 1, [], [[]], {}, [
    null,
  ]),
  fc.object({ maxDepth: 1, values: [fc.string(), fc.boolean(), fc.constant(null), fc.double({ max: 1 })] }),
  fc.array(fc.string(), { maxLength: 3 }),
);
const x = { label: "load" };
const y = { label: "TTFT", unit: "s" };
const points = [{ name: "a", points: [{ x: 1, y: 2 }] }];
const samples = [{ name: "a", values: [1, 2] }];
const series = [{ name: "a", values: [1] }];

/** Every place where a plain object comes in: a right one, and the call that takes it. */
const places: Readonly<Record<string, readonly [object, (given: never) => unknown]>> = {
  server: [server, engine.validateServer],
  "server.scheduler": [{ maxNumSeqs: 8 }, (scheduler) => engine.resolveServer({ ...server, scheduler })],
  "server.speculation": [
    { acceptance: 0.7, draftTokens: 3, draftCost: 0.1 },
    (speculation) => engine.resolveServer({ ...server, speculation }),
  ],
  "server.disaggregated": [
    { prefillGpus: 1, decodeGpus: 1, linkBytesPerSecond: 1e9 },
    (disaggregated) => engine.resolveServer({ ...server, disaggregated }),
  ],
  "server.network": [{ rtt: 0.1 }, (network) => engine.resolveServer({ ...server, network })],
  "server.pauses": [{ every: 1, length: 0.1 }, (pauses) => engine.resolveServer({ ...server, pauses })],
  "server.routing": [{ affinity: "prefix", loadBound: 2 }, (routing) => engine.resolveServer({ ...server, routing })],
  "server.kvAllocator": [{ reserve: 8 }, (kvAllocator) => engine.resolveServer({ ...server, kvAllocator })],
  workload: [workload, engine.expand],
  "workload.prefix": [{ groups: 2, tokens: engine.fixed(8) }, (prefix) => engine.expand({ ...workload, prefix })],
  "workload.sessions": [
    { turns: engine.fixed(2), think: engine.fixed(1) },
    (sessions) => engine.expand({ ...workload, sessions }),
  ],
  "workload.arrivals": [engine.poisson(4), (arrivals) => engine.expand({ ...workload, arrivals })],
  "workload.prompt": [engine.uniform(1, 2), (prompt) => engine.expand({ ...workload, prompt })],
  "a request of a script": [{ at: 0, prompt: 8, output: 8 }, (request) => engine.script([request])],
  "closed options": [{ thinkTime: engine.fixed(1) }, (o) => engine.closed(2, o)],
  lognormal: [{ mean: 10, sigma: 1 }, engine.lognormal],
  "simulate options": [{ record: "chunks" }, (o) => engine.simulate(server, workload, o)],
  "estimate's shape": [{ prompt: 8, output: 8, concurrency: 1 }, (o) => engine.estimate(server, o)],
  "pareto's shape": [{ prompt: 8, output: 8 }, (o) => engine.pareto(server, o)],
  "prefillStep options": [{ tokens: 8 }, (o) => engine.prefillStep(server, o)],
  "decodeStep options": [{ batch: 1, context: 8 }, (o) => engine.decodeStep(server, o)],
  "summary options": [{ from: "scheduled" }, (o) => engine.summarize(run, o)],
  slo: [{ ttft: 1 }, (slo) => engine.goodput(run, slo)],
  "mm1 options": [{ rate: 1, service: 0.1 }, engine.queueing.mm1],
  "md1 options": [{ rate: 1, service: 0.1 }, engine.queueing.md1],
  "erlangC options": [{ rate: 1, service: 0.1, servers: 2 }, engine.queueing.erlangC],
  "little options": [{ rate: 1, time: 2 }, engine.queueing.little],
  "apiCost tokens": [{ input: 1, output: 1 }, (tokens) => engine.apiCost(engine.price("gpt-5.5"), tokens)],
  "apiCost options": [{ batch: true }, (o) => engine.apiCost(engine.price("gpt-5.5"), { input: 1, output: 1 }, o)],
  "selfHostedCost options": [{ gpuHour: 1, gpus: 1, outputTokensPerSecond: 10 }, engine.selfHostedCost],
  "breakEven options": [
    { gpuHour: 1, gpus: 1, outputTokensPerSecond: 10, apiPerMillionOutputTokens: 1 },
    engine.breakEven,
  ],
  "monthlyCost options": [
    { perRequest: engine.apiCost(engine.price("gpt-5.5"), { input: 1, output: 1 }), requestsPerDay: 1 },
    engine.monthlyCost,
  ],
  "vectors options": [{ kind: "gaussian", count: 4, dim: 2 }, engine.vectors],
  "index options": [
    { seed: 1 },
    (o) => engine.buildIndex("flat", engine.vectors({ kind: "gaussian", count: 4, dim: 2 }), o),
  ],
  "search options": [
    { strategy: "post" },
    (o) =>
      engine
        .buildIndex("flat", engine.vectors({ kind: "gaussian", count: 4, dim: 2 }))
        .search(new Float32Array(2), 1, o),
  ],
  "a RAG stage": [{ name: "search", time: engine.fixed(1) }, (stage) => engine.ragPipeline([stage], server, workload)],
  "line chart": [{ title: "t", x, y, series: points }, chart.line],
  "scatter chart": [{ title: "t", x, y, series: points }, chart.scatter],
  "a series": [{ name: "a", points: [] }, (one) => chart.line({ title: "t", x, y, series: [one] })],
  axis: [y, (axis) => chart.line({ title: "t", x, y: axis, series: points })],
  mark: [{ x: 1, label: "m" }, (mark) => chart.line({ title: "t", x, y, series: points, marks: [mark] })],
  ecdf: [{ title: "t", x: y, samples }, chart.ecdf],
  percentiles: [{ title: "t", x: y, samples }, chart.percentiles],
  histogram: [{ title: "t", x: y, samples }, chart.histogram],
  "a sample": [{ name: "a", values: [1] }, (one) => chart.ecdf({ title: "t", x: y, samples: [one] })],
  bars: [{ title: "t", y, categories: ["a"], series }, chart.bars],
  waterfall: [{ title: "t", y, categories: ["a"], series }, chart.waterfall],
  heatmap: [{ title: "t", x: { ...x, values: [1] }, y: { ...y, values: [1] }, z: y, values: [1] }, chart.heatmap],
  table: [{ title: "t", columns: ["a"], rows: [[1]] }, chart.table],
  timeline: [{ title: "t" }, (c) => chart.timeline(run, c)],
  gantt: [{ title: "t" }, (c) => chart.gantt(run, c)],
  blocks: [{ title: "t" }, (c) => chart.blocks(run, c)],
};

describe.each(Object.entries(places))("%s", (_, [right, call]) => {
  test("takes what it knows", () => {
    expect(() => call(right as never)).not.toThrow();
  });
  test("refuses an option that nobody knows, whatever its value, by name", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !(name in right) && !(name in {})),
        fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.object()),
        (name, value) => {
          const refusal = thrown(() => call({ ...right, [`${name}Zz`]: value } as never));
          expect(refusal).toBeInstanceOf(InputError);
          expect((refusal as Error).message).toContain(`${name}Zz is not an option`);
        },
      ),
      { numRuns: 20 },
    );
  });
  test("answers any value at all with a result or an InputError", () => {
    fc.assert(
      fc.property(anyValue, (given) => {
        const refusal = thrown(() => call(given as never));
        if (refusal !== undefined) expect(refusal).toBeInstanceOf(InputError);
      }),
      { numRuns: 60 },
    );
  });
  test("answers any value of any one option with a result or an InputError", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(right)), anyValue, (name, value) => {
        const refusal = thrown(() => call({ ...right, [name]: value } as never));
        if (refusal !== undefined) expect(refusal).toBeInstanceOf(InputError);
      }),
      { numRuns: 60 },
    );
  });
});

function thrown(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each([
  [
    () => engine.validateServer({ ...server, tensorparallel: 2 }),
    "server.tensorparallel is not an option; did you mean tensorParallel?",
  ],
  [
    () => engine.validateServer({ ...server, scheduler: { maxBatchedTokens: 512 } }),
    "server.scheduler.maxBatchedTokens is not an option; did you mean maxNumBatchedTokens?",
  ],
  [
    () => engine.validateServer({ ...server, max_num_seqs: 8 }),
    "server.max_num_seqs is not an option; it belongs in server.scheduler",
  ],
  [() => engine.validateServer({ ...server, scheduler: { weights: "fp8" } }), "it belongs in server"],
  [() => engine.validateServer({ ...server, tp: 2 }), "did you mean tensorParallel?"],
  [() => engine.validateServer({ ...server, weights: "FP8" }), "did you mean fp8?"],
  [
    () => engine.expand({ ...workload, request: 5 } as never),
    "workload.request is not an option; did you mean requests?",
  ],
  [
    () => engine.expand({ ...workload, prompt: 512 } as never),
    "workload.prompt is 512; it must be lengths: fixed(512)",
  ],
  [
    () => chart.line({ title: "t", x: { label: "x", units: "s" } as never, y, series: points }),
    "x.units is not an option; did you mean unit?",
  ],
  [
    () => chart.ecdf({ title: "t", x: y, samples, caption: "…" } as never),
    "caption is not an option; did you mean says?",
  ],
  [() => engine.summarize(Promise.resolve(run) as never), "put await before it"],
])("a slip is named with what was meant: %s", (call, message) => {
  expect(call).toThrow(message);
});

test("an option that is undefined counts as left out", () => {
  expect(() => engine.validateServer({ ...server, tensorparallel: undefined })).not.toThrow();
});

describe("names near a misspelt one", () => {
  test("an unknown GPU or model is told of those that hold its name, in any case", () => {
    for (const name of ["H100", "h100"]) {
      const { message } = thrown(() => engine.gpu(name)) as Error;
      expect(message).toContain("h100-sxm-80");
      expect(message).toContain("h100-pcie-80");
      expect(message).not.toContain("a10,");
    }
    expect(() => engine.model("llama-70b")).toThrow(/llama-[0-9.]+-70b/);
    expect(() => engine.model("Llama 3.1 8B")).not.toThrow(/llama-3\.2/);
  });
  test("where nothing is alike, nothing is suggested", () => {
    expect(() => engine.model("nope")).toThrow(/"nope"; it must be an id of the catalogue, or a config\.json$/);
    expect(nearest("nope", ["hy3", "glm-5", "opt-13b"])).toEqual([]);
  });
  test("aliases are found in any case", () => {
    expect(engine.model("META-LLAMA/llama-3.1-8b-instruct").id).toBe("llama-3.1-8b");
    expect(engine.gpu("H100 sxm 80GB").id).toBe("h100-sxm-80");
  });
});

test("a model or a GPU is an id, an object or a config, wherever one is taken", () => {
  const config = {
    model_type: "llama",
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
    max_position_embeddings: 131072,
    tie_word_embeddings: false,
  };
  const budgets = [server.model, engine.model(server.model), config].map(
    (model) => engine.memoryBudget({ model, gpu: engine.gpu("h100-sxm-80") }).blocks,
  );
  expect(new Set(budgets).size).toBe(1);
});
