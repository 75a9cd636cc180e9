/** The measured rows that AIConfigurator could be asked about, in its words: which system, backend, formats and load. */
import type { Dtype } from "../../src/engine/catalog/types.ts";
import type { Case } from "./case.ts";

/** Options of `cli_estimate`. */
export type PeerOptions = Readonly<Record<string, string | number>>;

const systems: Readonly<Record<string, string>> = {
  "a100-sxm-80": "a100_sxm",
  "a100-pcie-80": "a100_pcie",
  "arc-pro-b60": "b60",
  "b200-sxm-180": "b200_sxm",
  gb200: "gb200",
  "h100-sxm-80": "h100_sxm",
  "h100-pcie-80": "h100_pcie",
  "h200-sxm-141": "h200_sxm",
  l4: "l4",
  l40s: "l40s",
  "rtx-pro-6000-server": "rtx_pro_6000_server",
};

/** Models whose configuration the wheel holds, and those of their NVFP4 checkpoints. */
const models: Readonly<Record<string, string>> = {
  "llama-3.1-8b": "meta-llama/Meta-Llama-3.1-8B",
  "llama-3.1-70b": "meta-llama/Meta-Llama-3.1-70B",
  "llama-3.1-405b": "meta-llama/Meta-Llama-3.1-405B",
  "llama-4-scout": "meta-llama/Llama-4-Scout-17B-16E-Instruct",
  "llama-4-maverick": "meta-llama/Llama-4-Maverick-17B-128E-Instruct",
  "mixtral-8x7b": "mistralai/Mixtral-8x7B-v0.1",
  "mixtral-8x22b": "mistralai/Mixtral-8x22B-v0.1",
  "qwen3-0.6b": "Qwen/Qwen3-0.6B",
  "qwen3-8b": "Qwen/Qwen3-8B",
  "qwen3-32b": "Qwen/Qwen3-32B",
  "qwen3-30b-a3b": "Qwen/Qwen3-30B-A3B",
  "qwen3-235b-a22b": "Qwen/Qwen3-235B-A22B",
  "qwen3.5-397b-a17b": "Qwen/Qwen3.5-397B-A17B",
  "deepseek-v3": "deepseek-ai/DeepSeek-V3",
  "glm-5": "zai-org/GLM-5-FP8",
  "kimi-k2.5": "moonshotai/Kimi-K2.5",
  "minimax-m2.5": "MiniMaxAI/MiniMax-M2.5",
  "gpt-oss-20b": "openai/gpt-oss-20b",
  "gpt-oss-120b": "openai/gpt-oss-120b",
};
const fp4Models: Readonly<Record<string, string>> = {
  "deepseek-v3": "nvidia/DeepSeek-V3.1-NVFP4",
  "glm-5": "nvidia/GLM-5-NVFP4",
  "kimi-k2.5": "nvidia/Kimi-K2.5-NVFP4",
  "minimax-m2.5": "nvidia/MiniMax-M2.5-NVFP4",
  "qwen3-235b-a22b": "nvidia/Qwen3-235B-A22B-NVFP4",
  "qwen3.5-397b-a17b": "nvidia/Qwen3.5-397B-A17B-NVFP4",
};
const formats: Readonly<Partial<Record<Dtype, string>>> = {
  bf16: "bfloat16",
  fp8: "fp8",
  nvfp4: "nvfp4",
  w4a16: "int4_wo",
};

/** Formats that the checkpoints named above are in; others are given by name. */
const ownFormat: Readonly<Record<string, Dtype>> = {
  "deepseek-v3": "fp8",
  "glm-5": "fp8",
  "minimax-m2.5": "fp8",
  "kimi-k2.5": "w4a16",
  "gpt-oss-20b": "mxfp4",
  "gpt-oss-120b": "mxfp4",
};

/** What to ask for a row, or why it cannot be asked. */
export function peerOptions(c: Case): PeerOptions | string {
  const backend = c.engine === "tensorrt" ? "trtllm" : c.engine;
  if (!["vllm", "sglang", "trtllm"].includes(backend)) return `engine ${c.engine}`;
  const system = systems[c.gpu];
  if (system === undefined) return `GPU ${c.gpu}`;
  const { weights } = c.server;
  const fp4 = weights === "nvfp4" ? fp4Models[c.model] : undefined;
  const native = fp4 !== undefined || ownFormat[c.model] === weights;
  const model = fp4 ?? models[c.model];
  if (model === undefined) return `model ${c.model}`;
  const format = weights === "fp8" && c.server.model.weights === "fp8" ? "fp8_block" : formats[weights];
  if (!native && format === undefined) return `weights in ${weights}`;
  if (/p9\d|_min$|^itl/.test(c.metric)) return "percentiles";
  const running = c.load === "static" || c.load === "single";
  if (!running && c.load !== "closed") return `load ${c.load}`;
  if (c.cached > 0) return "context depth";
  const { tensorParallel: tp, pipelineParallel: pp, dataParallel: dp, expertParallel: ep } = c.server;
  const batch = c.load === "single" ? 1 : Math.max(1, Math.round(c.value / (c.lanes / pp)));
  return {
    mode: running ? "static" : "agg",
    model_path: model,
    system_name: system,
    backend_name: backend,
    isl: Math.max(1, Math.round(c.prompt)),
    osl: Math.max(2, Math.round(c.output)),
    batch_size: batch,
    tp_size: tp,
    pp_size: pp,
    attention_dp_size: dp,
    ...(c.work.experts && { moe_ep_size: ep, moe_tp_size: Math.max(1, (tp * dp) / ep) }),
    ...(!native && { gemm_quant_mode: format!, ...(c.work.experts && { moe_quant_mode: format! }) }),
    kvcache_quant_mode: c.server.kv === "fp8" ? "fp8" : "bfloat16",
  };
}

/** The row's metric out of the peer's answer, SI; undefined where it says nothing of it. */
export function peerValue(
  c: Case,
  a: { readonly ttft: number; readonly tpot: number; readonly requestsPerSecond?: number },
): number | undefined {
  const running = c.load === "static" || c.load === "single";
  const batch = c.load === "single" ? 1 : c.value;
  if (c.metric === "prefill_time_batch" || c.metric.startsWith("ttft")) return a.ttft;
  if (c.metric === "decode_step_time_mean" || c.metric.startsWith("tpot")) return a.tpot;
  if (c.metric === "decode_throughput") return batch / a.tpot;
  if (c.metric === "prefill_throughput") return (batch * c.prompt) / a.ttft;
  const total = a.ttft + (c.output - 1) * a.tpot;
  if (c.metric.startsWith("e2e")) return total;
  const requests = running ? batch / total : c.server.replicas * (a.requestsPerSecond ?? NaN);
  if (c.metric === "request_throughput") return requests;
  if (c.metric === "output_throughput") return requests * c.output;
  if (c.metric === "output_throughput_per_gpu") return (requests * c.output) / c.gpus;
  if (c.metric === "total_token_throughput") return requests * (c.prompt + c.output);
  return undefined;
}
