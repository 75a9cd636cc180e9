/** A model's shape as its configuration states it, and the Model that follows: parameters, attention groups, KV. */
import { InputError } from "../errors.ts";
import type { AttentionGroup, Dtype, Experts, Model, ParameterParts } from "./types.ts";

export interface ExpertShape {
  readonly count: number;
  readonly perToken: number;
  readonly layers: number;
  readonly parametersEach: number;
  readonly sharedWidth: number;
  readonly denseLayers?: number;
  readonly denseWidth?: number;
  /** Width on which the routed experts act, where it is not `hidden`. */
  readonly latent?: number;
}

export interface ModelShape {
  readonly id: string;
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly ffn: number | null;
  readonly ffnPerLayer?: readonly number[];
  readonly gated: boolean;
  readonly vocab: number;
  readonly tied: boolean;
  readonly maxContext: number | null;
  /** Layers that cache KV, where not all do. */
  readonly attentionLayers?: number;
  /** Query heads are doubled by an output gate. */
  readonly outputGate?: boolean;
  readonly experts?: ExpertShape;
  readonly window?: { readonly size: number; readonly layers: number | null; readonly kind?: "chunked" };
  readonly mla?: {
    readonly qLora: number;
    readonly kvLora: number;
    readonly nope: number;
    readonly rope: number;
    readonly value: number;
  };
  readonly sparse?: { readonly topk: number; readonly heads: number; readonly headDim: number };
  readonly linear?: {
    readonly layers: number;
    readonly keyHeads: number;
    readonly valueHeads: number;
    readonly keyHeadDim: number;
    readonly valueHeadDim: number;
    readonly conv: number;
  };
  readonly mamba?: {
    readonly layers: number;
    readonly heads: number;
    readonly headDim: number;
    readonly groups: number;
    readonly state: number;
    readonly conv: number;
  };
  /** Width of a value head, where it is not `headDim`. */
  readonly valueDim?: number;
  /** Width through which queries pass, where they have a low rank without latent attention. */
  readonly qLora?: number;
  /** Full-attention layers whose heads differ from the windowed ones; one projection may serve both K and V. */
  readonly global?: {
    readonly headDim: number;
    readonly kvHeads: number;
    readonly heads?: number;
    readonly valueDim?: number;
    readonly sharedProjection: boolean;
  };
  /** Layers that also keep KV of all tokens, one row per `ratio` of them, and a low-rank query and output. */
  readonly compressed?: readonly { readonly layers: number; readonly ratio: number }[];
  /** Layers that keep no KV of their own: they read another layer's. */
  readonly sharedKv?: { readonly window: number; readonly full: number };
  /** Other recurrent layers: parameters of each, and numbers of state a sequence, counted at two bytes. */
  readonly recurrent?: { readonly layers: number; readonly parametersEach: number; readonly stateElements: number };
  /** Parameters of embeddings that are looked up layer by layer (Gemma 3n). */
  readonly lookup?: number;
  readonly weights?: Dtype;
  readonly kv?: Dtype;
  readonly assumed?: readonly string[];
  readonly lora?: { readonly q: number; readonly o: number; readonly groups: number };
}

/** The Model of a shape. Throws InputError on a shape that no model can have. */
export function modelOf(shape: ModelShape): Model {
  for (const field of ["layers", "hidden", "heads", "kvHeads", "headDim", "vocab"] as const)
    if (!Number.isInteger(shape[field]) || shape[field] < 1)
      throw new InputError(`model.${field}`, shape[field], "a whole number ≥ 1");
  if (shape.heads % shape.kvHeads !== 0)
    throw new InputError("model.kvHeads", shape.kvHeads, `a divisor of the ${shape.heads} query heads`);
  const attention = attentionGroups(shape);
  const parts = parameterParts(shape);
  const experts = expertsOf(shape);
  const parameters = Object.values(parts).reduce((sum, n) => sum + n, 0);
  const routed = experts ? experts.perToken * experts.layers * experts.parametersEach : 0;
  const head = parts.head || parts.embedding;
  return {
    id: shape.id,
    name: shape.name,
    parameters,
    activeParameters: parts.attention + parts.dense + parts.shared + parts.router + routed + head,
    layers: shape.layers,
    hidden: shape.hidden,
    vocab: shape.vocab,
    tiedEmbeddings: shape.tied,
    maxContext: shape.maxContext ?? 131072,
    attention,
    ...(experts && { experts }),
    parts,
    ffnWidth: (parts.dense + parts.shared + routed) / (shape.layers * matrices(shape) * shape.hidden),
    ...(shape.weights && { weights: shape.weights }),
    ...(shape.kv && { kv: shape.kv }),
    ...(shape.assumed && { assumed: shape.assumed }),
  };
}

function matrices(shape: ModelShape): number {
  return shape.gated ? 3 : 2;
}

function expertsOf(shape: ModelShape): Experts | undefined {
  const e = shape.experts;
  if (!e) return undefined;
  return {
    count: e.count,
    perToken: e.perToken,
    layers: e.layers,
    parametersEach: e.parametersEach,
    sharedParameters: matrices(shape) * shape.hidden * e.sharedWidth,
  };
}

function parameterParts(shape: ModelShape): ParameterParts {
  const { hidden: d, layers, experts: e } = shape;
  const m = matrices(shape);
  const widths = shape.ffnPerLayer?.reduce((sum, w) => sum + w, 0) ?? layers * (shape.ffn ?? 0);
  const latent = e?.latent ? e.layers * 2 * d * e.latent : 0;
  return {
    embedding: shape.vocab * d,
    head: shape.tied ? 0 : shape.vocab * d,
    attention: attentionParameters(shape),
    dense: e ? m * d * (e.denseLayers ?? 0) * (e.denseWidth ?? shape.ffn ?? 0) : m * d * widths,
    shared: e ? e.layers * m * d * e.sharedWidth + latent : 0,
    router: e ? e.layers * e.count * d : 0,
    experts: e ? e.layers * e.count * e.parametersEach : 0,
    norms: (2 * layers + 1) * d,
    ...(shape.lookup && { lookup: shape.lookup }),
  };
}

function attentionParameters(shape: ModelShape): number {
  const { hidden: d, heads: H, kvHeads: K, headDim: h, mla, linear, mamba, recurrent, sparse, global } = shape;
  const v = shape.valueDim ?? h;
  const cached = shape.attentionLayers ?? shape.layers;
  let total = 0;
  if (mla) {
    const { qLora: q, kvLora: l, nope: n, rope: r, value: v } = mla;
    const query = q > 0 ? d * q + q * H * (n + r) : d * H * (n + r);
    total += cached * (query + d * (l + r) + l * H * (n + v) + H * v * d);
  } else if (shape.lora) {
    const { q, o, groups } = shape.lora;
    total += cached * (d * q + q * H * h + d * K * h + H * h * o + o * groups * d);
  } else if (global && shape.window) {
    const kv = global.sharedProjection ? 1 : 2;
    const windowed = shape.window.layers ?? 0;
    const { heads: G = H, kvHeads, headDim, valueDim = headDim } = global;
    total += windowed * d * (H + K) * (h + v);
    total += (cached - windowed) * d * (G * (headDim + valueDim) + kvHeads * (kv === 1 ? headDim : headDim + valueDim));
  } else {
    const query = shape.qLora ? shape.qLora * (d + H * h) : d * H * h;
    total += cached * (query + d * H * v + (shape.outputGate ? d * H * h : 0) + d * K * (h + v));
  }
  if (sparse && mla)
    total += cached * (mla.qLora * sparse.heads * sparse.headDim + d * sparse.headDim + d * sparse.heads);
  if (linear) {
    const keys = linear.keyHeads * linear.keyHeadDim;
    const values = linear.valueHeads * linear.valueHeadDim;
    total +=
      linear.layers *
      (d * (2 * keys + 2 * values + 2 * linear.valueHeads) + values * d + linear.conv * (2 * keys + values));
  }
  if (mamba) {
    const inner = mamba.heads * mamba.headDim;
    const channels = inner + 2 * mamba.groups * mamba.state;
    total += mamba.layers * (d * (inner + channels + mamba.heads) + inner * d + mamba.conv * channels);
  }
  if (recurrent) total += recurrent.layers * recurrent.parametersEach;
  return total;
}

function attentionGroups(shape: ModelShape): AttentionGroup[] {
  const { heads, kvHeads, headDim, mla, sparse } = shape;
  const cached = shape.attentionLayers ?? shape.layers;
  const groups: AttentionGroup[] = [];
  const valueDim = shape.valueDim ?? headDim;
  const pairFlop = 2 * heads * (headDim + valueDim);
  const plain = { heads, kvHeads, headDim, decodePairFlop: pairFlop, prefillPairFlop: pairFlop };
  const kvElements = shape.compressed ? kvHeads * headDim : kvHeads * (headDim + valueDim);
  if (mla) {
    groups.push({
      kind: "mla",
      layers: cached,
      heads,
      kvHeads: 1,
      headDim: mla.kvLora + mla.rope,
      kvElements: mla.kvLora + mla.rope,
      decodePairFlop: 2 * heads * (2 * mla.kvLora + mla.rope),
      prefillPairFlop: 2 * heads * (mla.nope + mla.rope + mla.value),
      ...(sparse && { topK: sparse.topk, indexElements: sparse.headDim }),
    });
  } else {
    const windowed = Math.min(shape.window?.layers ?? 0, cached);
    const shared = shape.sharedKv ?? { window: 0, full: 0 };
    const add = (group: AttentionGroup, sharing: number): void => {
      if (group.layers > sharing) groups.push({ ...group, layers: group.layers - sharing });
      if (sharing > 0) groups.push({ ...group, layers: sharing, kvElements: 0, sharedElements: group.kvElements });
    };
    if (windowed > 0 && shape.window)
      add({ kind: "window", layers: windowed, ...plain, window: shape.window.size, kvElements }, shared.window);
    if (cached > windowed) {
      const full = {
        kind: "full",
        layers: cached - windowed,
        ...(shape.global ? globalHeads(shape.global, heads) : { ...plain, kvElements }),
        ...(sparse && { topK: sparse.topk, indexElements: sparse.headDim }),
      } as const;
      add(full, shared.full);
    }
    for (const { layers, ratio } of shape.compressed ?? []) {
      const pair = plain.decodePairFlop / ratio;
      const fewer = { kvElements: kvElements / ratio, decodePairFlop: pair, prefillPairFlop: pair };
      groups.push({ kind: "full", layers, ...plain, ...fewer });
    }
  }
  for (const state of stateElements(shape))
    groups.push({
      kind: "linear",
      layers: state.layers,
      heads,
      kvHeads,
      headDim,
      kvElements: 0,
      stateElements: state.elements,
      decodePairFlop: 0,
      prefillPairFlop: 0,
    });
  return groups;
}

function globalHeads(g: NonNullable<ModelShape["global"]>, own: number) {
  const { heads = own, kvHeads, headDim, valueDim = headDim } = g;
  const pairFlop = 2 * heads * (headDim + valueDim);
  return {
    heads,
    kvHeads,
    headDim,
    kvElements: kvHeads * (headDim + valueDim),
    decodePairFlop: pairFlop,
    prefillPairFlop: pairFlop,
  };
}

/** Numbers of recurrent state per sequence and layer, counted at two bytes each: the state itself is kept in fp32. */
function stateElements({ linear, mamba, recurrent }: ModelShape): { layers: number; elements: number }[] {
  const states: { layers: number; elements: number }[] = [];
  if (linear) {
    const keys = linear.keyHeads * linear.keyHeadDim;
    const values = linear.valueHeads * linear.valueHeadDim;
    const matrix = linear.valueHeads * linear.keyHeadDim * linear.valueHeadDim;
    states.push({ layers: linear.layers, elements: matrix + (2 * keys + values) * (linear.conv - 1) });
  }
  if (mamba) {
    const channels = mamba.heads * mamba.headDim + 2 * mamba.groups * mamba.state;
    const elements = 2 * mamba.heads * mamba.headDim * mamba.state + channels * (mamba.conv - 1);
    states.push({ layers: mamba.layers, elements });
  }
  if (recurrent) states.push({ layers: recurrent.layers, elements: recurrent.stateElements });
  return states;
}
