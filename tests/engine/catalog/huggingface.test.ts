import { expect, test } from "vitest";
import { model } from "../../../src/engine/catalog/model.ts";
import { kvBytesPerToken } from "../../../src/engine/estimate/memory.ts";
import { InputError } from "../../../src/engine/errors.ts";

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

test("Llama-3.1-8B's config gives the catalogue's model", () => {
  const read = model(llama);
  expect(read.parameters).toBe(model("llama-3.1-8b").parameters);
  expect(kvBytesPerToken(read)).toBe(131072);
});

test("DeepSeek-V3's config gives latent attention, dense first layers and a shared expert", () => {
  const read = model({
    model_type: "deepseek_v3",
    hidden_size: 7168,
    num_hidden_layers: 61,
    num_attention_heads: 128,
    num_key_value_heads: 128,
    intermediate_size: 18432,
    moe_intermediate_size: 2048,
    n_routed_experts: 256,
    n_shared_experts: 1,
    num_experts_per_tok: 8,
    first_k_dense_replace: 3,
    q_lora_rank: 1536,
    kv_lora_rank: 512,
    qk_nope_head_dim: 128,
    qk_rope_head_dim: 64,
    v_head_dim: 128,
    vocab_size: 129280,
    max_position_embeddings: 163840,
    tie_word_embeddings: false,
  });
  expect(read.parameters).toBe(model("deepseek-v3").parameters);
  expect(kvBytesPerToken(read)).toBe(70272);
});

test("gpt-oss's config gives windowed layers; Gemma 3's nested text part and its pattern are read", () => {
  const oss = model({
    model_type: "gpt_oss",
    hidden_size: 2880,
    num_hidden_layers: 36,
    num_attention_heads: 64,
    num_key_value_heads: 8,
    head_dim: 64,
    intermediate_size: 2880,
    num_local_experts: 128,
    num_experts_per_tok: 4,
    sliding_window: 128,
    layer_types: Array.from({ length: 36 }, (_, i) => (i % 2 ? "full_attention" : "sliding_attention")),
    vocab_size: 201088,
    max_position_embeddings: 131072,
  });
  expect(oss.attention.map((group) => [group.kind, group.layers])).toEqual([
    ["window", 18],
    ["full", 18],
  ]);
  const gemma = model({
    model_type: "gemma3",
    text_config: {
      model_type: "gemma3_text",
      hidden_size: 5376,
      num_hidden_layers: 62,
      num_attention_heads: 32,
      num_key_value_heads: 16,
      head_dim: 128,
      intermediate_size: 21504,
      sliding_window: 1024,
      vocab_size: 262208,
      max_position_embeddings: 131072,
    },
  });
  expect(gemma.tiedEmbeddings).toBe(true);
  expect(gemma.attention.map((group) => group.layers)).toEqual([52, 10]);
  expect(Math.abs(gemma.parameters / model("gemma-3-27b").parameters - 1)).toBeLessThan(0.005);
});

test.each([
  ["num_hidden_layers", 0],
  ["num_hidden_layers", -4],
  ["num_attention_heads", 3],
  ["hidden_size", "large"],
  ["vocab_size", 0],
  ["num_key_value_heads", 5],
])("a config with %s = %s is refused by name", (field, value) => {
  expect(() => model({ ...llama, [field]: value })).toThrow(InputError);
});
