/** Which constants are fitted, where each starts, and how far data may move it. */
import type { Case } from "../accuracy/case.ts";
import { askedOf, frontOf } from "../accuracy/predict.ts";
import {
  computeClass,
  computeEngine,
  formatClass,
  linkClass,
  weightsEngine,
  type RooflineParameters,
} from "../../src/engine/step/roofline.ts";
import type { Parameter } from "../../src/engine/step/types.ts";

/** What a constant depends on: nothing, or the key that a case has. */
const keyOf = {
  all: () => "default",
  architecture: (c: Case) => c.server.gpu.architecture ?? "default",
  compute: (c: Case) => computeClass(c.server),
  format: (c: Case) => formatClass(c.server),
  computeEngine: (c: Case) => computeEngine(c.server),
  weightsEngine: (c: Case) => weightsEngine(c.server),
  engine: (c: Case) => c.server.engine,
  front: frontOf,
  asked: askedOf,
  link: (c: Case) => linkClass(c.server),
} as const;

/** Engines with a web server in Python before them, and those that are called as they are. */
const served = ["vllm-2023", "vllm-v0", "vllm-v1", "vllm-async", "sglang", "lmdeploy", "trtllm-pytorch"];
const called = ["fastertransformer", "gpt-fast", "hf", "llamacpp", "trtllm-cpp"];

/**
 * Keys that are alike for a reason, by what a constant is about. A key without measurements falls back on its kin before it falls
 * back on everybody.
 */
const kinds = {
  /** Kernels and the loop of steps: code bases with their successors. TensorRT-LLM took FasterTransformer's place and LMDeploy's TurboMind
   * was built from it; TensorRT-LLM's PyTorch back end kept the scheduler in C++; SGLang began on vLLM's layers. */
  loop: {
    python: ["vllm-2023", "vllm-v0", "vllm-v1", "vllm-async", "sglang"],
    tensorrt: ["fastertransformer", "lmdeploy", "trtllm-cpp", "trtllm-pytorch"],
  },
  /** The way from a client to the scheduler: a web server, or a call in the same process. */
  front: { served, called: [...called, "in-process"] },
  /** What such a server is sent: prompts as text, or chats that each engine writes out by the model's template. */
  asked: { served: [...served, "text"] },
  /** Chips that share their kind of memory, and so the class of their cooling and power. */
  chip: {
    hbm: ["volta", "ampere", "hopper", "blackwell", "cdna", "ascend", "tpu"],
    gddr: ["ada", "ada-pro", "ampere-gddr", "ampere-gddr-pro", "blackwell-gddr", "turing", "rdna", "mtt"],
  },
} as const satisfies Record<string, Readonly<Record<string, readonly string[]>>>;

/** The kin of a key, if it has any. */
function kinOf(kind: keyof typeof kinds, key: string): string | undefined {
  return Object.entries<readonly string[]>(kinds[kind]).find(([, members]) => members.includes(key))?.[0];
}

/**
 * A family of constants. `start` is the prior median, `sd` its spread in log units; each key of the family deviates from the
 * family's own value by `keySd`. `most` is an upper bound (efficiencies stay at or below 1).
 */
interface Family {
  readonly group: string;
  readonly by: keyof typeof keyOf;
  readonly start: number;
  readonly sd: number;
  readonly keySd: number;
  /** What makes keys kin, and how far kin may lie from the family's own value; without it keys deviate from that directly. */
  readonly kin?: keyof typeof kinds;
  readonly kinSd?: number;
  readonly most: number;
  /** Prior medians of single keys, where physics says more. */
  readonly keys?: Readonly<Record<string, number>>;
  readonly about: string;
}

export const families: readonly Family[] = [
  {
    group: "compute",
    by: "compute",
    start: 0.65,
    sd: 0.15,
    kin: "chip",
    kinSd: 0.15,
    keySd: 0.12,
    most: 1,
    keys: {
      ada: 0.95,
      "ampere-gddr": 0.95,
      "ada-pro": 0.57,
      "ampere-gddr-pro": 0.8,
      ampere: 0.8,
      hopper: 0.63,
      "blackwell-gddr": 0.85,
    },
    about: "share of dense peak that large GEMMs reach",
  },
  {
    group: "compute.format",
    by: "format",
    start: 1,
    sd: 0.01,
    keySd: 0.4,
    most: 1,
    keys: {
      fp8: 0.85,
      "fp8-block": 0.6,
      int8: 0.7,
      nvfp4: 0.5,
      mxfp4: 0.7,
      "mxfp4-stored": 0.7,
      w4a16: 0.7,
      w8a16: 0.7,
      q4_k_m: 0.6,
      q8_0: 0.6,
    },
    about: "the same, relative to 16 bits",
  },
  {
    group: "compute.engine",
    by: "computeEngine",
    start: 1,
    sd: 0.01,
    kin: "loop",
    kinSd: 0.1,
    keySd: 0.08,
    most: 1.3,
    keys: { llamacpp: 0.7, hf: 0.8 },
    about: "kernels of an engine relative to the rest",
  },
  {
    group: "compute.half",
    by: "all",
    start: 60,
    sd: 0.5,
    keySd: 1,
    most: 1e4,
    about: "tokens at which a GEMM reaches half of its plateau",
  },
  {
    group: "weights",
    by: "architecture",
    start: 0.82,
    sd: 0.15,
    kin: "chip",
    kinSd: 0.15,
    keySd: 0.12,
    most: 1,
    keys: { hopper: 0.85, blackwell: 0.85 },
    about: "share of HBM bandwidth when reading weights",
  },
  {
    group: "weights.format",
    by: "format",
    start: 1,
    sd: 0.01,
    keySd: 0.25,
    most: 1,
    keys: {
      fp8: 0.95,
      "fp8-block": 0.9,
      int8: 0.9,
      nvfp4: 0.8,
      mxfp4: 0.75,
      "mxfp4-stored": 0.75,
      w4a16: 0.75,
      w8a16: 0.85,
      q4_k_m: 0.8,
      q8_0: 0.92,
    },
    about: "the same, relative to 16 bits",
  },
  {
    group: "weights.engine",
    by: "weightsEngine",
    start: 1,
    sd: 0.01,
    kin: "loop",
    kinSd: 0.08,
    keySd: 0.06,
    most: 1.2,
    keys: { "llamacpp-hbm": 0.75 },
    about: "kernels of an engine relative to the rest",
  },
  {
    group: "kv",
    by: "architecture",
    start: 0.75,
    sd: 0.3,
    kin: "chip",
    kinSd: 0.2,
    keySd: 0.15,
    most: 0.95,
    about: "share of HBM bandwidth when reading KV",
  },
  {
    group: "kv.engine",
    by: "engine",
    start: 1,
    sd: 0.01,
    kin: "loop",
    kinSd: 0.15,
    keySd: 0.1,
    most: 1.3,
    about: "attention kernels of an engine relative to the rest",
  },
  {
    group: "attention",
    by: "architecture",
    start: 0.45,
    sd: 0.4,
    kin: "chip",
    kinSd: 0.2,
    keySd: 0.15,
    most: 1,
    about: "share of 16-bit peak in prefill attention",
  },
  {
    group: "attention.engine",
    by: "engine",
    start: 1,
    sd: 0.01,
    kin: "loop",
    kinSd: 0.25,
    keySd: 0.15,
    most: 1.5,
    about: "attention kernels of an engine relative to the rest",
  },
  {
    group: "traffic",
    by: "all",
    start: 0.45,
    sd: 0.2,
    keySd: 1,
    most: 10,
    about: "activation traffic in units of 12d + 6F numbers a token and layer",
  },
  {
    group: "experts.compute",
    by: "all",
    start: 0.7,
    sd: 0.3,
    keySd: 1,
    most: 1,
    about: "grouped GEMMs relative to dense ones",
  },
  {
    group: "experts.format",
    by: "format",
    start: 1,
    sd: 0.01,
    keySd: 0.25,
    most: 1.5,
    about: "grouped GEMMs of a format relative to its dense ones",
  },
  {
    group: "experts.slice",
    by: "all",
    start: 300,
    sd: 0.7,
    keySd: 1,
    most: 4000,
    about: "columns of an expert's slice at which grouped GEMMs reach half of their efficiency",
  },
  {
    group: "hf.copies",
    by: "all",
    start: 0.5,
    sd: 0.5,
    keySd: 1,
    most: 3,
    about: "KV copies of transformers' repeated heads, relative to all of them going through HBM",
  },
  {
    group: "layer.experts.format",
    by: "format",
    start: 1,
    sd: 0.01,
    keySd: 0.4,
    most: 5,
    about: "overhead of a mixture layer in a format, relative to 16 bits",
  },
  {
    group: "experts.weights",
    by: "all",
    start: 0.8,
    sd: 0.2,
    keySd: 1,
    most: 1,
    about: "reading expert weights relative to dense ones",
  },
  {
    group: "experts.half",
    by: "all",
    start: 16,
    sd: 0.7,
    keySd: 1,
    most: 400,
    about: "rows that each expert's GEMM is padded by",
  },
  {
    group: "experts.skew",
    by: "all",
    start: 0.8,
    sd: 0.2,
    keySd: 1,
    most: 1,
    about: "distinct experts relative to uniform routing",
  },
  {
    group: "experts.imbalance",
    by: "all",
    start: 1.2,
    sd: 0.15,
    keySd: 1,
    most: 3,
    about: "hottest expert-parallel rank relative to the mean",
  },
  {
    group: "link.latency",
    by: "link",
    start: 8e-6,
    sd: 0.4,
    keySd: 0.4,
    most: 1e-3,
    keys: { pcie: 18e-6, fabric: 12e-6 },
    about: "seconds a collective",
  },
  {
    group: "link.share",
    by: "link",
    start: 0.65,
    sd: 0.3,
    keySd: 0.4,
    most: 1,
    keys: { pcie: 0.4, fabric: 0.4 },
    about: "share of link bandwidth in collectives",
  },
  {
    group: "layer",
    by: "engine",
    start: 14e-6,
    sd: 0.4,
    kin: "loop",
    kinSd: 0.4,
    keySd: 0.25,
    most: 1e-3,
    about: "seconds a layer between kernels on the GPU",
  },
  {
    group: "layer.experts",
    by: "engine",
    start: 18e-6,
    sd: 0.5,
    kin: "loop",
    kinSd: 0.4,
    keySd: 0.25,
    most: 1e-3,
    about: "further seconds a mixture layer: routing, permuting",
  },
  {
    group: "layer.latent",
    by: "all",
    start: 10e-6,
    sd: 0.6,
    keySd: 1,
    most: 1e-3,
    about: "further seconds a layer of latent attention",
  },
  {
    group: "layer.recurrent",
    by: "all",
    start: 10e-6,
    sd: 0.6,
    keySd: 1,
    most: 1e-3,
    about: "further seconds a recurrent layer",
  },
  {
    group: "launch",
    by: "engine",
    start: 120e-6,
    sd: 0.5,
    kin: "loop",
    kinSd: 0.5,
    keySd: 0.3,
    most: 5e-3,
    keys: { hf: 900e-6 },
    about: "seconds the host takes to launch a layer without CUDA graph",
  },
  {
    group: "step",
    by: "engine",
    start: 1e-3,
    sd: 0.5,
    kin: "loop",
    kinSd: 0.7,
    keySd: 0.5,
    most: 0.1,
    keys: {
      "vllm-v0": 2e-3,
      "vllm-2023": 15e-3,
      "trtllm-cpp": 4e-4,
      llamacpp: 2e-4,
      "gpt-fast": 2e-4,
      fastertransformer: 2e-4,
    },
    about: "seconds a step outside the GPU",
  },
  {
    group: "sequence",
    by: "engine",
    start: 10e-6,
    sd: 0.3,
    kin: "loop",
    kinSd: 0.4,
    keySd: 0.3,
    most: 1e-3,
    keys: { "trtllm-cpp": 3e-6, llamacpp: 4e-6, fastertransformer: 3e-6 },
    about: "seconds a step and sequence outside the GPU",
  },
  {
    group: "opening",
    by: "engine",
    start: 0.15,
    sd: 0.5,
    kin: "front",
    kinSd: 0.5,
    keySd: 0.4,
    most: 1,
    about: "share of a closed loop's requests that meet as its opening burst did",
  },
  {
    group: "accept",
    by: "asked",
    start: 2e-3,
    sd: 0.6,
    kin: "asked",
    kinSd: 0.4,
    keySd: 0.4,
    most: 0.05,
    about: "seconds of the web server for each of the requests that meet",
  },
  {
    group: "ingress",
    by: "front",
    start: 6e-3,
    sd: 0.6,
    kin: "front",
    kinSd: 0.7,
    keySd: 0.5,
    most: 0.3,
    keys: { "trtllm-cpp": 1e-3, lmdeploy: 2e-3, "in-process": 2e-3 },
    about: "seconds from request to scheduler and back",
  },
];

/** Requests that come and go while others run. */
const queues = (c: Case): boolean => c.load !== "single" && c.load !== "static";

/** Constants of the benchmark around the queue. */
const single: readonly {
  name: string;
  start: number;
  sd: number;
  most: number;
  about: string;
  affects: (c: Case) => boolean;
}[] = [
  {
    name: "queue.ttft",
    start: 1.6,
    sd: 0.3,
    most: 10,
    about: "p99 ÷ mean of TTFT where nothing queues",
    affects: (c) => queues(c) && /^ttft.*p9/.test(c.metric),
  },
  {
    name: "queue.tpot",
    start: 1.2,
    sd: 0.2,
    most: 5,
    about: "p99 ÷ mean of TPOT",
    affects: (c) => queues(c) && /^(tpot|itl).*p9/.test(c.metric),
  },
];

/** One number to fit, in log units around its prior. */
export interface Unknown {
  readonly name: string;
  readonly about: string;
  /** Index of what it deviates from: its kin's value, or the family's own. */
  readonly base: number | undefined;
  readonly start: number;
  readonly sd: number;
  readonly most: number;
  readonly affects: (c: Case) => boolean;
}

/** Which cases a family of constants can matter to. */
function mattersTo(group: string): (c: Case) => boolean {
  if (group === "opening") return (c) => c.load === "closed" && (c.metric === "ttft" || c.metric === "ttft_mean");
  if (group === "accept") return (c) => c.served && (c.load === "burst" || c.load === "closed");
  if (group === "hf.copies") return (c) => c.server.engine === "hf";
  if (group.startsWith("experts") || group.startsWith("layer.experts")) return (c) => c.work.experts !== undefined;
  if (group === "layer.latent") return (c) => c.work.latentLayers > 0;
  if (group === "layer.recurrent") return (c) => c.work.recurrentLayers > 0;
  if (group.startsWith("link"))
    return (c) => c.server.tensorParallel * c.server.pipelineParallel * c.server.expertParallel > 1;
  return () => true;
}

/** The unknowns that these cases can say something about. */
export function unknownsOf(cases: readonly Case[]): Unknown[] {
  const unknowns: Unknown[] = [];
  for (const family of families) {
    const base = unknowns.length;
    const { group, about, most } = family;
    unknowns.push({
      name: `${group}.default`,
      about,
      base: undefined,
      start: family.start,
      sd: family.sd,
      most,
      affects: mattersTo(group),
    });
    if (family.by === "all") continue;
    const key = keyOf[family.by];
    const kinAt = new Map<string, number>();
    for (const [name, members] of Object.entries<readonly string[]>(family.kin ? kinds[family.kin] : {})) {
      const affects = (c: Case): boolean => members.includes(key(c));
      if (!cases.some(affects)) continue;
      kinAt.set(name, unknowns.length);
      const start = 1;
      unknowns.push({
        name: `${group}.${name}`,
        about: `${about}, of kin`,
        base,
        start,
        sd: family.kinSd!,
        most,
        affects,
      });
    }
    for (const value of [...new Set(cases.map(key))].sort()) {
      if (value === "default" || value === "other") continue;
      const from = family.kin === undefined ? undefined : kinAt.get(kinOf(family.kin, value) ?? "");
      unknowns.push({
        name: `${group}.${value}`,
        about,
        base: from ?? base,
        start: (family.keys?.[value] ?? family.start) / family.start,
        sd: family.keySd,
        most,
        affects: (c) => key(c) === value,
      });
    }
  }
  for (const { name, about, start, sd, most, affects } of single)
    unknowns.push({ name, about, base: undefined, start, sd, most, affects });
  return unknowns;
}

/** The parameter set that a point of the unknowns stands for; `log` units, 0 at the priors. */
export function parametersAt(unknowns: readonly Unknown[], theta: ArrayLike<number>): RooflineParameters {
  const values: Record<string, Parameter> = {};
  const whole: number[] = [];
  unknowns.forEach((u, i) => {
    whole[i] = u.start * Math.exp(theta[i]!) * (u.base === undefined ? 1 : whole[u.base]!);
    const value = Math.min(u.most, whole[i]);
    values[u.name] = { value, low: value, high: value, source: "" };
  });
  // Formats, keys and engines without measurements keep their priors, or what their kin were measured to do.
  for (const family of families)
    for (const [key, value] of Object.entries(family.keys ?? {}))
      values[`${family.group}.${key}`] ??= { value, low: value, high: value, source: "prior" };
  for (const { group, kin } of families)
    for (const [name, members] of Object.entries<readonly string[]>(kin ? kinds[kin] : {}))
      for (const key of members) {
        const value = values[`${group}.${name}`]?.value;
        if (value !== undefined)
          values[`${group}.${key}`] ??= { value, low: value, high: value, source: `as ${group}.${name}` };
      }
  const fixed = (value: number): Parameter => ({ value, low: value, high: value, source: "by definition" });
  values["eager.default"] = fixed(0);
  values["eager.hf"] = fixed(1);
  return { name: "fitted", form: "roofline", values };
}

/** The point of the unknowns that a written parameter set stands for: the inverse of `parametersAt`, but for values at a bound. */
export function thetaOf(unknowns: readonly Unknown[], { values }: RooflineParameters): Float64Array {
  const of = (u: Unknown): number => values[u.name]?.value ?? u.start;
  return Float64Array.from(unknowns, (u) => {
    const base = u.base === undefined ? 1 : of(unknowns[u.base]!);
    return Math.log(of(u) / (u.start * base));
  });
}
