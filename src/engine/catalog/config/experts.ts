/** The mixture-of-experts part of a config, by any family's names for it. */
import { InputError } from "../../errors.ts";
import type { ExpertShape } from "../shape.ts";
import type { Fields } from "./fields.ts";
import type { Layer } from "./layers.ts";

const countNames = [
  "num_local_experts",
  "num_experts",
  "n_routed_experts",
  "moe_num_experts",
  "num_routed_experts",
  "num_moe_experts",
  "n_experts",
];
const perTokenNames = [
  "num_experts_per_tok",
  "num_experts_per_token",
  "experts_per_token",
  "moe_topk",
  "moe_top_k",
  "moe_k",
  "top_k_experts",
  "num_selected_experts",
  "moe_router_topk",
  "num_experts_per_layer_token",
];
const widthNames = [
  "moe_intermediate_size",
  "expert_intermediate_size",
  "moe_ffn_hidden_size",
  "expert_ffn_hidden_size",
];

/** undefined for a dense model. `ffn` is the width of a dense layer. */
export function expertsOf(
  f: Fields,
  layers: readonly Layer[],
  hidden: number,
  ffn: number,
  gated: boolean,
): ExpertShape | undefined {
  const count = f.alike(countNames);
  if (count === undefined || count <= 1) {
    f.note(...perTokenNames, ...widthNames);
    return undefined;
  }
  const perToken = f.alike(perTokenNames);
  if (perToken === undefined)
    throw new InputError(
      `config.${perTokenNames[0]!}`,
      undefined,
      `given: how many of the ${count} experts a token takes`,
    );
  const width = f.alike(widthNames) ?? ffn;
  const latent = f.count(["routed_expert_hidden_size", "moe_latent_size"]);
  const where = expertLayers(f, layers);
  const withFfn = layers.filter((layer) => layer.ffn !== "none").length;
  const moeLayers = where.filter(Boolean).length;
  const inEveryLayer = f.flag("enable_moe_block") === true;
  const denseLayers = withFfn - moeLayers;
  const matrices = gated ? 3 : 2;
  return {
    count,
    perToken,
    layers: moeLayers,
    parametersEach: matrices * (latent ?? hidden) * width,
    sharedWidth: inEveryLayer ? ffn : sharedWidth(f, width),
    ...(denseLayers > 0 && { denseLayers, denseWidth: f.count("intermediate_size_mlp") ?? ffn }),
    ...(latent !== undefined && { latent }),
  };
}

function sharedWidth(f: Fields, width: number): number {
  if (f.type.startsWith("llama4")) return width;
  const each = f.count("moe_shared_expert_intermediate_size");
  const whole = f.count(["shared_expert_intermediate_size", "shared_intermediate_size"]);
  const experts = f.alike(["n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "num_shared_expert"]);
  if (each !== undefined) return each * (experts ?? 1);
  if (whole !== undefined) return whole;
  const dim = f.count(["share_expert_dim", "share_expert_dims"]);
  if (dim !== undefined) return dim;
  return (experts ?? 0) * width;
}

/** Which layers have experts. */
function expertLayers(f: Fields, layers: readonly Layer[]): boolean[] {
  const count = layers.length;
  if (layers.some((layer) => layer.ffn === "experts")) return layers.map((layer) => layer.ffn === "experts");
  const types = f.list("mlp_layer_types");
  if (types) return layers.map((_, i) => types[i] !== "dense");
  const listed = f.list(["moe_layers", "moe_layer_indices"]);
  if (listed && listed.length > 0) return layers.map((_, i) => listed.includes(i));
  const enumerated = f.text("moe_layers_enum");
  if (enumerated !== undefined) {
    const numbers = enumerated.split(",").map(Number);
    return layers.map((_, i) => numbers.includes(i));
  }
  const frequency = f.any(["moe_layer_freq", "moe_layer_frequency"]);
  if (Array.isArray(frequency)) return layers.map((_, i) => frequency[i] === 1);
  const first = f.number(["first_k_dense_replace", "num_dense_layers", "moe_layer_num_skipped"]) ?? 0;
  const start = smallest(f.any("moe_layer_start_index")) ?? first;
  const end = largest(f.any("moe_layer_end_index"));
  const last = end === undefined || end < 0 ? count - 1 : end;
  const only = f.list("mlp_only_layers") ?? [];
  const period = f.count("expert_layer_period");
  if (period !== undefined) {
    const offset = f.number("expert_layer_offset") ?? 0;
    return layers.map((_, i) => i % period === offset);
  }
  const step =
    f.count(["interleave_moe_layer_step", "decoder_sparse_step", "moe_layer_interval", "moe_every_n_layers"]) ??
    (typeof frequency === "number" && frequency > 0 ? frequency : 1);
  // From the first on, every step-th: Llama 4 and Qwen count (i + 1), DeepSeek counts i, which is the same for a step of 1.
  const shift = f.has(["moe_layer_freq", "moe_layer_frequency"]) ? 0 : 1;
  return layers.map((_, i) => i >= start && i <= last && (i + shift) % step === 0 && !only.includes(i));
}

function smallest(value: unknown): number | undefined {
  const list = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "number");
  return list.length > 0 ? Math.min(...(list as number[])) : undefined;
}

function largest(value: unknown): number | undefined {
  const list = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "number");
  return list.length > 0 ? Math.max(...(list as number[])) : undefined;
}
