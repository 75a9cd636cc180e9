/** A `config.json` as it stands in a repository of weights: a small mixture of experts. */
export const huggingFaceConfig = {
  architectures: ["MixtralForCausalLM"],
  model_type: "mixtral",
  hidden_size: 1024,
  intermediate_size: 3584,
  num_hidden_layers: 4,
  num_attention_heads: 16,
  num_key_value_heads: 4,
  num_local_experts: 8,
  num_experts_per_tok: 2,
  max_position_embeddings: 8192,
  vocab_size: 32_000,
  sliding_window: 4096,
  tie_word_embeddings: false,
  torch_dtype: "bfloat16",
};
