/** What a server's step has to do, whatever it costs: FLOP and bytes per token, per sequence and per token of context. */
import { formats, weightBytes } from "../catalog/dtypes.ts";
import type { ResolvedServer } from "../server.ts";
import { log } from "../numeric.ts";

/** FLOP, bytes; per GPU of the tensor-parallel group unless it says otherwise. */
export interface Work {
  readonly layers: number;
  /** Layers whose attention takes more kernels than plain attention: latent projections, or a recurrence. */
  readonly latentLayers: number;
  readonly recurrentLayers: number;
  readonly tensorParallel: number;
  /** Dense matrices: attention projections, FFN, shared experts, router. */
  readonly denseFlopPerToken: number;
  readonly denseBytes: number;
  /** Output layer. */
  readonly headFlopPerRow: number;
  readonly headBytes: number;
  readonly experts?: {
    readonly count: number;
    readonly perToken: number;
    /** ln(1 − k/E): a token misses a given expert with probability 1 − k/E. */
    readonly logMiss: number;
    /** Tokens of all data-parallel ranks meet in the expert layers. */
    readonly ranks: number;
    readonly spread: number;
    /** Columns of one expert's matrices on one GPU. */
    readonly sliceWidth: number;
    /** One expert in all its layers, per GPU. */
    readonly flopPerToken: number;
    readonly bytesEach: number;
    readonly layers: number;
  };
  /** Reading the context: bytes per token of context, and FLOP, by group; windowed groups see the cut context. */
  readonly reads: readonly {
    readonly windowed: boolean;
    readonly bytes: number;
    readonly flop: number;
    readonly prefillFlop: number;
    /** Query heads that share a KV head. */
    readonly group: number;
  }[];
  /** Recurrent state read and written per sequence. */
  readonly stateBytes: number;
  /** Activations written and read between kernels, per token. */
  readonly trafficBytesPerToken: number;
  /** One token's hidden state, 16 bits. */
  readonly hiddenBytes: number;
  readonly window?: number;
}

/**
 * Sharding follows vLLM: heads, FFN and vocabulary over the tensor-parallel GPUs, KV heads too as long as there are enough
 * of them, MLA's latent not at all; experts over the tensor- or expert-parallel GPUs, whichever are more.
 */
export function workOf(server: ResolvedServer): Work {
  const { model, tensorParallel: t } = server;
  const { parts } = model;
  const per = weightBytes(model, server.weights);
  const dense = parts.attention + parts.dense + parts.shared;
  const head = parts.head || parts.embedding;
  const window = windowOf(server);
  const e = model.experts;
  const spread = Math.max(t, server.expertParallel);
  return {
    layers: model.layers,
    latentLayers: layersOf(server, "mla"),
    recurrentLayers: layersOf(server, "linear"),
    tensorParallel: t,
    denseFlopPerToken: (2 * (dense + parts.router)) / t,
    denseBytes: (dense * per.dense + parts.router * 2) / t,
    headFlopPerRow: (2 * head) / t,
    headBytes: (head * per.head) / t,
    ...(e && {
      experts: {
        count: e.count,
        perToken: e.perToken,
        logMiss: e.perToken < e.count ? log(1 - e.perToken / e.count) : -1e9,
        ranks: server.expertParallel > 1 ? server.dataParallel : 1,
        spread,
        // Three matrices of hidden × width; expert parallelism keeps experts whole.
        sliceWidth:
          e.parametersEach / (3 * model.hidden) / (server.expertParallel >= t ? 1 : t / server.expertParallel),
        flopPerToken: (2 * e.layers * e.parametersEach) / spread,
        bytesEach: (e.layers * e.parametersEach * per.experts) / spread,
        layers: e.layers,
      },
    }),
    reads: contextReads(server),
    stateBytes: stateBytes(server),
    trafficBytesPerToken: 2 * model.layers * (12 * model.hidden + (6 * model.ffnWidth) / t),
    hiddenBytes: 2 * model.hidden,
    ...(window !== undefined && { window }),
  };
}

function layersOf(server: ResolvedServer, kind: "mla" | "linear"): number {
  return server.model.attention.reduce((sum, group) => sum + (group.kind === kind ? group.layers : 0), 0);
}

function windowOf(server: ResolvedServer): number | undefined {
  let smallest = Infinity;
  for (const group of server.model.attention) smallest = Math.min(smallest, group.window ?? group.topK ?? Infinity);
  return smallest < Infinity ? smallest : undefined;
}

function contextReads(server: ResolvedServer): Work["reads"] {
  const t = server.tensorParallel;
  const bytesEach = formats[server.kv].cache;
  return server.model.attention
    .filter((group) => group.kvElements > 0 || group.sharedElements)
    .flatMap((group) => {
      const shards = Math.min(t, group.kvHeads);
      const read = {
        windowed: group.window !== undefined || group.topK !== undefined,
        bytes: (group.layers * (group.sharedElements ?? group.kvElements) * bytesEach) / shards,
        flop: (group.layers * group.decodePairFlop) / t,
        prefillFlop: (group.layers * group.prefillPairFlop) / t,
        group: group.kind === "mla" ? 1 : (group.heads ?? group.kvHeads) / group.kvHeads,
      };
      if (!group.indexElements) return [read];
      const index = group.layers * group.indexElements;
      return [read, { windowed: false, bytes: index, flop: 2 * index, prefillFlop: 2 * index, group: 1 }];
    });
}

/** The recurrence itself is kept in fp32 and both read and written: four times its 16-bit size. */
function stateBytes(server: ResolvedServer): number {
  let bytes = 0;
  for (const group of server.model.attention) bytes += group.layers * (group.stateElements ?? 0) * 2;
  return (4 * bytes) / server.tensorParallel;
}
