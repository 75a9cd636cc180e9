import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { model } from "../../../src/engine/catalog/model.ts";
import records from "../../../src/engine/catalog/models.json" with { type: "json" };
import type { ModelShape } from "../../../src/engine/catalog/shape.ts";
import type { HuggingFaceConfig } from "../../../src/engine/catalog/types.ts";
import { InputError } from "../../../src/engine/errors.ts";
import { kvBytes, kvBytesPerToken, memoryBudget } from "../../../src/engine/estimate/memory.ts";
import { resolveServer } from "../../../src/engine/resolve.ts";

const read = (name: string): HuggingFaceConfig =>
  JSON.parse(readFileSync(new URL(`configs/${name}.json`, import.meta.url), "utf8")) as HuggingFaceConfig;

/** From the field: billions of parameters, bf16 KV bytes a token with no window full, GB of KV at 32,768 tokens. */
const cases: readonly (readonly [string, number | null, number, number | null])[] = [
  ["nvidia--Nemotron-H-56B-Base-8K", 56.3, 40_960, null],
  ["nvidia--Gemma-4-31B-IT-NVFP4", 30.7, 901_120, 3.52],
  ["google--gemma-3-4b-it", 3.88, 139_264, 0.793],
  ["tiiuae--falcon-7b", 6.92, 8192, null],
  ["LGAI-EXAONE--EXAONE-4.0-32B", 32.0, 262_144, 2.953],
  ["ibm-granite--granite-4.0-h-small", 32.2, 16_384, null],
  ["baidu--ERNIE-4.5-21B-A3B", 21.83, 57_344, null],
  ["XiaomiMiMo--MiMo-V2-Flash", 308.8, 222_720, 0.78],
  ["moonshotai--Kimi-K3", null, 27_648, null],
  ["Qwen--Qwen3-32B-FP8", 32.76, 262_144, null],
  ["openai--gpt-oss-20b", 20.9, 49_152, null],
  ["allenai--Olmo-3.1-32B-Instruct", 32.23, 262_144, 2.953],
];

test.each(cases)("%s: parameters and KV are those of its config", (name, billions, perToken, gigabytes) => {
  const m = model(read(name));
  if (billions !== null) expect(Math.abs(m.parameters / 1e9 / billions - 1)).toBeLessThan(0.0025);
  expect(kvBytesPerToken(m)).toBe(perToken);
  if (gigabytes !== null) expect(kvBytes(m, 32_768) / 1e9).toBeCloseTo(gigabytes, 2);
});

describe("quantization_config", () => {
  const llama = {
    model_type: "llama",
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
    max_position_embeddings: 131072,
    tie_word_embeddings: false,
  };
  const group = (weights: object, activations: object | null = null) => ({
    quant_method: "compressed-tensors",
    config_groups: { group_0: { weights, input_activations: activations, targets: ["Linear"] } },
  });
  test.each([
    [{ quant_method: "fp8", activation_scheme: "dynamic" }, "fp8", "bf16"],
    [{ quant_method: "fbgemm_fp8" }, "fp8", "bf16"],
    [{ quant_method: "awq", bits: 4, group_size: 128 }, "w4a16", "bf16"],
    [{ quant_method: "gptq", bits: 8 }, "w8a16", "bf16"],
    [{ quant_method: "mxfp4" }, "mxfp4", "bf16"],
    [{ quant_method: "bitsandbytes", load_in_4bit: true }, "w4a16", "bf16"],
    [{ quant_method: "bitsandbytes", load_in_8bit: true }, "w8a16", "bf16"],
    [{ quant_method: "modelopt", quant_algo: "NVFP4", kv_cache_quant_algo: "FP8" }, "nvfp4", "fp8"],
    [{ quant_method: "modelopt", quant_algo: "FP8" }, "fp8", "bf16"],
    [group({ num_bits: 4, type: "int", group_size: 128 }), "w4a16", "bf16"],
    [group({ num_bits: 8, type: "int" }, { num_bits: 8 }), "int8", "bf16"],
    [group({ num_bits: 8, type: "int" }), "w8a16", "bf16"],
    [group({ num_bits: 8, type: "float" }, { num_bits: 8 }), "fp8", "bf16"],
    [group({ num_bits: 4, type: "float", group_size: 16 }), "nvfp4", "bf16"],
    [group({ num_bits: 4, type: "float", group_size: 32 }), "mxfp4", "bf16"],
    [
      { ...group({ num_bits: 8, type: "float" }, { num_bits: 8 }), kv_cache_scheme: { num_bits: 8, type: "float" } },
      "fp8",
      "fp8",
    ],
    [
      {
        quant_method: "quark",
        global_quant_config: { weight: { dtype: "fp8_e4m3" } },
        kv_cache_quant_config: { k: {} },
      },
      "fp8",
      "fp8",
    ],
  ])("%j is read: weights %s, KV %s", (quantization_config, weights, kv) => {
    const server = { model: { ...llama, quantization_config }, gpu: "h100-sxm-80" };
    expect(resolveServer(server)).toMatchObject({ weights, kv });
    // What the server says comes first.
    expect(resolveServer({ ...server, weights: "bf16", kv: "bf16" })).toMatchObject({ weights: "bf16", kv: "bf16" });
  });
  test("one that is not understood is listed as assumed, with what to give", () => {
    const assumed = model({ ...llama, quantization_config: { quant_method: "exl9" } }).assumed!.join();
    expect(assumed).toMatch(/exl9.*not understood: give the server's `weights`/);
  });
  test("Qwen3-32B-FP8 takes half the bytes of Qwen3-32B", () => {
    const gpu = "h200-sxm-141";
    const [fp8, bf16] = [read("Qwen--Qwen3-32B-FP8"), "qwen3-32b"].map((m) => memoryBudget({ model: m, gpu }).weights);
    expect(fp8! / bf16!).toBeCloseTo(0.524, 2);
  });
});

/** How a checkpoint says in which format it is stored. */
const declared: Readonly<Record<string, object>> = {
  fp8: { quant_method: "fp8", weight_block_size: [128, 128] },
  mxfp4: { quant_method: "mxfp4" },
  w4a16: { quant_method: "gptq", bits: 4 },
};

/** A config as the model's family writes it. */
function configOf(shape: ModelShape): HuggingFaceConfig {
  const { experts: e, window: w, mla, sparse, linear, mamba, global: g, lora, compressed } = shape;
  const n = shape.layers;
  const list = (name: (layer: number) => unknown) => Array.from({ length: n }, (_, i) => name(i));
  // Of the windowed shape's layers, the last ones attend to everything: what counts is how many.
  const windowed = w?.layers ?? 0;
  const attending = shape.attentionLayers ?? n;
  return {
    model_type: shape.gated ? "internlm" : "gptj",
    hidden_size: shape.hidden,
    num_hidden_layers: n,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.headDim,
    intermediate_size: shape.ffn ?? undefined,
    vocab_size: shape.vocab,
    tie_word_embeddings: shape.tied,
    max_position_embeddings: shape.maxContext ?? undefined,
    ...(shape.weights && { quantization_config: declared[shape.weights] }),
    ...(e && {
      intermediate_size: e.denseWidth ?? shape.ffn,
      moe_intermediate_size: e.parametersEach / ((shape.gated ? 3 : 2) * (e.latent ?? shape.hidden)),
      n_routed_experts: e.count,
      num_experts_per_tok: e.perToken,
      shared_expert_intermediate_size: e.sharedWidth,
      ...(e.latent && { moe_latent_size: e.latent }),
      ...(!mamba && { mlp_layer_types: list((i) => (i < (e.denseLayers ?? 0) ? "dense" : "sparse")) }),
    }),
    ...(w && {
      sliding_window: w.size,
      ...(windowed < n && { layer_types: list((i) => (i < windowed ? "sliding_attention" : "full_attention")) }),
    }),
    ...(g && {
      global_head_dim: g.headDim,
      num_global_key_value_heads: g.kvHeads,
      attention_k_eq_v: g.sharedProjection,
    }),
    ...(mla && {
      q_lora_rank: mla.qLora,
      kv_lora_rank: mla.kvLora,
      qk_nope_head_dim: mla.nope,
      qk_rope_head_dim: mla.rope,
      v_head_dim: mla.value,
    }),
    ...(sparse && { index_topk: sparse.topk, index_n_heads: sparse.heads, index_head_dim: sparse.headDim }),
    ...(linear &&
      (mla
        ? {
            linear_attn_config: {
              full_attn_layers: list((i) => i + 1).slice(-attending),
              num_heads: linear.keyHeads,
              head_dim: linear.keyHeadDim,
              short_conv_kernel_size: linear.conv,
            },
          }
        : {
            layer_types: list((i) => (i < attending ? "full_attention" : "linear_attention")),
            attn_output_gate: shape.outputGate,
            linear_num_key_heads: linear.keyHeads,
            linear_num_value_heads: linear.valueHeads,
            linear_key_head_dim: linear.keyHeadDim,
            linear_value_head_dim: linear.valueHeadDim,
            linear_conv_kernel_dim: linear.conv,
          })),
    ...(mamba && {
      model_type: "nemotron_h",
      hybrid_override_pattern: "M".repeat(mamba.layers) + "E".repeat(e?.layers ?? 0) + "*".repeat(attending),
      mamba_num_heads: mamba.heads,
      mamba_head_dim: mamba.headDim,
      n_groups: mamba.groups,
      ssm_state_size: mamba.state,
      conv_kernel: mamba.conv,
    }),
    ...(compressed && {
      compress_ratios: compressed.flatMap((c) => Array.from({ length: c.layers }, () => c.ratio)),
    }),
    ...(lora && { q_lora_rank: lora.q, o_lora_rank: lora.o, o_groups: lora.groups }),
    ...(shape.ffnPerLayer && {
      block_configs: shape.ffnPerLayer.map((intermediate_size, i) => ({
        attention: { no_op: i >= attending },
        ffn: { intermediate_size },
      })),
    }),
  };
}

test.each(records.map((record) => [record.id, record as unknown as ModelShape] as const))(
  "%s from its id and from its config is the same model",
  (id, shape) => {
    const { id: _, name, assumed, ...fromConfig } = model(configOf(shape));
    const { id: __, name: ___, ...fromId } = model(id);
    expect(fromConfig).toEqual(fromId);
    expect(name).toBeTruthy();
    if (shape.maxContext !== null && !shape.lora) expect(assumed).toBeUndefined();
  },
);

const list = <T>(n: number, of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i));

/** Other families, as their configs are written; parameters as their cards print them (billions), KV worked out by hand. */
const families: Readonly<Record<string, readonly [HuggingFaceConfig, number, number]>> = {
  "Jamba-1.5-Mini": [
    {
      model_type: "jamba",
      hidden_size: 4096,
      intermediate_size: 14336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      mamba_dt_rank: 256,
    },
    51.6,
    4 * 2 * 8 * 128 * 2,
  ],
  "Qwen3-Next-80B-A3B": [
    {
      model_type: "qwen3_next",
      full_attention_interval: 4,
      head_dim: 256,
      hidden_size: 2048,
      intermediate_size: 5120,
      mlp_only_layers: [],
      decoder_sparse_step: 1,
      moe_intermediate_size: 512,
      num_attention_heads: 16,
      num_experts: 512,
      num_experts_per_tok: 10,
      num_hidden_layers: 48,
      num_key_value_heads: 2,
      shared_expert_intermediate_size: 512,
      tie_word_embeddings: false,
      vocab_size: 151936,
    },
    79.7,
    12 * 2 * 2 * 256 * 2,
  ],
  "DBRX (nested attn_config and ffn_config)": [
    {
      model_type: "dbrx",
      d_model: 6144,
      n_heads: 48,
      n_layers: 40,
      max_seq_len: 32768,
      vocab_size: 100352,
      attn_config: { clip_qkv: 8, kv_n_heads: 8, rope_theta: 5e5 },
      ffn_config: { ffn_hidden_size: 10752, moe_num_experts: 16, moe_top_k: 4 },
    },
    131.6,
    40 * 2 * 8 * 128 * 2,
  ],
  "ChatGLM3-6B (old names)": [
    {
      model_type: "chatglm",
      hidden_size: 4096,
      num_layers: 28,
      num_attention_heads: 32,
      multi_query_attention: true,
      multi_query_group_num: 2,
      kv_channels: 128,
      ffn_hidden_size: 13696,
      padded_vocab_size: 65024,
      seq_length: 8192,
    },
    6.24,
    28 * 2 * 2 * 128 * 2,
  ],
  "GPT-2": [
    { model_type: "gpt2", n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024, vocab_size: 50257 },
    0.124,
    12 * 2 * 768 * 2,
  ],
  "MPT-7B": [
    {
      model_type: "mpt",
      d_model: 4096,
      n_layers: 32,
      n_heads: 32,
      expansion_ratio: 4,
      max_seq_len: 2048,
      vocab_size: 50432,
    },
    6.65,
    32 * 2 * 4096 * 2,
  ],
  "GPT-NeoX-20B": [{ model_type: "gpt_neox", tie_word_embeddings: false }, 20.55, 44 * 2 * 6144 * 2],
  "MiniMax-M1": [
    {
      model_type: "minimax_m1",
      hidden_size: 6144,
      intermediate_size: 9216,
      num_hidden_layers: 80,
      num_attention_heads: 64,
      num_key_value_heads: 8,
      head_dim: 128,
      num_local_experts: 32,
      num_experts_per_tok: 2,
      attn_type_list: list(80, (i) => ((i + 1) % 8 === 0 ? 1 : 0)),
      vocab_size: 200064,
      max_position_embeddings: 10240000,
    },
    456,
    10 * 2 * 8 * 128 * 2,
  ],
  "Hunyuan-Large (KV shared by pairs of layers)": [
    {
      model_type: "hunyuan_v1_moe",
      hidden_size: 6400,
      intermediate_size: 18304,
      num_hidden_layers: 64,
      num_attention_heads: 80,
      num_key_value_heads: 8,
      attention_head_dim: 128,
      num_experts: 16,
      moe_topk: list(64, () => 1),
      num_shared_expert: list(64, () => 1),
      use_cla: true,
      cla_share_factor: 2,
      vocab_size: 128512,
      tie_word_embeddings: true,
    },
    390,
    32 * 2 * 8 * 128 * 2,
  ],
  "LFM2-1.2B (short convolutions)": [
    {
      model_type: "lfm2",
      hidden_size: 2048,
      block_ff_dim: 12288,
      block_auto_adjust_ff_dim: true,
      block_multiple_of: 256,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      full_attn_idxs: [2, 5, 8, 10, 12, 14],
      vocab_size: 65536,
    },
    1.17,
    6 * 2 * 8 * 64 * 2,
  ],
  "Bamba-9B": [
    {
      model_type: "bamba",
      hidden_size: 4096,
      intermediate_size: 14336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      attn_layer_indices: [9, 18, 27],
      mamba_d_state: 128,
      mamba_d_head: 64,
      vocab_size: 128256,
    },
    9.78,
    3 * 2 * 8 * 128 * 2,
  ],
  "Falcon-H1-7B (attention and Mamba side by side)": [
    {
      model_type: "falcon_h1",
      hidden_size: 3072,
      intermediate_size: 12288,
      num_hidden_layers: 44,
      num_attention_heads: 12,
      num_key_value_heads: 2,
      head_dim: 128,
      mamba_d_head: 128,
      mamba_d_ssm: 3072,
      mamba_d_state: 256,
      mamba_n_heads: 24,
      vocab_size: 130049,
    },
    7.59,
    44 * 2 * 2 * 128 * 2,
  ],
  "Step-3.5-Flash (other heads in windowed layers)": [
    {
      model_type: "step3p5",
      hidden_size: 4096,
      intermediate_size: 11264,
      num_hidden_layers: 45,
      num_attention_heads: 64,
      num_attention_groups: 8,
      head_dim: 128,
      moe_num_experts: 288,
      moe_top_k: 8,
      moe_intermediate_size: 1280,
      share_expert_dim: 1280,
      moe_layers_enum: list(42, (i) => i + 3).join(","),
      attention_other_setting: {
        attention_type: "sliding_attention",
        num_attention_heads: 96,
        num_attention_groups: 8,
      },
      sliding_window: 512,
      layer_types: list(48, (i) => (i % 4 ? "sliding_attention" : "full_attention")),
      vocab_size: 128896,
    },
    196.9,
    45 * 2 * 8 * 128 * 2,
  ],
  "Gemma-3n-E4B (KV shared with earlier layers)": [
    {
      model_type: "gemma3n",
      text_config: {
        model_type: "gemma3n_text",
        intermediate_size: list(35, () => 16384),
        layer_types: list(35, (i) => ((i + 1) % 5 ? "sliding_attention" : "full_attention")),
      },
    },
    6.87,
    20 * 2 * 2 * 256 * 2,
  ],
  "Command-R7B": [
    {
      model_type: "cohere2",
      hidden_size: 4096,
      intermediate_size: 14336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      sliding_window_pattern: 4,
      vocab_size: 256000,
    },
    8.03,
    32 * 2 * 8 * 128 * 2,
  ],
};

test.each(Object.entries(families))(
  "%s: parameters within 1.5 % of its card, KV exact",
  (_, [config, billions, perToken]) => {
    const m = model(config);
    expect(Math.abs(m.parameters / 1e9 / billions - 1)).toBeLessThan(0.015);
    expect(kvBytesPerToken(m)).toBe(perToken);
  },
);

describe("no silent guess", () => {
  const base = {
    model_type: "new_family",
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
    max_position_embeddings: 131072,
    tie_word_embeddings: false,
  };
  test.each([
    [{ num_mixture_experts: 64 }],
    [{ compressed_kv_heads: 2 }],
    [{ slow_state_size: 64 }],
    [{ kinds_of_layers: list(32, (i) => (i % 2 ? "a" : "b")) }],
    [{ layer_types: list(32, () => "holographic_attention") }],
    [{ num_experts: 8 }],
    [{ model_type: "zamba2" }],
    [{ model_type: "rwkv" }],
  ])("a field that must change the answer and is not understood is refused: %j", (field) => {
    expect(() => model({ ...base, ...field })).toThrow(InputError);
  });
  test("a field that may change the answer is listed as assumed; training and generation settings are not", () => {
    const m = model({ ...base, hyper_block_width: 7, attention_dropout: 0.1, rope_theta: 1e6, bos_token_id: 1 });
    expect(m.assumed).toEqual(["hyper_block_width (7) is not understood and taken to change nothing"]);
  });
  test("what a family leaves to its class is filled in and listed, with its source", () => {
    const { assumed } = model(read("google--gemma-3-4b-it"));
    expect(assumed!.join()).toMatch(/num_attention_heads is taken as 8, the default of gemma3_text \(.*transformers/);
  });
  test("any fields at all give a model with finite numbers, or an InputError", () => {
    const names = [...new Set(Object.values(families).flatMap(([config]) => Object.keys(config)))];
    const value = fc.oneof(
      fc.integer({ min: -2, max: 64 }),
      fc.constantFrom<unknown>(null, true, false, NaN, "auto", "LLLG", [], [1], ["mamba"], {}, { num_heads: 2 }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 5 }), (fields) => {
        try {
          const m = model({ ...base, ...fields });
          expect(Number.isFinite(m.parameters)).toBe(true);
          expect(Number.isFinite(kvBytesPerToken(m))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
