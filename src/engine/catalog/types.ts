/** The catalogue's nouns: models, GPUs and dated prices, as plain data. */

/** Number formats of weights or KV cache. `w8a16`/`w4a16` quantise weights only; `int8`/`fp8` quantise activations too. */
export type Dtype =
  "bf16" | "fp16" | "fp8" | "int8" | "w8a16" | "w4a16" | "mxfp4" | "nvfp4" | "q4_k_m" | "q8_0" | "f16";

/** Where one figure of the catalogue comes from. */
export interface Provenance {
  readonly source: string;
  /** ISO date on which the figure was read. */
  readonly date: string;
  /** A caveat a reader must see beside the figure. */
  readonly flag?: string;
}

/** Layers that share one attention shape. */
export interface AttentionGroup {
  readonly kind: "full" | "window" | "mla" | "linear";
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Tokens a windowed layer may attend to. */
  readonly window?: number;
  /** Numbers cached per token and layer (K and V together, or the MLA latent). */
  readonly kvElements: number;
  /** Numbers read per token and layer of another layer's cache: these layers keep none of their own. */
  readonly sharedElements?: number;
  /** Numbers cached per sequence and layer, whatever the context (linear attention, Mamba). */
  readonly stateElements?: number;
  /** FLOP per query–key pair and layer when one token is decoded (MLA: in the absorbed form). */
  readonly decodePairFlop: number;
  /** FLOP per query–key pair and layer in a prefill. */
  readonly prefillPairFlop: number;
  /** Tokens a sparse layer picks out of the context; all of it stays cached. */
  readonly topK?: number;
  /** Numbers of the index keys that choosing those tokens reads, per token of context and layer; they are cached too. */
  readonly indexElements?: number;
}

/** Parameters by what they are for; they add up to the total. `head` is 0 where the embedding is used for both. */
export interface ParameterParts {
  readonly embedding: number;
  readonly head: number;
  readonly attention: number;
  /** Dense FFN layers. */
  readonly dense: number;
  /** Always-active shared experts and the projections around latent experts. */
  readonly shared: number;
  readonly router: number;
  readonly experts: number;
  readonly norms: number;
  /** Embeddings looked up layer by layer: stored, but multiplied with nothing. */
  readonly lookup?: number;
}

/** A mixture-of-experts part. */
export interface Experts {
  readonly count: number;
  readonly perToken: number;
  readonly layers: number;
  /** Parameters of one routed expert in one layer. */
  readonly parametersEach: number;
  /** Parameters of the always-active shared experts in one layer. */
  readonly sharedParameters: number;
}

/** A model by shape. `parameters` counts everything stored; `activeParameters` what one token multiplies with. */
export interface Model {
  readonly id: string;
  readonly name: string;
  readonly parameters: number;
  readonly activeParameters: number;
  readonly layers: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly tiedEmbeddings: boolean;
  readonly maxContext: number;
  readonly attention: readonly AttentionGroup[];
  readonly experts?: Experts;
  readonly parts: ParameterParts;
  /** FFN units one token passes through, averaged over layers. */
  readonly ffnWidth: number;
  /** Formats that the checkpoint's config declares; a Server's `weights` and `kv` default to them. */
  readonly weights?: Dtype;
  readonly kv?: Dtype;
  /** What a config.json left open and how it was filled in, one sentence each; absent where nothing was assumed. */
  readonly assumed?: readonly string[];
}

/** One accelerator. Peaks are dense FLOP/s; bytes are decimal; link speed is bytes/s per direction. */
export interface Gpu {
  readonly id: string;
  readonly name: string;
  /** Bytes as sold, decimal. */
  readonly memory: number;
  /** Bytes the driver shows to programs, where known: a board sold as "80 GB" has 81,559 MiB. */
  readonly visibleMemory?: number;
  /** Bytes per second. */
  readonly hbmBandwidth: number;
  readonly peakFlops: Readonly<Partial<Record<Dtype, number>>>;
  /** FLOP/s in 16 bits with 16-bit sums, on GPUs (GeForce) that run 32-bit sums at half that rate. */
  readonly fp16AccumulateFlops?: number;
  readonly link?: { readonly name: string; readonly bytesPerSecond: number };
  /** Chips that reach similar shares of their peaks: the key of the fitted efficiencies. */
  readonly architecture?: string;
  /** Set where the entry stands for a chip whose variant a source left open; its figures are that entry's. */
  readonly assume?: string;
}

/** USD per token, valid from `on`. */
export interface ApiPrice {
  readonly id: string;
  readonly on: string;
  readonly input: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly batchDiscount?: number;
  /** Above this many input tokens, the whole request costs `tier` prices. */
  readonly tier?: { readonly above: number; readonly input: number; readonly cached?: number; readonly output: number };
}

export interface GpuPrice {
  readonly id: string;
  readonly on: string;
  readonly usdPerHour: number;
}

/** A Hugging Face `config.json`, as parsed. */
export interface HuggingFaceConfig {
  readonly [key: string]: unknown;
}
