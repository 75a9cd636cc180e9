/**
 * A language model small enough to make on the spot: llama architecture, random weights, 4 million parameters, 8 MB. It talks
 * nonsense, at a real engine's real cost: prefill, decode, KV cache and batching are all there. The same seed gives the same file.
 */
import { Random } from "../../engine/random.ts";
import { writeGguf, type MetadataValue, type Tensor } from "./gguf.ts";
import { halfBits } from "./half.ts";
import { BYTES, SPECIALS, tinyVocabulary } from "./tiny-vocabulary.ts";

export interface TinyModel {
  readonly layers: number;
  readonly width: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly seed: number;
}

export const tinyModel: TinyModel = {
  layers: 4,
  width: 256,
  feedForward: 704,
  heads: 8,
  kvHeads: 4,
  vocabulary: 2048,
  context: 4096,
  seed: 1,
};

export const TINY_MODEL_NAME = "perflab-tiny-4m";
/** To be raised when what is written changes, so that kept files are made anew. */
export const TINY_MODEL_REVISION = 2;
/** Standard deviation of the logits: far enough from 0 that a token whose row is 0 is not sampled at temperature 1 either. */
const CONFIDENCE = 6;

/** The GGUF file. Takes a third of a second; pure, so that a page can make it for itself. */
export function tinyModelBytes(model: TinyModel): Uint8Array {
  return writeGguf(metadata(model), tensors(model));
}

function metadata(model: TinyModel): Record<string, MetadataValue> {
  const { pieces, scores, types } = tinyVocabulary(model.vocabulary);
  return {
    "general.architecture": { string: "llama" },
    "general.name": { string: TINY_MODEL_NAME },
    "general.file_type": { u32: 1 },
    "llama.vocab_size": { u32: model.vocabulary },
    "llama.context_length": { u32: model.context },
    "llama.embedding_length": { u32: model.width },
    "llama.block_count": { u32: model.layers },
    "llama.feed_forward_length": { u32: model.feedForward },
    "llama.attention.head_count": { u32: model.heads },
    "llama.attention.head_count_kv": { u32: model.kvHeads },
    "llama.attention.layer_norm_rms_epsilon": { f32: 1e-5 },
    "llama.rope.dimension_count": { u32: model.width / model.heads },
    "tokenizer.ggml.model": { string: "llama" },
    "tokenizer.ggml.tokens": { strings: pieces },
    "tokenizer.ggml.scores": { f32s: scores },
    "tokenizer.ggml.token_type": { i32s: types },
    "tokenizer.ggml.unknown_token_id": { u32: 0 },
    "tokenizer.ggml.bos_token_id": { u32: 1 },
    "tokenizer.ggml.eos_token_id": { u32: 2 },
    "tokenizer.ggml.add_bos_token": { bool: true },
  };
}

function tensors(model: TinyModel): Tensor[] {
  const { width, feedForward, vocabulary } = model;
  const kvWidth = (width / model.heads) * model.kvHeads;
  const random = new Random(model.seed);
  /** Uniform with the standard deviation 1/√inputs, which keeps activations of order one. */
  const matrix = (name: string, inputs: number, outputs: number, scale = 1): Tensor => {
    const half = Math.sqrt(3 / inputs) * scale;
    const data = new Uint16Array(inputs * outputs);
    for (let i = 0; i < data.length; i++) data[i] = halfBits((2 * random.uniform() - 1) * half);
    return { name: `${name}.weight`, shape: [inputs, outputs], data };
  };
  const norm = (name: string): Tensor => ({
    name: `${name}.weight`,
    shape: [width],
    data: new Float32Array(width).fill(1),
  });

  const output = matrix("output", width, vocabulary, CONFIDENCE);
  // Never said: the end, which would cut runs short, and bytes, which would not be valid UTF-8.
  output.data.fill(0, 0, (SPECIALS + BYTES) * width);
  const all = [matrix("token_embd", width, vocabulary), norm("output_norm"), output];
  for (let layer = 0; layer < model.layers; layer++) {
    const blk = `blk.${layer}`;
    all.push(
      norm(`${blk}.attn_norm`),
      matrix(`${blk}.attn_q`, width, width),
      matrix(`${blk}.attn_k`, width, kvWidth),
      matrix(`${blk}.attn_v`, width, kvWidth),
      matrix(`${blk}.attn_output`, width, width),
      norm(`${blk}.ffn_norm`),
      matrix(`${blk}.ffn_gate`, width, feedForward),
      matrix(`${blk}.ffn_up`, width, feedForward),
      matrix(`${blk}.ffn_down`, feedForward, width),
    );
  }
  return all;
}
