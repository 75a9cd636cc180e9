/** Which layer of a model is what: how it mixes tokens, and what its FFN is. */
import { InputError } from "../../errors.ts";
import { windowPattern } from "./families.ts";
import type { Fields } from "./fields.ts";

/** `none`: a layer without a mixer of its own, such as an FFN counted as a layer. */
export type Mixer = "full" | "window" | "linear" | "mamba" | "conv" | "none";

export interface Layer {
  readonly mixer: Mixer;
  /** A recurrence beside the attention, in one layer (Falcon-H1). */
  readonly beside?: "mamba";
  /** Absent where the pattern says nothing of the FFN: then every layer has one. */
  readonly ffn?: "dense" | "experts" | "none";
}

/** What lists of layers call their kinds. */
const kinds: Readonly<Record<string, Layer>> = {
  full_attention: { mixer: "full" },
  attention: { mixer: "full" },
  full: { mixer: "full" },
  global: { mixer: "full" },
  global_attention: { mixer: "full" },
  sliding_attention: { mixer: "window" },
  sliding: { mixer: "window" },
  sliding_window: { mixer: "window" },
  local: { mixer: "window" },
  local_attention: { mixer: "window" },
  chunked_attention: { mixer: "window" },
  linear_attention: { mixer: "linear" },
  linear: { mixer: "linear" },
  kda: { mixer: "linear" },
  mamba: { mixer: "mamba" },
  mamba2: { mixer: "mamba" },
  m: { mixer: "mamba" },
  conv: { mixer: "conv" },
  short_conv: { mixer: "conv" },
  moe: { mixer: "none", ffn: "experts" },
  mlp: { mixer: "none", ffn: "dense" },
};

/** One character a layer (Nemotron-H). */
const characters: Readonly<Record<string, Layer>> = {
  M: { mixer: "mamba", ffn: "none" },
  "*": { mixer: "full", ffn: "none" },
  "-": { mixer: "none", ffn: "dense" },
  E: { mixer: "none", ffn: "experts" },
};

/** Layer by layer. Throws InputError for a list that doesn't fit, or names a kind that nobody knows. */
export function layersOf(f: Fields, count: number): Layer[] {
  const listed = listedLayers(f, count) ?? indexedLayers(f, count) ?? recurrentByFamily(f, count);
  if (listed) return f.type === "falcon_h1" ? listed.map((layer) => ({ ...layer, beside: "mamba" })) : listed;
  if (f.type === "falcon_h1") return repeat(count, { mixer: "full", beside: "mamba" });
  return windowedLayers(f, count);
}

function listedLayers(f: Fields, count: number): Layer[] | undefined {
  const pattern = f.text("hybrid_override_pattern");
  if (pattern !== undefined) {
    const layers = [...pattern].map((letter) => known("hybrid_override_pattern", letter, characters));
    return fitting("hybrid_override_pattern", layers, count);
  }
  for (const field of ["layer_types", "layers_block_type", "layer_block_types", "block_types"]) {
    const list = f.list(field);
    if (!list) continue;
    // The pattern that made the list says the same.
    f.note("sliding_window_pattern", "_sliding_window_pattern", "full_attention_interval", "no_rope_layers");
    f.note("no_rope_layer_interval", "max_window_layers", "full_attn_idxs", "attn_layer_indices");
    const layers = list.map((name) => known(field, String(name).toLowerCase(), kinds));
    // In Nemotron-H's lists, experts are layers of their own; what else is listed beside them has no FFN.
    const alone = layers.some((layer) => layer.mixer === "none");
    return fitting(field, alone ? layers.map((layer) => ({ ffn: "none", ...layer })) : layers, count);
  }
  const hybrid = f.list("hybrid_layer_pattern");
  if (hybrid)
    return fitting(
      "hybrid_layer_pattern",
      hybrid.map((one): Layer => ({ mixer: one === 1 ? "window" : "full" })),
      count,
    );
  const minimax = f.list("attn_type_list");
  if (minimax)
    return fitting(
      "attn_type_list",
      minimax.map((one): Layer => ({ mixer: one === 1 ? "full" : "linear" })),
      count,
    );
  return undefined;
}

/** Which layers attend, by number; the others are recurrent. */
function indexedLayers(f: Fields, count: number): Layer[] | undefined {
  const linear = f.any("linear_attn_config") as { full_attn_layers?: number[]; kda_layers?: number[] } | undefined;
  if (typeof linear === "object" && Array.isArray(linear.full_attn_layers))
    // Numbered from 1 (configuration_kimi_linear.py).
    return chosen(count, "linear", (i) => linear.full_attn_layers!.includes(i + 1));
  const full = f.list("full_attn_idxs");
  if (full) return chosen(count, "conv", (i) => full.includes(i));
  const indices = f.list(["attn_layer_indices", "attn_layer_idx"]);
  if (indices) return chosen(count, "mamba", (i) => indices.includes(i));
  const period = f.count("attn_layer_period");
  if (period !== undefined) {
    const offset = f.number("attn_layer_offset") ?? 0;
    return chosen(count, "mamba", (i) => i % period === offset);
  }
  if (f.has("linear_num_value_heads") || (f.type.startsWith("qwen3_") && f.number("linear_num_value_heads"))) {
    const interval = f.count("full_attention_interval") ?? 4;
    return chosen(count, "linear", (i) => (i + 1) % interval === 0);
  }
  return undefined;
}

function recurrentByFamily(f: Fields, count: number): Layer[] | undefined {
  if (["mamba", "mamba2", "falcon_mamba"].includes(f.type)) return repeat(count, { mixer: "mamba", ffn: "none" });
  return undefined;
}

function windowedLayers(f: Fields, count: number): Layer[] {
  const size = windowSize(f);
  const chunked = f.list("no_rope_layers");
  const given = f.any(["sliding_window_pattern", "_sliding_window_pattern"]);
  if (size === undefined) return repeat(count, { mixer: "full" });
  if (chunked && chunked.length === count)
    // 1 marks a layer with rotary embeddings, which in Llama 4 is a chunked one.
    return chunked.map((one) => ({ mixer: one === 1 ? "window" : "full" }));
  if (typeof given === "string") {
    // "LLLG": local and global layers, over and over.
    const letters = [...given].map((letter) =>
      known("sliding_window_pattern", letter.toLowerCase(), { l: { mixer: "window" }, g: { mixer: "full" } }),
    );
    return Array.from({ length: count }, (_, i) => letters[i % letters.length]!);
  }
  if (f.flag("use_sliding_window") === true && f.has("max_window_layers")) {
    // The first layers attend to everything (configuration_qwen2.py).
    const from = f.number("max_window_layers")!;
    return Array.from({ length: count }, (_, i) => ({ mixer: i < from ? "full" : "window" }));
  }
  const every =
    (typeof given === "number" ? given : undefined) ??
    f.count(["no_rope_layer_interval", "global_attn_every_n_layers", "full_attention_interval"]) ??
    windowPattern(f.type);
  if (every === undefined) return repeat(count, { mixer: "window" });
  if (typeof given !== "number" && !f.has("no_rope_layer_interval"))
    f.assumed.push(`one layer in ${every} attends to everything, as in the models of ${f.type}`);
  return chosen(count, "window", (i) => (i + 1) % every === 0);
}

/** Tokens of the attention window, where one is switched on. */
export function windowSize(f: Fields): number | undefined {
  if (f.flag("use_sliding_window") === false) {
    f.note("sliding_window", "max_window_layers", "sliding_window_size", "attention_chunk_size");
    return undefined;
  }
  const size = f.count(["sliding_window", "sliding_window_size", "attention_chunk_size", "local_attention_window"]);
  f.note("sliding_window_size", "attention_chunk_size");
  return size;
}

function chosen(count: number, others: Mixer, attends: (layer: number) => boolean): Layer[] {
  return Array.from({ length: count }, (_, i) => ({ mixer: attends(i) ? "full" : others }));
}

function repeat(count: number, layer: Layer): Layer[] {
  return Array.from({ length: count }, () => layer);
}

function known(field: string, name: string, names: Readonly<Record<string, Layer>>): Layer {
  if (!Object.hasOwn(names, name))
    throw new InputError(
      `config.${field}`,
      name,
      `a list of ${Object.keys(names).join(", ")}; for another kind of layer, give a model of the catalogue that is alike`,
    );
  return names[name]!;
}

/** A list may go on with the layers that only draft (MTP); it may not be shorter than the model. */
function fitting(field: string, layers: Layer[], count: number): Layer[] {
  if (layers.length < count)
    throw new InputError(`the length of config.${field}`, layers.length, `${count}, one entry a layer`);
  return layers.slice(0, count);
}
