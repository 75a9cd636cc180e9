/**
 * `node scripts/fit-profiles.ts DIR`: reads kernel times of Llama-3.1-8B (LLMServingSim's profiler: DIR/<gpu id>/{dense,attention}.csv) and
 * writes what share of its GPU's peaks each kind of kernel reaches into tests/accuracy/profiles.json.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gpu as findGpu } from "../src/engine/catalog/gpu.ts";

/** Llama-3.1-8B: weights of one layer's matrices, KV bytes of a token and layer, activation bytes of a token and layer. */
const MATRICES = { qkv_proj: 4096 * 6144, o_proj: 4096 * 4096, gate_up_proj: 4096 * 28672, down_proj: 14336 * 4096 };
const WEIGHTS = Object.values(MATRICES).reduce((a, b) => a + b, 0);
const KV_BYTES = 2 * 2 * 8 * 128;
const ACTIVATION_BYTES = 2 * (12 * 4096 + 6 * 14336);
const HIDDEN = 4096;

/** Shares of peaks, tokens, multiples and seconds; the names are those of the step model's parameters. */
export interface ProfiledGpu {
  readonly source: string;
  readonly compute: number;
  readonly "compute.half": number;
  readonly weights: number;
  readonly kv: number;
  readonly attention: number;
  readonly traffic: number;
  readonly layer: number;
}

type Row = Record<string, string>;

function rows(file: string): Row[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, k) => [names[k] as string, cell])));
}

function profile(folder: string, id: string): ProfiledGpu {
  const gpu = findGpu(id);
  const flops = gpu.peakFlops.bf16 as number;
  const dense = rows(join(folder, "dense.csv"));
  const seconds = (layer: string, tokens: number): number =>
    Number(dense.find((r) => r["layer"] === layer && Number(r["tokens"]) === tokens)?.["time_us"]) * 1e-6;
  const matrices = (tokens: number): number =>
    Object.keys(MATRICES).reduce((sum, name) => sum + seconds(name, tokens), 0);
  const perLayer = ["act_fn", "layernorm", "layernorm", "rotary_emb"];
  const rest = (tokens: number): number => perLayer.reduce((sum, name) => sum + seconds(name, tokens), 0);
  const share = (tokens: number): number => (2 * WEIGHTS * tokens) / matrices(tokens) / flops;
  const compute = Math.min(1, share(2048));

  const attention = rows(join(folder, "attention.csv")).map((r) => ({
    chunk: Number(r["prefill_chunk"]),
    before: Number(r["kv_prefill"]),
    batch: Number(r["n_decode"]),
    context: Number(r["kv_decode"]),
    seconds: Number(r["time_us"]) * 1e-6,
  }));
  // The largest batch-decode and the largest chunk that were profiled: far from launch overheads.
  const decode = attention
    .filter((r) => r.chunk === 0 && r.batch > 0)
    .reduce((a, b) => (b.batch * b.context > a.batch * a.context ? b : a));
  const prefill = attention
    .filter((r) => r.batch === 0 && r.chunk > 0)
    .reduce((a, b) => (b.chunk * (b.before + b.chunk / 2) > a.chunk * (a.before + a.chunk / 2) ? b : a));
  const least = Math.min(...attention.filter((r) => r.chunk === 0 && r.batch === 1).map((r) => r.seconds));
  const kv = Math.min(1, (decode.batch * decode.context * KV_BYTES) / decode.seconds / gpu.hbmBandwidth);
  const pairs = prefill.chunk * (prefill.before + prefill.chunk / 2);
  const reread = (prefill.before * KV_BYTES) / (kv * gpu.hbmBandwidth);
  return {
    source: "kernel times of vLLM 0.19 from LLMServingSim's profiler (MIT), 2026-08",
    compute,
    "compute.half": 512 * (compute / Math.min(compute, share(512)) - 1),
    weights: Math.min(1, (2 * WEIGHTS) / matrices(1) / gpu.hbmBandwidth),
    kv,
    attention: Math.min(1, (4 * HIDDEN * pairs) / (prefill.seconds - reread) / flops),
    traffic: (((rest(2048) - rest(1)) / 2047) * gpu.hbmBandwidth) / ACTIVATION_BYTES,
    layer: rest(1) + least,
  };
}

const directory = process.argv[2];
if (!directory) throw new Error("usage: node scripts/fit-profiles.ts DIR");
const profiles = Object.fromEntries(
  readdirSync(directory)
    .sort()
    .map((id) => [id, profile(join(directory, id), id)]),
);
const target = new URL("../tests/accuracy/profiles.json", import.meta.url);
writeFileSync(target, `${JSON.stringify(profiles, null, 2)}\n`);
