/** Engines that a reader may say they run, by the name that `Server.engine` takes. */
export const engines = [
  ["vllm", "vLLM 0.14 or newer"],
  ["vllm-v1", "vLLM 0.8 to 0.13"],
  ["vllm-v0", "vLLM 0.5 to 0.7"],
  ["sglang", "SGLang"],
  ["trtllm", "TensorRT-LLM"],
  ["lmdeploy", "LMDeploy"],
  ["llamacpp", "llama.cpp"],
] as const;
