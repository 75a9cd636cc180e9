/** The self-hosted half of a plan: a server that the engine takes, and what its GPUs cost. */
import { model as findModel } from "../../engine/catalog/model.ts";
import { catalog } from "../../engine/catalog/catalog.ts";
import { gpuPrices } from "../../engine/catalog/price.ts";
import type { Dtype, HuggingFaceConfig, Model } from "../../engine/catalog/types.ts";
import { budgetOf } from "../../engine/estimate/memory.ts";
import { resolveServer } from "../../engine/resolve.ts";
import type { ResolvedServer, Server } from "../../engine/server.ts";
import { parameters } from "../../engine/step/parameters.ts";
import type { Parameter, StepParameters } from "../../engine/step/types.ts";
import type { FieldName } from "./fields.ts";
import type { Load, OwnPlan } from "./plan.ts";
import type { TextReader } from "./text-reader.ts";

/** Fields of the form behind fields of a Server. */
const fieldOf: Readonly<Record<string, FieldName>> = {
  model: "model",
  gpu: "gpu",
  tensorParallel: "tp",
  pipelineParallel: "pp",
  replicas: "gpus",
  weights: "weights",
  kv: "kv",
  engine: "engine",
  "scheduler.gpuMemoryUtilization": "utilisation",
  "scheduler.maxNumSeqs": "seqs",
  "scheduler.maxNumBatchedTokens": "batch",
};

export function readOwn(reader: TextReader, load: Load, rtt: number): OwnPlan | null {
  const { typed } = reader;
  const model = readModel(reader);
  const gpus = reader.number("gpus", { least: 1, most: 10_000, whole: true });
  const tp = reader.number("tp", { least: 1, most: 1024, whole: true });
  const pp = reader.number("pp", { least: 1, most: 64, whole: true });
  const utilisation = reader.optional("utilisation", { above: 0, most: 1 });
  const overhead = reader.optional("overhead", { least: 0, most: 1000, unit: "GB" });
  const seqs = reader.optional("seqs", { least: 1, most: 1e6, whole: true });
  const batch = reader.optional("batch", { least: 1, most: 1e7, whole: true });
  const operations = reader.number("operations", { least: 1, most: 100 });
  const price = readGpuPrice(reader);
  const set = readParameters(reader);
  const numbers = [gpus, tp, pp, utilisation ?? 1, overhead ?? 0, seqs ?? 1, batch ?? 1, operations];
  if (!model || !price || set === null || numbers.some(Number.isNaN)) return null;
  if (gpus % (tp * pp) !== 0) {
    reader.wrong("gpus", `${gpus} GPUs can’t be parted into replicas of ${tp * pp} (tensor × pipeline parallel).`);
    return null;
  }
  const server: Server = {
    model,
    gpu: typed.gpu,
    tensorParallel: tp,
    ...(pp > 1 && { pipelineParallel: pp }),
    ...(gpus > tp * pp && { replicas: gpus / (tp * pp) }),
    ...(typed.weights !== "" && { weights: typed.weights as Dtype }),
    ...(typed.kv !== "" && { kv: typed.kv as Dtype }),
    ...(typed.engine !== "vllm" && { engine: typed.engine }),
    ...(rtt > 0 && { network: { rtt } }),
    ...(set !== undefined && { parameters: set }),
    scheduler: {
      ...(utilisation !== undefined && { gpuMemoryUtilization: utilisation }),
      ...(seqs !== undefined && { maxNumSeqs: seqs }),
      ...(batch !== undefined && { maxNumBatchedTokens: batch }),
      ...(typed.caching === "off" && { enablePrefixCaching: false }),
    },
  };
  const resolved = reader.guarded("model", () => resolveServer(server), fieldOf);
  if (!resolved) return null;
  const whole = load.promptMean + load.outputMean + load.reasoning;
  const longest = resolved.scheduler.maxModelLen ?? resolved.model.maxContext;
  if (whole > longest) {
    reader.wrong("in", `${count(whole)} tokens are above the ${count(longest)} that ${model.name} takes.`);
    return null;
  }
  const final = overhead === undefined ? { server, resolved } : withOverhead(reader, server, resolved, overhead * 1e9);
  return final && { ...final, model, ...price, operations, hourly: typed.bill === "hourly", gpus };
}

function readModel(reader: TextReader): Model | null {
  const { typed } = reader;
  if (typed.model !== "config") return reader.guarded("model", () => findModel(typed.model));
  if (typed.config.trim() === "") {
    reader.wrong("config", "Paste the text of a model’s config.json here.");
    return null;
  }
  let config: unknown;
  try {
    config = JSON.parse(typed.config);
  } catch (error) {
    reader.wrong("config", `This is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
    return null;
  }
  return reader.guarded("config", () => findModel(config as HuggingFaceConfig));
}

function readGpuPrice(reader: TextReader): Pick<OwnPlan, "usdPerHour" | "priceSource"> | null {
  const { gpu } = reader.typed;
  const typed = reader.optional("usd", { above: 0, most: 10_000 });
  if (typed !== undefined) return Number.isNaN(typed) ? null : { usdPerHour: typed, priceSource: "typed by you" };
  const known = gpuPrices.filter(({ id }) => id === gpu).at(-1);
  if (!known) {
    const name = catalog.gpus.find(({ id }) => id === gpu)?.name ?? gpu;
    reader.wrong("usd", `The catalogue has no price of ${name}: type one.`);
    return null;
  }
  const flag = known.flag === undefined ? "" : ` (${known.flag})`;
  return { usdPerHour: known.usdPerHour, priceSource: `${known.source}${flag}, from ${known.on}` };
}

/** Undefined: the fitted set. */
function readParameters(reader: TextReader): StepParameters | undefined | null {
  const { set } = reader.typed;
  if (set === "fitted") return undefined;
  if (set !== "own") return Object.hasOwn(parameters, set) ? parameters[set as keyof typeof parameters] : undefined;
  const mfu = reader.number("mfu", { above: 0, most: 100, unit: "%" }) / 100;
  const mbu = reader.number("mbu", { above: 0, most: 100, unit: "%" }) / 100;
  if (Number.isNaN(mfu + mbu)) return null;
  const yours = (value: number): Parameter => ({ value, low: value, high: value, source: "typed by you" });
  const { scatter: _, ...course } = parameters["course-h100-v1"];
  return { ...course, name: "your efficiencies", mfu: yours(mfu), weights: yours(mbu), kv: yours(mbu) };
}

/**
 * The same server, of whose GPUs so many bytes each go to anything but weights and KV cache: the course's sets have a parameter for that, for
 * the others the share of memory that vLLM may take shrinks or grows.
 */
function withOverhead(
  reader: TextReader,
  server: Server,
  resolved: ResolvedServer,
  overhead: number,
): Pick<OwnPlan, "server" | "resolved"> | null {
  const set = resolved.parameters;
  if (set["form"] === "course") {
    const runtimeBytes = { value: overhead, low: overhead, high: overhead, source: "typed by you" };
    const changed = { ...server, parameters: { ...set, runtimeBytes } };
    return { server: changed, resolved: resolveServer(changed) };
  }
  const { gpus, total, activations, runtime } = budgetOf(resolved);
  const now = resolved.scheduler.gpuMemoryUtilization;
  const share = now - (overhead * gpus - activations - runtime) / total;
  const changed = { ...server, scheduler: { ...server.scheduler, gpuMemoryUtilization: Math.min(1, share) } };
  const again = reader.guarded("overhead", () => resolveServer(changed));
  return again && { server: changed, resolved: again };
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}
