/** Reads a Hugging Face config.json into a ModelShape. */
import { InputError } from "../errors.ts";
import type { ModelShape } from "./shape.ts";
import type { HuggingFaceConfig } from "./types.ts";

/**
 * The shape that a `config.json` states. Text parts of multimodal configs are read from `text_config`. Field names are
 * those of the transformers library. Throws InputError naming the field that is missing or impossible.
 */
export function shapeOfConfig(config: HuggingFaceConfig): ModelShape {
  const nested = config["text_config"];
  const c = typeof nested === "object" && nested !== null ? (nested as HuggingFaceConfig) : config;
  const type = text(c, "model_type") ?? text(config, "model_type") ?? "";
  const hidden = whole(c, ["hidden_size", "n_embd", "d_model"]);
  const layers = whole(c, ["num_hidden_layers", "n_layer", "num_layers"]);
  const heads = whole(c, ["num_attention_heads", "n_head", "num_heads"]);
  const kvHeads = optional(c, ["num_key_value_heads", "num_kv_heads", "n_head_kv"]) ?? heads;
  const headDim = optional(c, ["head_dim"]) ?? hidden / heads;
  if (!Number.isInteger(headDim))
    throw new InputError(
      "config.num_attention_heads",
      heads,
      `a divisor of hidden_size (${hidden}), or head_dim given`,
    );
  const gated = !ungated.includes(type);
  const ffn = optional(c, ["intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim"]) ?? 4 * hidden;
  const attentionLayers = countLayers(c, "full_attention");
  return {
    id: text(config, "_name_or_path") || type || "config",
    name: text(config, "_name_or_path") || type || "config.json",
    layers,
    hidden,
    heads,
    kvHeads,
    headDim,
    ffn,
    gated,
    vocab: whole(c, ["vocab_size"]),
    tied: flag(c, "tie_word_embeddings") ?? flag(config, "tie_word_embeddings") ?? tiedByDefault.includes(type),
    maxContext: optional(c, ["max_position_embeddings", "n_positions", "seq_length"]) ?? null,
    ...expertsOf(c, layers, hidden, ffn, gated),
    ...windowOf(c, type, layers),
    ...latentOf(c),
    ...(optional(c, ["linear_num_value_heads"]) !== undefined && {
      attentionLayers: attentionLayers ?? Math.floor(layers / (optional(c, ["full_attention_interval"]) ?? 4)),
      outputGate: flag(c, "attn_output_gate") ?? true,
      linear: {
        layers: layers - (attentionLayers ?? Math.floor(layers / (optional(c, ["full_attention_interval"]) ?? 4))),
        keyHeads: whole(c, ["linear_num_key_heads"]),
        valueHeads: whole(c, ["linear_num_value_heads"]),
        keyHeadDim: whole(c, ["linear_key_head_dim"]),
        valueHeadDim: whole(c, ["linear_value_head_dim"]),
        conv: optional(c, ["linear_conv_kernel_dim"]) ?? 4,
      },
    }),
  };
}

/** Architectures whose FFN has two matrices. */
const ungated = ["gpt2", "gptj", "gpt_neox", "opt", "bloom", "falcon", "bert", "gpt_bigcode", "phi"];
/** Architectures that share input and output embedding unless they say otherwise. */
const tiedByDefault = ["gemma", "gemma2", "gemma3", "gemma3_text", "gpt2", "opt", "bloom"];

function expertsOf(c: HuggingFaceConfig, layers: number, hidden: number, ffn: number, gated: boolean) {
  const count = optional(c, ["num_local_experts", "num_experts", "n_routed_experts"]);
  if (!count) return {};
  const width = optional(c, ["moe_intermediate_size"]) ?? ffn;
  const step = optional(c, ["interleave_moe_layer_step", "decoder_sparse_step"]) ?? 1;
  const first = optional(c, ["first_k_dense_replace"]) ?? 0;
  const moeLayers = Math.floor((layers - first) / step);
  const shared = optional(c, ["n_shared_experts"]) ?? 0;
  const sharedWidth =
    optional(c, ["shared_expert_intermediate_size"]) ??
    (text(c, "model_type")?.startsWith("llama4") ? width : shared * width);
  return {
    experts: {
      count,
      perToken: whole(c, ["num_experts_per_tok", "moe_topk", "num_experts_per_token"]),
      layers: moeLayers,
      parametersEach: (gated ? 3 : 2) * hidden * width,
      sharedWidth,
      denseLayers: layers - moeLayers,
      denseWidth: optional(c, ["intermediate_size_mlp"]) ?? ffn,
    },
  };
}

function windowOf(c: HuggingFaceConfig, type: string, layers: number) {
  const size = optional(c, ["sliding_window", "attention_chunk_size"]);
  if (!size || flag(c, "use_sliding_window") === false) return {};
  const listed = countLayers(c, "sliding_attention") ?? countLayers(c, "chunked_attention");
  const pattern = optional(c, ["sliding_window_pattern"]) ?? windowPatterns[type];
  const windowed = listed ?? (pattern ? layers - Math.floor(layers / pattern) : layers);
  return { window: { size, layers: windowed } };
}

/** Every n-th layer attends to everything, where the config does not list its layers. */
const windowPatterns: Readonly<Record<string, number>> = {
  gemma2: 2,
  gemma3: 6,
  gemma3_text: 6,
  gpt_oss: 2,
  llama4: 4,
  llama4_text: 4,
  cohere2: 4,
};

function latentOf(c: HuggingFaceConfig) {
  const kvLora = optional(c, ["kv_lora_rank"]);
  if (!kvLora) return {};
  const topk = optional(c, ["index_topk"]);
  return {
    mla: {
      qLora: optional(c, ["q_lora_rank"]) ?? 0,
      kvLora,
      nope: whole(c, ["qk_nope_head_dim"]),
      rope: whole(c, ["qk_rope_head_dim"]),
      value: whole(c, ["v_head_dim"]),
    },
    ...(topk && { sparse: { topk, heads: whole(c, ["index_n_heads"]), headDim: whole(c, ["index_head_dim"]) } }),
  };
}

function countLayers(c: HuggingFaceConfig, kind: string): number | undefined {
  const list = c["layer_types"];
  if (!Array.isArray(list)) return undefined;
  const count = list.filter((entry) => entry === kind).length;
  return count > 0 ? count : undefined;
}

function optional(c: HuggingFaceConfig, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = c[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
      throw new InputError(`config.${name}`, value, "a number ≥ 0");
    return value;
  }
  return undefined;
}

function whole(c: HuggingFaceConfig, names: readonly string[]): number {
  const value = optional(c, names);
  if (value === undefined || !Number.isInteger(value) || value < 1)
    throw new InputError(`config.${names[0]}`, value, "a whole number ≥ 1");
  return value;
}

function text(c: HuggingFaceConfig, name: string): string | undefined {
  const value = c[name];
  return typeof value === "string" ? value : undefined;
}

function flag(c: HuggingFaceConfig, name: string): boolean | undefined {
  const value = c[name];
  return typeof value === "boolean" ? value : undefined;
}
