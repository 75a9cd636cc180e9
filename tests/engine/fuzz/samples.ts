/** One valid call, or a few, of every function a lab can import; the fuzz starts from these. */
import * as charts from "../../../src/engine/chart/index.ts";
import * as engine from "../../../src/engine/index.ts";
import { registerShippedTraces } from "../../../src/engine/workload/traces/all.ts";
import { chart } from "../../../src/lab/charts.ts";
import { huggingFaceConfig } from "./hugging-face.ts";

registerShippedTraces();

/** Arguments of one valid call. */
export type Call = readonly unknown[];

const server = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  tensorParallel: 2,
  pipelineParallel: 1,
  dataParallel: 1,
  replicas: 2,
  routing: { affinity: "prefix", loadBound: 1.5 },
  weights: "bf16",
  kv: "fp8",
  scheduler: { maxNumSeqs: 8, maxNumBatchedTokens: 512, blockSize: 16, gpuMemoryUtilization: 0.9, policy: "fcfs" },
  network: { rtt: 0.01 },
  pauses: { every: 3, length: 0.05 },
} as const;
const speculative = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  scheduler: { maxNumSeqs: 4, maxModelLen: 4096, timeout: 30, maxWaiting: 100, watermark: 0.01 },
  speculation: { acceptance: 0.8, draftTokens: 3, draftCost: 0.1 },
  kvAllocator: { reserve: 256 },
  parameters: "course-h100-v1",
} as const;
const disaggregated = {
  model: "llama-3.1-8b",
  gpu: "h100-sxm-80",
  disaggregated: { prefillGpus: 1, decodeGpus: 1, linkBytesPerSecond: 1e9 },
} as const;
const open = {
  arrivals: engine.poisson(4),
  prompt: engine.lognormal({ mean: 300, sigma: 0.5 }),
  output: engine.clamp(engine.exponential(12), 2, 40),
  prefix: { groups: 2, tokens: engine.fixed(64), zipf: 1 },
  requests: 8,
  maxConcurrency: 6,
  seed: 3,
};
const loop = {
  arrivals: engine.closed(2, { thinkTime: engine.exponential(1) }),
  prompt: engine.uniform(10, 200),
  output: engine.empirical([4, 9]),
  sessions: { turns: engine.fixed(2), think: engine.fixed(1) },
  requests: 6,
};
const ramped = {
  arrivals: engine.ramp(1, 6, 4),
  prompt: engine.fixed(50),
  output: engine.fixed(5),
  requests: 10,
  duration: 5,
};
const requests = [
  { at: 0, prompt: 40, output: 3, priority: 1, cancelAfter: 9 },
  {
    at: 1,
    prompt: [
      { id: "a", tokens: 32 },
      { id: 7, tokens: 9 },
    ],
    output: 4,
  },
];
const run = engine.simulate(server, open, { record: "chunks" });
const other = engine.simulate(speculative, { ...open, seed: 4 });
const shape = { prompt: 500, output: 100, concurrency: 8 };
const values = [3, 1, 2, 5, 9];
const tokens = { input: 1000, cached: 200, cacheWrite: 100, output: 50 };
const data = engine.vectors({ kind: "gaussian", count: 40, dim: 4 });
const query = data.values.slice(0, 4);
const twin = { ...server, replicas: 1, routing: "round-robin", pauses: undefined, network: { rtt: 0 } };
const points = [1, 2, 4, 8, 16].map((concurrency) => ({
  prompt: 500,
  output: 100,
  concurrency,
  ttft: 0.03 + 0.01 * concurrency,
  tpot: 0.008 + 0.0003 * concurrency,
}));
const x = { label: "requests", unit: "/s", scale: "linear" };
const y = { label: "TTFT", unit: "ms", scale: "log" };
const series = [
  {
    name: "a",
    points: [
      { x: 1, y: 2, low: 1, high: 3, label: "p" },
      { x: 2, y: 3 },
    ],
  },
];
const line = { title: "T", x, y, series, marks: [{ x: 1.5, label: "m" }] };
const samples = { title: "T", x, samples: [{ name: "a", values: [1, 2, 3] }], marks: [{ x: 2, label: "m" }] };
const categories = {
  title: "T",
  y: { label: "seconds" },
  categories: ["one", "two"],
  series: [{ name: "a", values: [1, 2] }],
};

/** By the name under which a lab reaches the function. */
export const calls: Readonly<Record<string, readonly Call[]>> = {
  compare: [[run, other, { definition: "vllm", from: "started", window: "all" }]],
  correctOmission: [[values, 1.5]],
  distribution: [[values], [Float64Array.from(values)]],
  goodput: [[run, { ttft: 0.5, tpot: 0.1, e2e: 9 }, { window: "steady" }]],
  percentile: [[values, 50, "hazen"]],
  percentileInterval: [[values, 50, 0.5]],
  percentileRanks: [[400, 99, 0.95]],
  "queueing.mm1": [[{ rate: 1, service: 0.5 }]],
  "queueing.md1": [[{ rate: 1, service: 0.5 }]],
  "queueing.erlangC": [[{ rate: 1, service: 0.5, servers: 2 }]],
  "queueing.little": [[{ rate: 2, time: 3 }]],
  "speculation.expectedTokens": [[0.8, 4]],
  "speculation.speedup": [[0.8, 4, 0.1]],
  summarize: [[run, { definition: "perflab", from: "scheduled", window: "steady" }]],
  "tail.fanout": [[0.01, 100]],
  "tail.hedge": [[values, 2, 1]],
  gpu: [["h100-sxm-80"], [engine.gpu("h100-sxm-80")]],
  model: [["llama-3.1-8b"], [huggingFaceConfig]],
  price: [["gpt-5.5", "2026-09-01"]],
  gpuPrice: [["h100-sxm-80", "2026-09-01"]],
  sourceOf: [
    [engine.gpu("h100-sxm-80"), "memory"],
    [engine.price("gpt-5.5"), "input"],
  ],
  resolveServer: [[server], [speculative], [disaggregated]],
  validateServer: [[server], [speculative], [disaggregated]],
  apiCost: [[engine.price("gpt-5.5"), tokens, { batch: true }]],
  breakEven: [[{ gpuHour: 2, gpus: 4, outputTokensPerSecond: 900, apiPerMillionOutputTokens: 3 }]],
  monthlyCost: [[{ perRequest: engine.apiCost(engine.price("gpt-5.5"), tokens), requestsPerDay: 1000, days: 30 }]],
  selfHostedCost: [[{ gpuHour: 2, gpus: 4, outputTokensPerSecond: 900, utilisation: 0.5 }]],
  estimate: [
    [server, shape],
    [speculative, { ...shape, concurrency: "max" }],
    [disaggregated, shape],
  ],
  kvBytes: [["llama-3.1-8b", 1000, "fp8"]],
  kvBytesPerToken: [["llama-3.1-8b", { at: 100, kv: "fp8" }]],
  kvParts: [["llama-3.1-8b", 1000, "fp8"]],
  memoryBudget: [[server], [{ ...speculative, gpu: "l4", parameters: "fitted" }]],
  pareto: [[server, { prompt: 200, output: 20 }]],
  rooflinePoint: [[server, engine.decodeStep(server, { batch: 2, context: 9 })]],
  decodeStep: [[server, { batch: 4, context: 100 }]],
  prefillStep: [[server, { tokens: 100, cached: 16, batch: 2 }]],
  calibrate: [[twin, points]],
  burst: [[]],
  closed: [[3, { thinkTime: engine.fixed(1) }]],
  constant: [[2]],
  gamma: [[2, 0.5]],
  poisson: [[2]],
  ramp: [[1, 2, 10]],
  clamp: [[engine.fixed(4), 1, 3]],
  empirical: [[[1, 2, 3]]],
  exponential: [[9]],
  fixed: [[9]],
  lognormal: [[{ mean: 9, sigma: 1 }], [{ median: 9, sigma: 1 }]],
  uniform: [[1, 9]],
  sample: [
    [engine.lognormal({ median: 9, sigma: 1 }), 5, 1],
    [engine.clamp(engine.empirical([1, 2]), 1, 2), 5, 1],
  ],
  expand: [[open, 2], [loop], [ramped]],
  script: [[requests]],
  trace: [["azure-code-2023"]],
  explain: [[run, 1]],
  fingerprint: [[run]],
  simulate: [
    [server, open, { record: "chunks" }],
    [speculative, loop, { record: "requests" }],
    [disaggregated, ramped],
    [server, engine.script(requests as never)],
  ],
  buildIndex: [
    ["hnsw", data, { m: 4, efConstruction: 8, quantise: "int8", seed: 1 }],
    ["ivf", data, { lists: 3, quantise: { pq: 2 } }],
    ["flat", data],
  ],
  ragPipeline: [
    [
      [
        { name: "embed", time: engine.fixed(0.1), addsPromptTokens: 20 },
        { name: "search", time: (n: number) => n * 1e-3, candidates: 3, parallelWith: "embed" },
      ],
      server,
      { ...open, requests: 4 },
    ],
  ],
  recall: [
    [
      [1, 2],
      [2, 3],
    ],
  ],
  vectors: [[{ kind: "clustered", count: 9, dim: 3, clusters: 2, seed: 1 }]],
  "chart.bars": [[categories]],
  "chart.blocks": [[run, { title: "T", at: 0.5 }]],
  "chart.ecdf": [[samples]],
  "chart.gantt": [[run, { title: "T", requests: [0, 3] }]],
  "chart.heatmap": [
    [{ title: "T", x: { ...x, values: [1, 2] }, y: { ...x, values: [1, 2] }, z: x, values: [1, 2, 3, 4] }],
  ],
  "chart.histogram": [[samples]],
  "chart.line": [[line]],
  "chart.percentiles": [[samples]],
  "chart.scatter": [[line]],
  "chart.table": [[{ title: "T", columns: ["a", "b"], rows: [["x", 1]] }]],
  "chart.timeline": [[run, { title: "T" }]],
  "chart.waterfall": [[categories]],
};

type Method = (...args: unknown[]) => unknown;
const index = engine.buildIndex("hnsw", data);
const calibrated = engine.calibrate(twin as never, points);

/** Functions that hang on what others give back. */
export const methods: Readonly<Record<string, { readonly of: Method; readonly calls: readonly Call[] }>> = {
  "distribution().p": { of: engine.distribution(values).p as Method, calls: [[50]] },
  "distribution().interval": { of: engine.distribution(values).interval as Method, calls: [[50]] },
  "mm1().p": { of: engine.queueing.mm1({ rate: 1, service: 0.5 }).p as Method, calls: [[50]] },
  "md1().p": { of: engine.queueing.md1({ rate: 1, service: 0.5 }).p as Method, calls: [[50]] },
  "erlangC().p": { of: engine.queueing.erlangC({ rate: 1, service: 0.5, servers: 2 }).p as Method, calls: [[50]] },
  "memoryBudget().maxSequences": {
    of: engine.memoryBudget(server).maxSequences as Method,
    calls: [[1000]],
  },
  "memoryBudget().sequenceBytes": { of: engine.memoryBudget(server).sequenceBytes as Method, calls: [[1000]] },
  "calibrate().predict": {
    of: calibrated.predict as Method,
    calls: [[{ prompt: 300, output: 50, concurrency: 3 }], [{ prompt: 300, output: 50, rate: 1 }]],
  },
  "buildIndex().search": {
    of: index.search as Method,
    calls: [[query, 3, { ef: 8, filter: new Uint8Array(40).fill(1), strategy: "iterative" }]],
  },
};

/** Every function of the public face by its path: `simulate`, `queueing.mm1`, `chart.line`. */
export function publicFunctions(): Map<string, Method> {
  const found = new Map<string, Method>();
  const add = (name: string, value: unknown): void => {
    if (typeof value === "function") {
      if (!/^class\b/.test(Function.prototype.toString.call(value))) found.set(name, value as Method);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) if (typeof inner === "function") add(`${name}.${key}`, inner);
  };
  for (const [name, value] of Object.entries(engine)) add(name, value);
  for (const kind of Object.keys(chart)) add(`chart.${kind}`, charts[kind as keyof typeof charts]);
  return found;
}
