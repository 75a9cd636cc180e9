/** The course's step model, in the form its text states it: one overhead, a hard roofline, KV reads and attention FLOP added. */
import type { ResolvedServer } from "../server.ts";
import { formats } from "../catalog/dtypes.ts";
import { exp } from "../numeric.ts";
import { workOf } from "./work.ts";
import type { Parameter, StepCost, StepFeatures, StepModel, StepParameters } from "./types.ts";

/** Shares of the peaks, seconds and bytes of the course's cost model. */
export interface CourseParameters extends StepParameters {
  readonly form: "course";
  /** Seconds a step. */
  readonly overhead: Parameter;
  /** Share of peak FLOP/s. */
  readonly mfu: Parameter;
  /** Share of HBM bandwidth when reading weights, and KV. */
  readonly weights: Parameter;
  readonly kv: Parameter;
  /** Seconds a collective, two a layer. */
  readonly collective: Parameter;
  /** Bytes a GPU needs beside weights and KV. */
  readonly runtimeBytes: Parameter;
}

/** t = overhead + max(2PT/(F·mfu), W/(BW·e_w)) + KV/(BW·e_kv) + 4Ld·pairs/(F·mfu) + 2L·(collective + 2(t−1)/t·T·2d/link). */
export function courseModel(server: ResolvedServer, p: CourseParameters): StepModel {
  const { model, gpu, tensorParallel: t, pipelineParallel } = server;
  const work = workOf(server);
  const flops = gpu.peakFlops[server.weights]! * p.mfu.value * t;
  const bytesPerWeight = formats[server.weights].weight;
  const e = model.experts;
  const expertBytes = e ? (e.layers * e.parametersEach * bytesPerWeight) / (gpu.hbmBandwidth * p.weights.value * t) : 0;
  const residentBytes = (model.parameters - model.parts.experts) * bytesPerWeight;
  const weightSeconds = residentBytes / (gpu.hbmBandwidth * p.weights.value * t);
  const tokenSeconds = (2 * (e ? model.activeParameters : model.parameters)) / flops;
  const kvSeconds = 1 / (gpu.hbmBandwidth * p.kv.value);
  let fullRead = 0;
  let windowedRead = 0;
  for (const read of work.reads) {
    if (read.windowed) windowedRead += read.bytes * kvSeconds;
    else fullRead += read.bytes * kvSeconds;
  }
  const attentionLayers = model.attention.reduce((n, group) => n + (group.kvElements > 0 ? group.layers : 0), 0);
  const windowedLayers = model.attention.reduce((n, group) => n + (group.window || group.topK ? group.layers : 0), 0);
  const pairSeconds = (4 * model.hidden) / flops;
  const fullPair = (attentionLayers - windowedLayers) * pairSeconds;
  const windowedPair = windowedLayers * pairSeconds;
  const link = gpu.link?.bytesPerSecond ?? gpu.hbmBandwidth;
  const collective = t > 1 ? 2 * model.layers * p.collective.value : 0;
  const collectivePerToken = t > 1 ? (2 * model.layers * 2 * (t - 1) * work.hiddenBytes) / (t * link) : 0;
  const hop = (pipelineParallel - 1) * p.collective.value;
  const overhead = p.overhead.value;

  const distinct = (tokens: number): number => (e ? e.count * (1 - exp(tokens * (work.experts?.logMiss ?? 0))) : 0);
  const compute = (f: StepFeatures): number => f.tokens * tokenSeconds;
  const weights = (f: StepFeatures): number => weightSeconds + distinct(f.tokens) * expertBytes;
  // A chunk of a prompt reads the KV of the chunks before it again.
  const kv = (f: StepFeatures): number =>
    (f.decodeContext + f.prefillContext) * fullRead +
    (f.decodeContextWindowed + f.prefillContextWindowed) * windowedRead;
  const attention = (f: StepFeatures): number => f.prefillPairs * fullPair + f.prefillPairsWindowed * windowedPair;
  const communication = (f: StepFeatures): number => collective + f.tokens * collectivePerToken + hop;
  return {
    ...(work.window !== undefined && { window: work.window }),
    seconds(f) {
      const c = compute(f);
      const w = weights(f);
      return overhead + (c > w ? c : w) + kv(f) + attention(f) + communication(f);
    },
    cost(f): StepCost {
      const c = compute(f);
      const w = weights(f);
      const parts = {
        compute: c > w ? c : 0,
        weights: c > w ? 0 : w,
        attention: attention(f),
        kv: kv(f),
        communication: communication(f),
        overhead,
      };
      const bound = bindingPart({ ...parts, compute: parts.compute + parts.attention });
      const kvBytes = work.reads.reduce(
        (sum, read) =>
          sum +
          read.bytes *
            (read.windowed ? f.decodeContextWindowed + f.prefillContextWindowed : f.decodeContext + f.prefillContext),
        0,
      );
      return {
        seconds: this.seconds(f),
        bound,
        parts,
        flop: (c + parts.attention) * flops,
        bytes: w * gpu.hbmBandwidth * p.weights.value * t + kvBytes * t,
      };
    },
  };
}

/** The largest of the times that can bind. */
export function bindingPart(parts: Readonly<Record<StepCost["bound"], number>>): StepCost["bound"] {
  let bound: StepCost["bound"] = "overhead";
  for (const name of ["compute", "weights", "kv", "communication"] as const)
    if (parts[name] > parts[bound]) bound = name;
  return bound;
}
