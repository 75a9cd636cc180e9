/** Reads a Hugging Face config.json into a ModelShape. */
import { InputError } from "../errors.ts";
import { expertsOf } from "./config/experts.ts";
import { isUngated, refusalOf, tiedByDefault, untiedByDefault } from "./config/families.ts";
import { Fields } from "./config/fields.ts";
import { layersOf, windowSize, type Layer } from "./config/layers.ts";
import { storedFormats } from "./config/quantization.ts";
import { recurrentOf } from "./config/recurrent.ts";
import { judgeUnread } from "./config/unknown.ts";
import type { ModelShape } from "./shape.ts";
import type { HuggingFaceConfig } from "./types.ts";

const MOST_LAYERS = 10_000;

/**
 * The shape that a `config.json` states. Language parts of multimodal configs are read from `text_config` and its like. Field names are
 * those of the transformers library and of the families' own code. What a family's class has a default for is filled in and listed in
 * `assumed`; so is what was not understood but may change little. Throws InputError naming the field that is missing, impossible, or
 * not understood although it changes the answer, with what to give instead.
 */
export function shapeOfConfig(config: HuggingFaceConfig): ModelShape {
  const c = languagePart(config);
  const type = (textOf(c["model_type"]) ?? textOf(config["model_type"]) ?? "").toLowerCase();
  const refused = refusalOf(type);
  if (refused !== undefined)
    throw new InputError(
      "config.model_type",
      type,
      `of another family: ${refused}. Give a model of the catalogue that is alike`,
    );
  const f = new Fields(c, type);
  const hidden = f.whole(["hidden_size", "n_embd", "d_model", "n_embed", "model_dim", "emb_size"]);
  const layerCount = f.whole(["num_hidden_layers", "n_layer", "n_layers", "num_layers"]);
  if (layerCount > MOST_LAYERS)
    throw new InputError("config.num_hidden_layers", layerCount, `at most ${MOST_LAYERS}: each is counted on its own`);
  const blocks = f.list("block_configs");
  const layers = blocks ? searchedLayers(blocks) : layersOf(f, layerCount);
  const heads = headsOf(f, layers, hidden);
  const gated = !isUngated(type) && f.text(["hidden_act", "mlp_hidden_act"]) !== "relu2";
  const ffn = widthOf(f, type, hidden);
  const experts = expertsOf(f, layers, hidden, ffn, gated);
  const attending = layers.filter(attends).length;
  const vocab = f.whole(["padded_vocab_size", "vocab_size", "embedding_size"]);
  f.note("vocab_size");
  const window = windowOf(f, layers);
  const latent = latentOf(f);
  const shape: ModelShape = {
    id: textOf(config["_name_or_path"]) || type || "config",
    name: textOf(config["_name_or_path"]) || type || "config.json",
    layers: layerCount,
    hidden,
    ...heads,
    ...(latent.mla && { headDim: latent.mla.nope + latent.mla.rope, kvHeads: heads.heads }),
    ffn,
    gated,
    vocab,
    tied: tiedOf(f, config),
    maxContext:
      f.count([
        "max_position_embeddings",
        "n_positions",
        "seq_length",
        "max_seq_len",
        "max_sequence_length",
        "n_ctx",
        "max_seq_length",
      ]) ?? null,
    ...(attending < layerCount && { attentionLayers: attending }),
    ...(blocks ? { ffnPerLayer: searchedWidths(blocks, hidden) } : ffnPerLayer(layers, ffn, experts !== undefined)),
    ...(outputGate(f, type) && { outputGate: true }),
    ...(experts && { experts }),
    ...(window && { window }),
    ...(latent.mla && { mla: latent.mla }),
    ...(latent.sparse && { sparse: latent.sparse }),
    ...globalOf(f, heads, layers),
    ...compressedOf(f, layerCount),
    ...sharedOf(f, layers, layerCount),
    ...perLayerEmbedding(f, layerCount),
    ...recurrentOf(f, layers, hidden, heads.heads, heads.headDim),
  };
  const stored = storedFormats(
    c["torch_dtype"] ?? c["dtype"] ?? config["torch_dtype"] ?? config["dtype"],
    c["quantization_config"] ?? config["quantization_config"] ?? config["compression_config"] ?? config["quantization"],
  );
  f.note("n_inner", "max_window_layers");
  if (f.number(["num_nextn_predict_layers", "mtp_num_layers", "num_mtp_modules", "mtp_num_hidden_layers"]))
    f.assumed.push("the layers that predict several tokens ahead (MTP) are left out: they only draft");
  if (shape.maxContext === null) f.assumed.push("the config names no longest context; 131,072 tokens are allowed");
  judgeUnread(f, layerCount);
  const assumed = [...f.assumed, ...stored.assumed];
  return {
    ...shape,
    ...(stored.weights && { weights: stored.weights }),
    ...(stored.kv && { kv: stored.kv }),
    ...(assumed.length > 0 && { assumed }),
  };
}

/** Names that multimodal configs have for their language model. */
const parts = ["text_config", "llm_config", "language_config", "language_model_config", "text_model", "thinker_config"];
/** Sub-objects whose fields belong to the language model itself. */
const flattened = ["attn_config", "ffn_config", "ssm_cfg"];

function languagePart(config: HuggingFaceConfig): HuggingFaceConfig {
  if (typeof config !== "object" || config === null || Array.isArray(config))
    throw new InputError("config", config, "a config.json as parsed: an object");
  const name = parts.find((part) => isPlain(config[part]));
  if (name !== undefined) {
    const inner = languagePart(config[name] as HuggingFaceConfig);
    // Beside the language part stands what belongs to the whole, such as shared embeddings.
    return { tie_word_embeddings: config["tie_word_embeddings"], ...inner };
  }
  let flat = config;
  for (const part of flattened) {
    if (!isPlain(config[part])) continue;
    const rest = { ...flat };
    delete rest[part];
    flat = { ...(config[part] as HuggingFaceConfig), ...rest };
  }
  return flat;
}

type Heads = Pick<ModelShape, "heads" | "kvHeads" | "headDim"> & Partial<Pick<ModelShape, "valueDim" | "qLora">>;

/** Heads of the layers that most of the shape is about: the windowed ones where those differ from the others. */
function headsOf(f: Fields, layers: readonly Layer[], hidden: number): Heads {
  if (!layers.some(attends)) {
    f.note("num_heads", "head_dim");
    return { heads: 1, kvHeads: 1, headDim: 1 };
  }
  const heads = f.whole(["num_attention_heads", "n_head", "n_heads", "num_heads"]);
  const named = f.number(["head_dim", "attention_head_dim", "kv_channels", "d_kv", "head_size"]);
  const latent = f.number("kv_lora_rank");
  const headDim = named ?? (latent ? 1 : hidden / heads);
  if (!Number.isInteger(headDim))
    throw new InputError(
      "config.num_attention_heads",
      heads,
      `a divisor of hidden_size (${hidden}), or head_dim given`,
    );
  const kvHeads = kvHeadsOf(f, heads);
  const valueDim = latent ? undefined : f.count("v_head_dim");
  const qLora = latent || f.has("o_lora_rank") ? undefined : f.count(["q_lora_rank", "share_q_dim"]);
  return {
    heads,
    kvHeads,
    headDim,
    ...(valueDim !== undefined && valueDim !== headDim && { valueDim }),
    ...(qLora !== undefined && { qLora }),
  };
}

function kvHeadsOf(f: Fields, heads: number): number {
  const names = [
    "num_key_value_heads",
    "num_kv_heads",
    "n_head_kv",
    "kv_n_heads",
    "multi_query_group_num",
    "num_attention_groups",
  ];
  // Falcon's and StarCoder's one KV head, which num_kv_heads is ignored for (configuration_falcon.py).
  if (f.flag("multi_query") === true && f.flag("new_decoder_architecture") !== true) {
    f.note(...names);
    return 1;
  }
  if (f.flag("multi_query_attention") === false) return heads;
  if (f.text("attn_type") === "multiquery_attention") return 1;
  return f.alike(names) ?? heads;
}

const widthNames = [
  "intermediate_size",
  "block_ff_dim",
  "ffn_hidden_size",
  "n_inner",
  "ffn_dim",
  "ff_intermediate_size",
  "d_ff",
];

function widthOf(f: Fields, type: string, hidden: number): number {
  const ratio = f.number(["expansion_ratio", "mlp_ratio", "ffn_mult"]);
  const width = f.has("block_ff_dim") ? f.count("block_ff_dim") : f.alike(widthNames);
  if (width === undefined) return Math.round((ratio ?? 4) * hidden);
  // Qwen's first generation states the width of two fused matrices.
  return type === "qwen" ? width / 2 : adjusted(f, width);
}

/** LFM2 states a width of which two thirds count, rounded up to a multiple. */
function adjusted(f: Fields, width: number): number {
  f.note("block_use_swiglu", "block_dim", "block_mlp_init_scale", "block_out_init_scale", "block_use_xavier_init");
  if (f.flag("block_auto_adjust_ff_dim") !== true) {
    f.note("block_multiple_of", "block_ffn_dim_multiplier");
    return width;
  }
  const multiple = f.count("block_multiple_of") ?? 256;
  const scaled = Math.floor((f.number("block_ffn_dim_multiplier") ?? 1) * Math.floor((2 * width) / 3));
  return multiple * Math.ceil(scaled / multiple);
}

function tiedOf(f: Fields, config: HuggingFaceConfig): boolean {
  const given = f.flag(["tie_word_embeddings", "tie_embedding", "tie_embeddings"]);
  if (given !== undefined) return given;
  const whole = config["tie_word_embeddings"];
  if (typeof whole === "boolean") return whole;
  const tied = tiedByDefault(f.type);
  if (!tied && !untiedByDefault(f.type) && f.type !== "")
    f.assumed.push("tie_word_embeddings is not given: the output layer counts as a matrix of its own");
  return tied;
}

/** Widths differ by layer where only some have an FFN. */
function ffnPerLayer(layers: readonly Layer[], ffn: number, mixture: boolean): { ffnPerLayer?: readonly number[] } {
  if (mixture || layers.every((layer) => layer.ffn !== "none" && layer.mixer !== "none")) return {};
  return { ffnPerLayer: layers.map((layer) => (layer.ffn === "none" ? 0 : ffn)) };
}

/** Qwen3-Next's attention gates its output by a second set of query heads; others say that they do. */
function outputGate(f: Fields, type: string): boolean {
  const given = f.flag(["attn_output_gate", "use_attention_output_gate"]);
  if (given !== undefined) return given;
  if (f.flag("mla_use_output_gate")) f.assumed.push("mla_use_output_gate: the gate's matrix is not counted");
  return type.startsWith("qwen3_next") || type.startsWith("qwen3_5");
}

function windowOf(f: Fields, layers: readonly Layer[]): ModelShape["window"] {
  const windowed = layers.filter((layer) => layer.mixer === "window").length;
  const chunked = f.type.startsWith("llama4");
  if (windowed === 0) {
    f.note("sliding_window", "sliding_window_size", "attention_chunk_size", "sliding_window_pattern");
    return undefined;
  }
  const size = windowSize(f);
  if (size === undefined)
    throw new InputError("config.sliding_window", undefined, `given: ${windowed} layers are windowed`);
  return { size, layers: windowed, ...(chunked && { kind: "chunked" as const }) };
}

/** Full layers whose heads are not those of the windowed ones. The shape's own heads are then the windowed layers'. */
function globalOf(f: Fields, heads: Heads, layers: readonly Layer[]): Partial<ModelShape> {
  const other = f.any("attention_other_setting") as Readonly<Record<string, number>> | undefined;
  const perLayer = f.list("num_attention_heads_per_layer");
  const gemma = {
    headDim: f.count("global_head_dim"),
    kvHeads: f.count("num_global_key_value_heads"),
  };
  const sharedProjection = f.flag("attention_k_eq_v") === true;
  if (gemma.headDim !== undefined || gemma.kvHeads !== undefined || (sharedProjection && hasBoth(layers)))
    return {
      global: { headDim: gemma.headDim ?? heads.headDim, kvHeads: gemma.kvHeads ?? heads.kvHeads, sharedProjection },
    };
  const swa = {
    heads: f.count("swa_num_attention_heads") ?? other?.["num_attention_heads"] ?? headsOfWindowed(perLayer, layers),
    kvHeads: f.count("swa_num_key_value_heads") ?? other?.["num_attention_groups"],
    headDim: f.count("swa_head_dim") ?? other?.["head_dim"],
    valueDim: f.count("swa_v_head_dim"),
  };
  if (Object.values(swa).every((value) => value === undefined) || !hasBoth(layers)) return {};
  const headDim = swa.headDim ?? heads.headDim;
  const valueDim = swa.valueDim ?? (swa.headDim === undefined ? heads.valueDim : swa.headDim);
  const own = { heads: swa.heads ?? heads.heads, kvHeads: swa.kvHeads ?? heads.kvHeads, headDim };
  return {
    ...own,
    valueDim: valueDim ?? headDim,
    global: {
      heads: heads.heads,
      headDim: heads.headDim,
      kvHeads: heads.kvHeads,
      valueDim: heads.valueDim ?? heads.headDim,
      sharedProjection: false,
    },
  };
}

function hasBoth(layers: readonly Layer[]): boolean {
  return layers.some((layer) => layer.mixer === "window") && layers.some((layer) => layer.mixer === "full");
}

/** Heads of the windowed layers, from a list by layer whose full layers all have the model's own number. */
function headsOfWindowed(list: readonly unknown[] | undefined, layers: readonly Layer[]): number | undefined {
  if (!list) return undefined;
  const counts = [...new Set(list.filter((_, i) => layers[i]?.mixer === "window").map(Number))];
  if (counts.length > 1)
    throw new InputError("config.num_attention_heads_per_layer", list, "alike in all windowed layers");
  return counts[0];
}

function latentOf(f: Fields): Pick<ModelShape, "mla" | "sparse"> {
  const kvLora = f.count("kv_lora_rank");
  f.note("qk_head_dim");
  if (kvLora === undefined) {
    if (f.has("index_topk") && !f.has("compress_ratios"))
      f.assumed.push(
        "index_topk: sparse attention is read for latent attention (kv_lora_rank) alone, so all of the context counts",
      );
    if (f.has("compress_ratios")) {
      f.note("index_n_heads", "index_head_dim", "index_topk", "qk_rope_head_dim");
      f.assumed.push("the indexer and the compressors of compressed attention are not counted");
    }
    return {};
  }
  const topk = f.count("index_topk");
  return {
    mla: {
      qLora: f.count("q_lora_rank") ?? 0,
      kvLora,
      nope: f.whole("qk_nope_head_dim"),
      rope: f.whole("qk_rope_head_dim"),
      value: f.whole("v_head_dim"),
    },
    ...(topk && { sparse: { topk, heads: f.whole("index_n_heads"), headDim: f.whole("index_head_dim") } }),
  };
}

/** DeepSeek-V4's layers keep a window, and one row per so many tokens. */
function compressedOf(f: Fields, layers: number): Pick<ModelShape, "compressed" | "lora"> {
  const ratios = f.list("compress_ratios");
  if (!ratios) return {};
  const counts = new Map<number, number>();
  for (const ratio of ratios.slice(0, layers)) {
    if (typeof ratio !== "number" || !(ratio >= 0))
      throw new InputError("config.compress_ratios", ratio, "a list of numbers ≥ 0, one a layer");
    if (ratio > 0) counts.set(ratio, (counts.get(ratio) ?? 0) + 1);
  }
  return {
    compressed: [...counts].map(([ratio, n]) => ({ layers: n, ratio })).sort((a, b) => a.ratio - b.ratio),
    lora: { q: f.whole("q_lora_rank"), o: f.whole("o_lora_rank"), groups: f.whole("o_groups") },
  };
}

/** The last layers read the KV of earlier ones (Gemma 3n), or every n-th layer's is read by those after it (Hunyuan). */
function sharedOf(f: Fields, layers: readonly Layer[], count: number): Pick<ModelShape, "sharedKv"> {
  const last = f.number("num_kv_shared_layers") ?? 0;
  const factor = f.flag("use_cla") === true ? (f.number("cla_share_factor") ?? 1) : 1;
  f.note("cla_share_factor");
  const shared = layers.map((_, i) => i >= count - last || (factor > 1 && i % factor !== 0));
  const of = (mixer: Layer["mixer"]) => layers.filter((layer, i) => shared[i] && layer.mixer === mixer).length;
  const [window, full] = [of("window"), of("full")];
  return window + full > 0 ? { sharedKv: { window, full } } : {};
}

function perLayerEmbedding(f: Fields, layers: number): Pick<ModelShape, "lookup"> {
  const width = f.number("hidden_size_per_layer_input") ?? 0;
  const vocab = f.number("vocab_size_per_layer_input") ?? 0;
  return width > 0 && vocab > 0 ? { lookup: vocab * layers * width } : {};
}

interface Block {
  readonly attention?: { readonly no_op?: boolean; readonly replace_with_linear?: boolean };
  readonly ffn?: { readonly no_op?: boolean; readonly ffn_mult?: number; readonly intermediate_size?: number };
}

/** Searched architectures (DeciLM, Nemotron-NAS) list a block a layer. */
function searchedLayers(blocks: readonly unknown[]): Layer[] {
  return (blocks as readonly Block[]).map(({ attention }) => {
    if (attention?.replace_with_linear)
      throw new InputError(
        "config.block_configs",
        "replace_with_linear",
        "attention or none; give a model that is alike",
      );
    return { mixer: attention?.no_op ? "none" : "full", ffn: "dense" };
  });
}

/** ⅔ of the multiple, rounded up to 256, as in Llama's own code. */
function searchedWidths(blocks: readonly unknown[], hidden: number): number[] {
  return (blocks as readonly Block[]).map(({ ffn }) => {
    if (ffn?.no_op) return 0;
    if (typeof ffn?.intermediate_size === "number") return ffn.intermediate_size;
    return Math.ceil(Math.floor((2 * (ffn?.ffn_mult ?? 4) * hidden) / 3) / 256) * 256;
  });
}

function attends(layer: Layer): boolean {
  return layer.mixer === "full" || layer.mixer === "window";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
