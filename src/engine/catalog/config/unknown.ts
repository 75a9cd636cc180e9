/** Fields that nothing read: told apart into those that change nothing here, those that may, and those that must. */
import { InputError } from "../../errors.ts";
import type { Fields } from "./fields.ts";

/** Training, generation, tokens, positions, normalisation, routing scores, other modalities: none changes shape or KV. */
const harmless =
  /token|dropout|drop_|_pdrop|initializer|init_|_init|eps|epsilon|norm|rope|rotary|theta|alibi|position_embedding|act$|_act_|activation|bias|dtype|version|architectures|auto_map|_name_or_path|vision|visual|image|video|audio|speech|mm_|multimodal|modal|projector|router_|routed_scaling|scoring|score|topk_method|topk_group|n_group$|num_expert_group|renormalize|grouped_topk|loss|coef|cache|logit|softcap|scale|scaling|multiplier|mup|chunk_size|time_step|tie_|pretraining|task|label|classifier|penalty|beam|sample|temperature|top_[kp]$|typical|length_penalty|min_length|max_length|problem|prefix|prune|return|output_(att|hidden|scor|router)|remove_invalid|tf_legacy|torchscript|is_(decoder|encoder|causal)|add_cross|early_stopping|diversity|ngram|_ids$|swiglu_limit|clip|rescale|residual_in|mamba_kernels|fused|flash|attn_impl|use_mixed_mlp_moe|bos|eos|pad_|seed|query_pre_attn|use_(qk|return|mamba|cache|bidirectional|clipped|double)|log|training|gradient|checkpoint|hc_|sinkhorn|causal|ep_size|moe_(renormalize|router|use|act|gate|apply|norm|capacity|dropout|aux|group|multi|layer_start|layer_end)|expert_dtype|nextn|mtp|interleaved|transformers|keep_|value_scale|attn_res|pooler|type_vocab|word_embed_proj|neuron|fim|logits_to_keep|mlp_bias|parallel_attn|new_decoder|index_topk_freq|indexer|compress_rope|num_hash|onnx|quantization_config|model_max_length|_kernel_size|gate_lower|full_rank|short_conv|scan|soft|use_tanh|gating$|tokenizer|ffn_hidden_act|resid|embd|summary|n_positions|n_ctx|laurel|altup|correct|sparsity_pattern|per_layer_input/i;
/** What shapes are made of. */
const shaping =
  /layer|head|expert|moe|window|sliding|attn|attention|kv|key_value|lora|rank|state|mamba|ssm|conv|hidden|intermediate|ffn|mlp|dim|size|width|pattern|period|interval|stride|shar|latent|compress|sparse|recurr|index|block|cla|skip|vocab|groups?$/i;
/** A number under such a name is never without effect. */
const decisive =
  /(kv|key_value)_heads|kv_lora|d_state|state_size|num_.*experts$|n_.*experts$|heads_per_layer|cla_share|kv_shared/i;

/** Throws InputError for a field that must change the answer; notes those that may. */
export function judgeUnread(f: Fields, layers: number): void {
  for (const [name, value] of f.unread()) {
    const says = value === false || value === 0 || value === "" || (Array.isArray(value) && value.length === 0);
    if (says || harmless.test(name) || !shaping.test(name)) continue;
    const perLayer =
      Array.isArray(value) && value.length === layers && layers > 1 && new Set(value.map(String)).size > 1;
    const number = typeof value === "number" && value > 1;
    if (perLayer || (number && decisive.test(name)))
      throw new InputError(
        `config.${name}`,
        value,
        "left out, or one of a family that the engine reads: it changes the answer and is not understood. " +
          "Give a model of the catalogue that is alike, or remove the field to go without it",
      );
    f.assumed.push(`${name} (${short(value)}) is not understood and taken to change nothing`);
  }
}

function short(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
