/** The fitted step model: a roofline with efficiencies, communication, and the engine's own overheads. */
import { exp } from "../numeric.ts";
import type { ResolvedServer } from "../server.ts";
import { bindingPart } from "./course.ts";
import { overlap } from "./smooth.ts";
import type { Parameter, StepCost, StepFeatures, StepModel, StepParameters } from "./types.ts";
import { workOf, type Work } from "./work.ts";

/** Values by dotted name, such as `compute.hopper`; a missing last part falls back to `default`. */
export interface RooflineParameters extends StepParameters {
  readonly form: "roofline";
  /** Hard maximum of compute and memory instead of a rounded one. */
  readonly sharp?: boolean;
  readonly values: Readonly<Record<string, Parameter>>;
}

/** What was looked up in a set of values before, by group and key: joining the names takes longer than all of a model's sums. */
type Known = Map<string, Map<string, number>>;
const lookedUp = new WeakMap<RooflineParameters["values"], Known>();

function knownOf({ values }: RooflineParameters): Known {
  let groups = lookedUp.get(values);
  if (!groups) lookedUp.set(values, (groups = new Map()));
  return groups;
}

/** Looks up `group.key`, or `group.default`; `groups` is what is known of the set, for those who look up much. */
export function parameterOf(p: RooflineParameters, group: string, key: string, groups = knownOf(p)): number {
  let keys = groups.get(group);
  if (!keys) groups.set(group, (keys = new Map()));
  const known = keys.get(key);
  if (known !== undefined) return known;
  const found = p.values[`${group}.${key}`] ?? p.values[`${group}.default`];
  if (!found) throw new Error(`the parameter set ${p.name} has no ${group}.${key}`);
  keys.set(key, found.value);
  return found.value;
}

/** The link's class: what its latency and efficiency depend on. */
export function linkClass(server: ResolvedServer): string {
  const name = server.gpu.link?.name ?? "";
  if (name.startsWith("NVLink")) return "nvlink";
  if (name.startsWith("Infinity")) return "fabric";
  return "pcie";
}

/** GPUs whose GEMMs reach a like share of their peak: GeForce with 32-bit sums nearly all, workstation cards what their power allows. */
export function computeClass(server: ResolvedServer): string {
  const { architecture = "default", fp16AccumulateFlops } = server.gpu;
  const cards = architecture === "ada" || architecture === "ampere-gddr";
  return cards && fp16AccumulateFlops === undefined ? `${architecture}-pro` : architecture;
}

/**
 * How the kernels treat the weights' format: a chip without units for it stores it only and multiplies in 16 bits; checkpoints made in
 * FP8 (DeepSeek, MiniMax, Qwen's own) have a scale a block, which costs more than one a tensor.
 */
export function formatClass(server: ResolvedServer): string {
  const { weights, gpu, model } = server;
  const native = (gpu.peakFlops[weights] ?? 0) > (gpu.peakFlops.bf16 ?? 0);
  if (weights === "fp8" && !native) return "w8a16";
  if (weights === "fp8" && model.weights === "fp8") return "fp8-block";
  return weights === "mxfp4" && !native ? "mxfp4-stored" : weights;
}

/** llama.cpp's Metal kernels are others than its CUDA kernels. */
export function computeEngine(server: ResolvedServer): string {
  return server.engine === "llamacpp" && server.gpu.architecture === "apple" ? "llamacpp-metal" : server.engine;
}

/** llama.cpp's matrix–vector kernels reach less of the bandwidth of HBM than of GDDR. */
export function weightsEngine(server: ResolvedServer): string {
  const hbm = ["volta", "ampere", "hopper", "cdna", "blackwell"].includes(server.gpu.architecture ?? "");
  return server.engine === "llamacpp" && hbm ? "llamacpp-hbm" : server.engine;
}

/** Rows from which a GEMM pads to whole tiles; a few rows run as matrix–vector products. */
const tileRows = 16;

/**
 * t = max(gpu, launch) + KV + step + sequence·B, with
 * gpu = Σ over dense, experts, output layer of overlap(compute, weights) + prefill attention + activations + collectives + L·layer.
 * Kernels run one after another, so parts add; within a GEMM compute and memory overlap. A step with prefill is launched
 * kernel by kernel, and the host's launching runs beside the GPU: the longer of the two counts. (Shape: reference roofline of
 * Williams et al. 2009 with serial kernels; steps and overheads as in vLLM's V1 engine loop.)
 */
export function rooflineModel(server: ResolvedServer, p: RooflineParameters, work: Work = workOf(server)): StepModel {
  const { gpu, tensorParallel: t, weights: dtype, engine } = server;
  const arch = gpu.architecture ?? "default";
  const sharp = p.sharp ?? false;
  const known = knownOf(p);
  const get = (group: string, key: string) => parameterOf(p, group, key, known);

  const format = formatClass(server);
  const share = (group: string, key = arch, by = engine): number =>
    Math.min(1, get(group, key) * get(`${group}.engine`, by));
  const sums16 = engine === "llamacpp" && gpu.fp16AccumulateFlops ? gpu.fp16AccumulateFlops / gpu.peakFlops.bf16! : 1;
  const flops =
    gpu.peakFlops[dtype]! *
    sums16 *
    share("compute", computeClass(server), computeEngine(server)) *
    get("compute.format", format);
  const bandwidth = gpu.hbmBandwidth * share("weights", arch, weightsEngine(server)) * get("weights.format", format);
  const kvBandwidth = gpu.hbmBandwidth * share("kv");
  const half = get("compute.half", "default");
  const attentionFlops = (gpu.peakFlops.bf16 ?? gpu.peakFlops[dtype]!) * share("attention");
  // transformers copies each KV head to its group of query heads: read, written, and read again.
  const copied = (read: Work["reads"][number]): number =>
    engine === "hf" && read.group > 1 ? Math.max(1, get("hf.copies", "default") * (1 + 2 * read.group)) : 1;

  const denseToken = work.denseFlopPerToken / flops;
  const denseWeights = work.denseBytes / bandwidth;
  const headRow = work.headFlopPerRow / flops;
  const headWeights = work.headBytes / bandwidth;
  const e = work.experts;
  // Thin slices of an expert leave a grouped GEMM less to do at a time.
  const slice = e ? e.sliceWidth / (e.sliceWidth + get("experts.slice", "default")) : 1;
  const expertFlops = e ? flops * get("experts.compute", "default") * get("experts.format", format) * slice : 1;
  const expertToken = e ? (e.flopPerToken / expertFlops) * e.ranks : 0;
  const expertHalf = e ? get("experts.half", "default") : 0;
  const expertWeights = e ? e.bytesEach / (bandwidth * get("experts.weights", "default") * slice) : 0;
  const spreadOut = e ? get("experts.skew", "default") : 0;
  const imbalance = e && server.expertParallel > 1 ? get("experts.imbalance", "default") : 1;

  let fullRead = 0;
  let windowedRead = 0;
  let fullPair = 0;
  let windowedPair = 0;
  let fullReread = 0;
  let windowedReread = 0;
  for (const read of work.reads) {
    const decode = Math.max((copied(read) * read.bytes) / kvBandwidth, read.flop / attentionFlops);
    const pair = read.prefillFlop / attentionFlops;
    const reread = read.bytes / kvBandwidth;
    if (read.windowed) {
      windowedRead += decode;
      windowedPair += pair;
      windowedReread += reread;
    } else {
      fullRead += decode;
      fullPair += pair;
      fullReread += reread;
    }
  }
  const stateSeconds = work.stateBytes / kvBandwidth;
  const trafficToken = (work.trafficBytesPerToken * get("traffic", "default")) / gpu.hbmBandwidth;

  const link = gpu.link?.bytesPerSecond ?? gpu.hbmBandwidth;
  const kind = linkClass(server);
  const collectives = t > 1 ? 2 * work.layers : 0;
  const hops = server.pipelineParallel - 1;
  const shared = e && server.expertParallel > t ? 2 * e.layers : 0;
  const latency = (collectives + hops + shared) * get("link.latency", kind);
  const reduceToken = (collectives * 2 * (t - 1) * work.hiddenBytes) / t;
  // The copy that stays on its own rank crosses no link.
  const dispatchToken = e ? shared * Math.min(e.perToken, e.spread) * (1 - 1 / e.spread) * work.hiddenBytes : 0;
  const commToken = (reduceToken + hops * work.hiddenBytes + dispatchToken) / (link * get("link.share", kind));

  const layerSeconds =
    work.layers * get("layer", engine) +
    (e ? e.layers * get("layer.experts", engine) * get("layer.experts.format", format) : 0) +
    work.latentLayers * get("layer.latent", "default") +
    work.recurrentLayers * get("layer.recurrent", "default");
  const launchSeconds = work.layers * get("launch", engine);
  const eager = get("eager", engine) > 0;
  const stepSeconds = get("step", engine);
  const sequenceSeconds = get("sequence", engine);

  const distinct = (tokens: number): number => (e ? e.count * (1 - exp(tokens * e.ranks * spreadOut * e.logMiss)) : 0);
  const kvSeconds = (f: StepFeatures): number =>
    f.decodeContext * fullRead + f.decodeContextWindowed * windowedRead + f.sequences * stateSeconds;
  const attentionSeconds = (f: StepFeatures): number =>
    f.prefillPairs * fullPair +
    f.prefillPairsWindowed * windowedPair +
    f.prefillContext * fullReread +
    f.prefillContextWindowed * windowedReread;

  const padded = (rows: number): number => rows + (half * rows) / (rows + tileRows);

  const seconds = (f: StepFeatures): number => {
    const touched = distinct(f.tokens);
    let gpuSeconds =
      overlap(padded(f.tokens) * denseToken, denseWeights, sharp) + attentionSeconds(f) + f.tokens * trafficToken;
    if (f.sampled > 0) gpuSeconds += overlap(padded(f.sampled) * headRow, headWeights, sharp);
    if (e)
      gpuSeconds +=
        imbalance *
        overlap(
          f.tokens * e.perToken * expertToken + touched * expertHalf * expertToken,
          touched * expertWeights,
          sharp,
        );
    gpuSeconds += latency + f.tokens * commToken + layerSeconds;
    const launch = eager || f.prefillTokens > 0 ? launchSeconds : 0;
    return (gpuSeconds > launch ? gpuSeconds : launch) + kvSeconds(f) + stepSeconds + sequenceSeconds * f.sequences;
  };

  const cost = (f: StepFeatures): StepCost => {
    const touched = distinct(f.tokens);
    let compute = 0;
    let weights = 0;
    const gemm = (c: number, w: number, factor: number): void => {
      const time = factor * overlap(c, w, sharp);
      if (c > w) compute += time;
      else weights += time;
    };
    gemm(padded(f.tokens) * denseToken, denseWeights, 1);
    if (f.sampled > 0) gemm(padded(f.sampled) * headRow, headWeights, 1);
    if (e)
      gemm(
        f.tokens * e.perToken * expertToken + touched * expertHalf * expertToken,
        touched * expertWeights,
        imbalance,
      );
    const attention = attentionSeconds(f);
    const activations = f.tokens * trafficToken;
    const communication = latency + f.tokens * commToken;
    const gpuSeconds = compute + weights + attention + activations + communication + layerSeconds;
    const launch = eager || f.prefillTokens > 0 ? launchSeconds : 0;
    const overhead = layerSeconds + Math.max(0, launch - gpuSeconds) + stepSeconds + sequenceSeconds * f.sequences;
    const kv = kvSeconds(f);
    let flop = f.tokens * work.denseFlopPerToken + f.sampled * work.headFlopPerRow;
    if (e) flop += f.tokens * e.perToken * e.flopPerToken * e.ranks;
    let bytes = work.denseBytes + (f.sampled > 0 ? work.headBytes : 0) + (e ? touched * e.bytesEach : 0);
    for (const read of work.reads) {
      flop += (read.windowed ? f.decodeContextWindowed : f.decodeContext) * read.flop;
      flop += (read.windowed ? f.prefillPairsWindowed : f.prefillPairs) * read.prefillFlop;
      bytes += (read.windowed ? f.decodeContextWindowed : f.decodeContext) * read.bytes;
      bytes += (read.windowed ? f.prefillContextWindowed : f.prefillContext) * read.bytes;
    }
    bytes += f.tokens * work.trafficBytesPerToken + f.sequences * work.stateBytes;
    return {
      seconds: compute + weights + attention + activations + kv + communication + overhead,
      bound: bindingPart({ compute: compute + attention, weights: weights + activations, kv, communication, overhead }),
      parts: { compute, weights, attention, activations, kv, communication, overhead },
      flop: flop * t,
      bytes: bytes * t,
    };
  };
  return { ...(work.window !== undefined && { window: work.window }), seconds, cost };
}
