/** The peer: inference-lab 0.2.1's WebAssembly, set to the same model, GPU, limits and workload. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initSync, run_simulation } from "@doublewordai/inference-lab/inference_lab.js";
import type { Load } from "./loads.ts";

interface PeerResult {
  readonly metrics: {
    readonly output_tokens_per_sec: number;
    readonly requests_per_sec: number;
    readonly total_time: number;
    readonly completed_requests: number;
    readonly total_preemptions: number;
  };
  readonly distributions: { readonly output_lengths: readonly number[]; readonly input_lengths: readonly number[] };
  readonly latency_samples: {
    readonly ttft_timestamps: readonly number[];
    readonly ttft_samples: readonly number[];
    readonly e2e_samples: readonly number[];
  };
}

export function loadPeer(): void {
  const require = createRequire(import.meta.url);
  initSync({ module: readFileSync(require.resolve("@doublewordai/inference-lab/inference_lab_bg.wasm")) });
}

/** Runs the load; its lengths come from its own generator, so tokens are counted from its answer. */
export function runPeer(load: Load, requests: number): PeerResult {
  const lengths = ({ mean, sigma }: { mean: number; sigma: number }): unknown =>
    sigma === 0
      ? { type: "fixed", value: mean }
      : { type: "lognormal", mean: Math.log(mean) - (sigma * sigma) / 2, std_dev: sigma };
  const config = {
    hardware: {
      name: "H100",
      compute_flops: 989e12,
      memory_bandwidth: 3.35e12,
      memory_capacity: 80e9,
      kv_cache_capacity: load.kvTokens * 131072,
      gpu_memory_utilization: 0.92,
      bytes_per_param: 2,
    },
    model: {
      name: "llama-3.1-8b",
      num_parameters: 8030261248,
      num_active_parameters: null,
      num_layers: 32,
      hidden_dim: 4096,
      num_heads: 32,
      num_kv_heads: 8,
      max_seq_len: 131072,
      sliding_window: null,
      num_sliding_layers: null,
    },
    scheduler: {
      max_num_batched_tokens: 8192,
      max_num_seqs: 1024,
      policy: "fcfs",
      enable_chunked_prefill: true,
      long_prefill_token_threshold: 0,
      max_num_partial_prefills: 1,
      block_size: 16,
    },
    workload: {
      arrival_pattern: "poisson",
      arrival_rate: Math.min(load.rate, 1e9),
      input_len_dist: lengths(load.prompt),
      output_len_dist: lengths(load.output),
      num_requests: requests,
      num_concurrent_users: null,
      duration_secs: null,
      seed: 1,
    },
    simulation: { log_interval: 1_000_000 },
  };
  return run_simulation(JSON.stringify(config)) as PeerResult;
}
