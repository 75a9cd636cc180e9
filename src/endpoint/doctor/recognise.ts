/** Which serving engine answers, from what it says about itself. */
import type { ServerName } from "./report.ts";

/** `owned_by` of a model list entry. */
const OWNERS: Readonly<Record<string, ServerName>> = {
  vllm: "vllm",
  sglang: "sglang",
  llamacpp: "llamacpp",
  library: "ollama",
  tensorrt_llm: "trtllm",
  "perflab-simulated": "simulated",
};

const HOSTED =
  /(^|\.)(openai\.com|azure\.com|anthropic\.com|googleapis\.com|groq\.com|together\.(ai|xyz)|fireworks\.ai|mistral\.ai|deepseek\.com|openrouter\.ai|nvidia\.com|cerebras\.ai|huggingface\.co)$/;

const PORTS: Readonly<Record<string, ServerName>> = { "11434": "ollama", "30000": "sglang", "8080": "llamacpp" };

/** From the address alone, for advice before anything has answered. */
export function guessServer(baseUrl: URL): ServerName {
  if (HOSTED.test(baseUrl.hostname)) return "hosted";
  return PORTS[baseUrl.port] ?? "unknown";
}

/** From the body of /models and the Server header; falls back to `guess`. */
export function recogniseServer(modelsBody: string, serverHeader: string | undefined, guess: ServerName): ServerName {
  const header = serverHeader?.toLowerCase() ?? "";
  if (header.includes("llama.cpp")) return "llamacpp";
  let list: { data?: { owned_by?: unknown }[] };
  try {
    list = JSON.parse(modelsBody) as typeof list;
  } catch {
    return guess;
  }
  const owner = Array.isArray(list?.data) ? list.data[0]?.owned_by : undefined;
  const known = typeof owner === "string" ? OWNERS[owner.toLowerCase()] : undefined;
  return known ?? guess;
}
