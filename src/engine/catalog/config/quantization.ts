/** The formats in which a checkpoint stores its weights, and wants its KV cached. */
import type { Dtype } from "../types.ts";

export interface Stored {
  readonly weights?: Dtype;
  readonly kv?: Dtype;
  /** What had to be assumed, one sentence each. */
  readonly assumed: readonly string[];
}

type Plain = Readonly<Record<string, unknown>>;

/** `dtype` is the config's torch_dtype; `quantization` its quantization_config, or hf_quant_config.json's `quantization`. */
export function storedFormats(dtype: unknown, quantization: unknown): Stored {
  if (!isPlain(quantization)) return unquantised(dtype);
  const method = String(quantization["quant_method"] ?? quantization["quant_algo"] ?? "").toLowerCase();
  const assumed: string[] = [];
  const weights = weightsOf(method, quantization, assumed);
  const kv = cacheOf(quantization, assumed);
  if (weights === undefined)
    assumed.push(
      `quantization_config (${method || "no quant_method"}) is not understood: give the server's \`weights\`, or they count as bf16`,
    );
  else if (hasGroups(quantization))
    assumed.push(`quantization_config has several groups of weights; all count as ${weights}`);
  const left = quantization["ignore"] ?? quantization["modules_to_not_convert"] ?? quantization["exclude_modules"];
  if (weights !== undefined && weights !== "mxfp4" && Array.isArray(left)) {
    const inside = left.filter(
      (name) => !/lm_head|embed|vision|visual|gate$|router|audio|multi_modal|mm_|projector/i.test(String(name)),
    );
    if (inside.length > 0)
      assumed.push(
        `quantization_config leaves ${inside.length} module${inside.length === 1 ? "" : "s"} in 16 bits (${String(inside[0])}, …); they count as ${weights} here`,
      );
  }
  return { ...(weights && { weights }), ...(kv && { kv }), assumed };
}

function unquantised(dtype: unknown): Stored {
  const name = (typeof dtype === "string" ? dtype : "").replace("torch.", "");
  if (name === "float16") return { weights: "fp16", assumed: [] };
  if (name === "float32")
    return { assumed: ["the checkpoint is in float32; servers load it in 16 bits, as is counted here"] };
  return { assumed: [] };
}

function weightsOf(method: string, q: Plain, assumed: string[]): Dtype | undefined {
  switch (method) {
    case "fp8":
    case "fbgemm_fp8":
    case "ptpc_fp8":
      return "fp8";
    case "mxfp4":
      return "mxfp4";
    case "mxfp8":
      assumed.push("weights in mxfp8 count as fp8; their scales add 3 %");
      return "fp8";
    case "awq":
    case "gptq":
    case "auto-round":
    case "auto_round":
    case "autoround":
    case "gptq_marlin":
    case "awq_marlin":
    case "hqq":
      return ofBits(numberOf(q["bits"] ?? q["w_bit"] ?? q["nbits"]) ?? 4);
    case "bitsandbytes":
      if (q["load_in_8bit"] === true || q["_load_in_8bit"] === true) return "w8a16";
      assumed.push("bitsandbytes' 4-bit weights count as w4a16");
      return "w4a16";
    case "eetq":
    case "experts_int8":
      return "w8a16";
    case "compressed-tensors":
      return compressed(q);
    case "modelopt":
    case "modelopt_fp4":
    case "modelopt_mixed":
      return (
        modelopt(String(q["quant_algo"] ?? (q["quantization"] as Plain | undefined)?.["quant_algo"] ?? "")) ??
        compressed(q)
      );
    case "quark":
      return quark(q);
    default:
      return modelopt(method);
  }
}

function modelopt(algorithm: string): Dtype | undefined {
  const name = algorithm.toUpperCase();
  if (name.startsWith("FP8")) return "fp8";
  if (name.includes("NVFP4")) return "nvfp4";
  if (name.includes("MXFP4")) return "mxfp4";
  if (name.startsWith("W4A16") || name.startsWith("INT4") || name.startsWith("W4A8")) return "w4a16";
  if (name.startsWith("W8A8") || name.startsWith("INT8")) return "int8";
  if (name.startsWith("W8A16")) return "w8a16";
  return undefined;
}

function compressed(q: Plain): Dtype | undefined {
  const groups = isPlain(q["config_groups"]) ? Object.values(q["config_groups"]) : [];
  const group = groups.find((one) => isPlain(one) && isPlain(one["weights"]));
  if (!isPlain(group)) return undefined;
  const weights = group["weights"] as Plain;
  const bits = numberOf(weights["num_bits"]);
  const activations = isPlain(group["input_activations"]);
  if (weights["type"] === "float") {
    if (bits === 4) return numberOf(weights["group_size"]) === 32 ? "mxfp4" : "nvfp4";
    return bits === 8 ? (activations ? "fp8" : "w8a16") : undefined;
  }
  if (bits === 8) return activations ? "int8" : "w8a16";
  return bits === undefined ? undefined : ofBits(bits);
}

function quark(q: Plain): Dtype | undefined {
  const global = q["global_quant_config"];
  const weight = isPlain(global) ? global["weight"] : undefined;
  const entry = Array.isArray(weight) ? (weight[0] as unknown) : weight;
  const dtype = isPlain(entry) ? String(entry["dtype"]) : "";
  if (dtype.startsWith("fp8")) return "fp8";
  if (dtype.startsWith("fp4")) return "mxfp4";
  if (dtype.startsWith("int8")) return "int8";
  return dtype.includes("int4") ? "w4a16" : undefined;
}

function ofBits(bits: number): Dtype | undefined {
  return bits === 4 ? "w4a16" : bits === 8 ? "w8a16" : undefined;
}

/** What the checkpoint has scales for; null means that the KV stays in 16 bits. */
function cacheOf(q: Plain, assumed: string[]): Dtype | undefined {
  const inner = isPlain(q["quantization"]) ? q["quantization"] : q;
  const named = q["kv_cache_quant_algo"] ?? inner["kv_cache_quant_algo"];
  if (typeof named === "string" && named.toUpperCase() !== "NONE") {
    const kv = modelopt(named);
    if (kv === "fp8" || kv === "nvfp4" || kv === "int8") return kv;
    assumed.push(`kv_cache_quant_algo (${named}) is not understood: give the server's \`kv\`, or it counts as bf16`);
  }
  const scheme = q["kv_cache_scheme"];
  if (isPlain(scheme)) {
    const bits = numberOf(scheme["num_bits"]);
    if (bits === 8) return scheme["type"] === "int" ? "int8" : "fp8";
    if (bits === 4 && scheme["type"] === "float") return "nvfp4";
    assumed.push("kv_cache_scheme is not understood: give the server's `kv`, or it counts as bf16");
  }
  const cached = q["kv_cache_quant_config"];
  if (isPlain(cached) && Object.keys(cached).length > 0) return "fp8";
  return undefined;
}

function hasGroups(q: Plain): boolean {
  const groups = isPlain(q["config_groups"]) ? Object.values(q["config_groups"]) : [];
  const formats = groups.map((one) => {
    const weights = isPlain(one) && isPlain(one["weights"]) ? one["weights"] : {};
    return `${String(weights["num_bits"])} ${String(weights["type"])}`;
  });
  return new Set(formats).size > 1;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
