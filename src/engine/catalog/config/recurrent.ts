/** Layers that keep a state of fixed size in place of a KV cache. */
import { InputError } from "../../errors.ts";
import type { ModelShape } from "../shape.ts";
import type { Fields } from "./fields.ts";
import type { Layer } from "./layers.ts";

type Recurrent = Pick<ModelShape, "linear" | "mamba" | "recurrent">;

const headNames = ["mamba_n_heads", "mamba_num_heads", "n_mamba_heads"];
const firstKind: readonly string[] = ["jamba", "mamba", "falcon_mamba"];

export function recurrentOf(
  f: Fields,
  layers: readonly Layer[],
  hidden: number,
  heads: number,
  headDim: number,
): Recurrent {
  const count = (mixer: string) => layers.filter((layer) => layer.mixer === mixer || layer.beside === mixer).length;
  const linear = count("linear");
  const mamba = count("mamba");
  const conv = count("conv");
  return {
    ...(linear > 0 && linearOf(f, linear, hidden, heads, headDim)),
    ...(mamba > 0 && (isFirstKind(f) ? firstMamba(f, mamba, hidden) : secondMamba(f, mamba, hidden))),
    ...(conv > 0 && shortConv(f, conv, hidden)),
  };
}

function linearOf(f: Fields, layers: number, hidden: number, heads: number, headDim: number): Recurrent {
  const kda = f.any("linear_attn_config") as Readonly<Record<string, number>> | undefined;
  if (typeof kda === "object" && typeof kda["num_heads"] === "number" && typeof kda["head_dim"] === "number") {
    const { num_heads: n, head_dim: h, short_conv_kernel_size: conv = 4 } = kda;
    return { linear: { layers, keyHeads: n, valueHeads: n, keyHeadDim: h, valueHeadDim: h, conv } };
  }
  if (!f.has("linear_num_value_heads") && !f.type.startsWith("qwen3_")) {
    // Lightning attention (MiniMax-Text-01): query, key, value, gate and output; the state is one matrix a head.
    const width = heads * headDim;
    f.assumed.push(
      "its linear layers are counted as lightning attention: five matrices, and one square of state a head",
    );
    return { recurrent: { layers, parametersEach: 5 * hidden * width, stateElements: 2 * heads * headDim * headDim } };
  }
  return {
    linear: {
      layers,
      keyHeads: f.whole("linear_num_key_heads"),
      valueHeads: f.whole("linear_num_value_heads"),
      keyHeadDim: f.whole("linear_key_head_dim"),
      valueHeadDim: f.whole("linear_value_head_dim"),
      conv: f.count("linear_conv_kernel_dim") ?? 4,
    },
  };
}

function isFirstKind(f: Fields): boolean {
  return firstKind.includes(f.type) && !f.has(headNames);
}

/** Mamba-2: heads, and a state of `state` numbers a channel. */
function secondMamba(f: Fields, layers: number, hidden: number): Recurrent {
  const named = f.number(["mamba_d_head", "mamba_head_dim", "mamba_headdim"].filter((name) => f.any(name) !== "auto"));
  f.note("mamba_d_head");
  const given = f.count(headNames) ?? (f.type === "mamba2" ? f.count("num_heads") : undefined);
  const width = named ?? (f.type === "mamba2" ? f.count("head_dim") : undefined);
  const whole = given !== undefined && width !== undefined;
  const inner =
    f.count("mamba_d_ssm") ?? (whole ? given * width : (f.number(["mamba_expand", "expand"]) ?? 2) * hidden);
  f.note("mamba_expand", "expand");
  const headDim = width ?? (given === undefined ? 64 : inner / given);
  const heads = given ?? inner / headDim;
  if (!(Number.isInteger(heads) && Number.isInteger(headDim) && heads >= 1 && headDim >= 1))
    throw new InputError("config.mamba_n_heads", heads, `a divisor of the ${inner} channels of its Mamba layers`);
  return {
    mamba: {
      layers,
      heads,
      headDim,
      groups: f.count(["mamba_n_groups", "n_groups", "mamba_ngroups"]) ?? 1,
      state: f.whole(["mamba_d_state", "ssm_state_size", "state_size"]),
      conv: f.count(["mamba_d_conv", "conv_kernel", "mamba_conv_kernel"]) ?? 4,
    },
  };
}

/** Mamba-1 (Gu and Dao 2023): a step size of low rank, and a matrix of decays. */
function firstMamba(f: Fields, layers: number, hidden: number): Recurrent {
  const inner = f.count("intermediate_size_ssm") ?? (f.number(["mamba_expand", "expand"]) ?? 2) * hidden;
  const state = f.count(["mamba_d_state", "state_size", "ssm_state_size"]) ?? 16;
  const conv = f.count(["mamba_d_conv", "conv_kernel"]) ?? 4;
  const rank = f.any(["mamba_dt_rank", "time_step_rank"]);
  const dtRank = typeof rank === "number" ? rank : Math.ceil(hidden / 16);
  const parametersEach =
    3 * hidden * inner + inner * conv + inner * (dtRank + 2 * state) + dtRank * inner + inner * (state + 2);
  return { recurrent: { layers, parametersEach, stateElements: 2 * inner * state + inner * (conv - 1) } };
}

/** LFM2's gated short convolution. */
function shortConv(f: Fields, layers: number, hidden: number): Recurrent {
  const width = f.count("conv_dim") ?? hidden;
  const cache = f.count("conv_L_cache") ?? 3;
  f.note("conv_dim_out");
  return {
    recurrent: { layers, parametersEach: 4 * hidden * width + cache * width, stateElements: width * (cache - 1) },
  };
}
