/** A start command and a page of metrics to try the doctor on; made up after real ones. */

export const exampleCommand = `docker run --gpus all -p 8001:8000 --ipc=host \\
  -e VLLM_LOGGING_LEVEL=DEBUG vllm/vllm-openai:v0.12.0 \\
  --model Qwen/Qwen3-32B --served-model-name qwen --tensor-parallel-size 2 \\
  --max-num-seqs 64 --max-model-len 8192 --enforce-eager --api-key YOUR_KEY`;

/** Names as in vLLM 0.25.1; the figures are made up. */
export const exampleMetrics = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="qwen"} 64.0
vllm:num_requests_waiting{engine="0",model_name="qwen"} 31.0
vllm:kv_cache_usage_perc{engine="0",model_name="qwen"} 0.34
vllm:num_preemptions_total{engine="0",model_name="qwen"} 0.0
vllm:prefix_cache_queries_total{engine="0",model_name="qwen"} 812400.0
vllm:prefix_cache_hits_total{engine="0",model_name="qwen"} 97500.0
vllm:generation_tokens_total{engine="0",model_name="qwen"} 214300.0
vllm:time_to_first_token_seconds_count{engine="0",model_name="qwen"} 840.0
vllm:time_to_first_token_seconds_sum{engine="0",model_name="qwen"} 1092.0
vllm:request_queue_time_seconds_count{engine="0",model_name="qwen"} 840.0
vllm:request_queue_time_seconds_sum{engine="0",model_name="qwen"} 806.0
vllm:cache_config_info{block_size="16",num_gpu_blocks="14208",engine="0"} 1.0
`;
