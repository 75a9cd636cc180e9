/** What the brief does not allow, and what a run must be to count: each told with its reason. */
import { expand, fingerprint, gpu, InputError, memoryBudget, ragPipeline, statuses } from "perflab";
import type { RagStage, Run, Workload } from "perflab";
import { gpus, grounding, kvFormats, models, mostGpus, rerankers, type Plan } from "./brief.ts";
import { passages, search } from "./corpus.ts";

export interface Objection {
  readonly seen: string;
  readonly expected: string;
  readonly why: string;
}

/** Fields of a server that a plan may set. */
const own = ["model", "gpu", "tensorParallel", "pipelineParallel", "replicas", "routing", "weights", "kv", "scheduler"];
const schedulerFields = [
  "maxNumSeqs",
  "maxNumBatchedTokens",
  "blockSize",
  "gpuMemoryUtilization",
  "enablePrefixCaching",
  "enableChunkedPrefill",
  "longPrefillTokenThreshold",
  "policy",
];
/** Why not, where it is not just that the platform team runs plain vLLM. */
const whyNot: Readonly<Record<string, string>> = {
  maxWaiting: "It turns requests away when many wait. Who is turned away was promised an answer too.",
  timeout: "It gives requests up. Who is given up was promised an answer too.",
  maxModelLen: "It refuses long prompts, and the brief's users write some.",
  numGpuBlocks: "The blocks are what the GPU's memory leaves. Nobody can ask for more of them.",
  speculation: "How often a draft is right is measured, not chosen, and nobody has measured it for this traffic.",
  parameters: "How fast a GPU is, is not yours to choose.",
  network: "The way to the users is not yours to choose.",
};

/** The first thing about a plan that the brief does not allow; null where it may be shipped, if it keeps its promises. */
export function planObjection(plan: Plan): Objection | null {
  return serverObjection(plan) ?? retrievalObjection(plan);
}

function serverObjection({ server }: Plan): Objection | null {
  const options = server.scheduler ?? {};
  const foreign =
    Object.keys(server).find((name) => !own.includes(name)) ??
    Object.keys(options).find((name) => !schedulerFields.includes(name));
  if (foreign !== undefined)
    return {
      seen: `the plan sets ${foreign}`,
      expected: `only ${[...own, ...schedulerFields].join(", ")}`,
      why: whyNot[foreign] ?? "The platform team runs plain vLLM, with these options and no others.",
    };
  const { model, weights, kv = "bf16", tensorParallel = 1, pipelineParallel = 1, replicas = 1 } = server;
  const formats = typeof model === "string" ? models[model] : undefined;
  if (formats === undefined)
    return {
      seen: typeof model === "string" ? model : "a model that you describe yourself",
      expected: `one of ${Object.keys(models).join(", ")}`,
      why: "The product team has compared the answers of these and of no others.",
    };
  if (weights !== undefined && !formats.includes(weights))
    return {
      seen: `weights in ${weights}`,
      expected: `${formats.join(" or ")} for ${String(model)}`,
      why: "In another format it gives other answers, and nobody has compared those.",
    };
  if (!kvFormats.includes(kv))
    return {
      seen: `a KV cache in ${kv}`,
      expected: kvFormats.join(" or "),
      why: "In another format it gives other answers, and nobody has compared those.",
    };
  if (typeof server.gpu !== "string" || !gpus.includes(server.gpu))
    return {
      seen: typeof server.gpu === "string" ? server.gpu : "a GPU that you describe yourself",
      expected: `one of ${gpus.join(", ")}`,
      why: "The provider rents these.",
    };
  const count = tensorParallel * pipelineParallel * replicas;
  if (count > mostGpus)
    return {
      seen: `${count} GPUs`,
      expected: `${mostGpus} at most`,
      why: "All of it must stand in one machine.",
    };
  try {
    const memory = memoryBudget(server);
    if (!memory.fits)
      return {
        seen: `${(memory.shortBy / 1e9).toFixed(1)} GB too little memory on ${gpu(server.gpu).name}`,
        expected: "weights, activations and some KV cache within the memory of the GPUs",
        why: "It would not start.",
      };
  } catch (refused) {
    if (!(refused instanceof InputError)) throw refused;
    return { seen: refused.message, expected: "a server that starts", why: "vLLM would refuse it, too." };
  }
  return null;
}

function retrievalObjection({ retrieval }: Plan): Objection | null {
  const { index, ef, candidates, reranker, chunks, chunkTokens } = retrieval;
  const whole = [candidates, chunks, chunkTokens, ...(index === "hnsw" ? [ef ?? NaN] : [])];
  const known = index === "flat" || index === "hnsw";
  if (!known || !(reranker in rerankers) || !whole.every((n) => Number.isInteger(n) && n >= 1 && n <= 10_000))
    return {
      seen: JSON.stringify(retrieval),
      expected: `index flat, or hnsw with ef; one of ${Object.keys(rerankers).join(", ")}; whole numbers from 1`,
      why: "Nobody can build this retrieval.",
    };
  if (chunkTokens > grounding.chunkTokens)
    return {
      seen: `passages of ${chunkTokens} tokens`,
      expected: `${grounding.chunkTokens} at most`,
      why: "The embedding reads no further, so nobody could find what stands behind.",
    };
  if (chunks * chunkTokens < grounding.tokens)
    return {
      seen: `${chunks * chunkTokens} tokens of passages`,
      expected: `${grounding.tokens} or more`,
      why: "With less to stand on, answers became guesses when the product team compared them.",
    };
  if (candidates > passages)
    return {
      seen: `${candidates} candidates`,
      expected: `${passages} at most`,
      why: "The handbook has no more passages.",
    };
  if (candidates < grounding.candidates * chunks)
    return {
      seen: `${candidates} candidates for ${chunks} passages`,
      expected: `${grounding.candidates * chunks} or more`,
      why: "A reranker can only choose where there is a choice.",
    };
  const { ndcg } = rerankers[reranker];
  if (ndcg < grounding.ndcg)
    return {
      seen: `NDCG@10 of ${ndcg} with ${reranker}`,
      expected: `${grounding.ndcg} or more`,
      why: "The passages must be in the right order, or the best of them is cut off.",
    };
  const found = search(retrieval).recall;
  if (found < grounding.recall)
    return {
      seen: `the index finds ${(100 * found).toFixed(1)} % of the nearest passages`,
      expected: `${100 * grounding.recall} % or more`,
      why: "What the index does not find, no reranker can put right. Give HNSW a longer candidate list.",
    };
  return null;
}

/** Why a run does not count as one of the brief's traffic, served by this plan; null where it does. */
export function runObjection(run: Run, plan: Plan, stages: readonly RagStage[], load: Workload): Objection | null {
  const asked = expand(load);
  const { count, scheduled, outputTokens, promptTokens, status } = run.requests;
  const times = [...scheduled].sort((a, b) => a - b);
  if (count !== asked.length || asked.some(({ at }, i) => Math.abs(at - times[i]) > 1e-9))
    return {
      seen: `${count} requests, the last of them at ${(times.at(-1) ?? NaN).toFixed(3)} s`,
      expected: `${asked.length} requests, the last of them at ${asked.at(-1)?.at.toFixed(3)} s`,
      why: "That is not the traffic that was asked for. Serve the workload that `serve` is given, as it is.",
    };
  const dropped = [...status].filter((code) => statuses[code] !== "succeeded").length;
  if (dropped > 0)
    return {
      seen: `${dropped} of ${count} requests were dropped`,
      expected: "an answer for everybody",
      why: "Who is turned away was promised an answer too.",
    };
  const sum = (of: Iterable<number>) => [...of].reduce((a, b) => a + b, 0);
  const wanted = sum(asked.map(({ output }) => output));
  if (sum(outputTokens) !== wanted)
    return {
      seen: `${sum(outputTokens)} tokens written`,
      expected: `${wanted}`,
      why: "An answer that is cut short, or empty, is no answer. Let every request write what it asks for.",
    };
  const read = sum(asked.map(({ prompt }) => (typeof prompt === "number" ? prompt : sum(prompt.map((s) => s.tokens)))));
  const added = sum(stages.map(({ addsPromptTokens = 0 }) => addsPromptTokens));
  if (sum(promptTokens) !== read + count * added)
    return {
      seen: `${sum(promptTokens)} tokens read`,
      expected: `${read + count * added}`,
      why: "The model must read each question with its instructions and passages.",
    };
  if (fingerprint(run) !== fingerprint(ragPipeline(stages, plan.server, load).run))
    return {
      seen: "times that this plan does not give when it is simulated again",
      expected: "what ragPipeline says of these stages and this server, to the last bit",
      why: "Results that nobody can repeat were not measured.",
    };
  return null;
}
