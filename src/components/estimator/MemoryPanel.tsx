/** Where the memory of the GPUs goes, and how many requests the rest holds. */
import { kvParts } from "../../engine/estimate/memory.ts";
import type { Figure } from "./figure.ts";
import type { OwnAnswer } from "./own-answer.ts";
import { generated, type Load, type OwnPlan } from "./plan.ts";
import { Shown } from "./Shown.tsx";
import { count, gigabytes, number } from "./words.ts";

export function MemoryPanel({
  plan,
  load,
  told,
}: {
  readonly plan: OwnPlan;
  readonly load: Load;
  readonly told: OwnAnswer;
}) {
  const { memory } = told;
  const parts = [
    { id: "weights", name: "weights", bytes: memory.weights },
    { id: "activations", name: "activations", bytes: memory.activations },
    { id: "runtime", name: "CUDA context and buffers", bytes: memory.runtime },
    { id: "kv", name: "KV cache", bytes: memory.kv },
    { id: "spare", name: "left to others", bytes: Math.max(0, memory.total - memory.usable) },
  ];
  const sum = parts.reduce((total, { bytes }) => total + bytes, 0);
  const replica = memory.gpus === 1 ? "one GPU" : `the ${memory.gpus} GPUs of a replica`;
  const said = parts.map(({ name, bytes }) => `${name} ${gigabytes(bytes)}`).join(", ");
  return (
    <section data-part="memory">
      <h2>Memory of {replica}</h2>
      <div class="est-bar" role="img" aria-label={`Of ${gigabytes(memory.total)}: ${said}`}>
        {parts.map(({ id, bytes }) => (
          <span key={id} data-kind={id} style={{ inlineSize: `${(100 * bytes) / sum}%` }} />
        ))}
      </div>
      <dl class="est-facts">
        {parts.map(({ id, name, bytes }) => (
          <div key={id}>
            <dt>
              <i class="est-key" data-kind={id} /> {name}
            </dt>
            <dd>
              <Shown figure={memoryFigure(id, name, bytes, plan, told)} />
            </dd>
          </div>
        ))}
        {memory.fits && (
          <>
            <div>
              <dt>KV cache in tokens</dt>
              <dd>
                <Shown figure={tokensFigure(plan, load, told)} />
              </dd>
            </div>
            <div>
              <dt>Such requests at once</dt>
              <dd>
                <Shown figure={sequencesFigure(plan, load, told)} />
              </dd>
            </div>
          </>
        )}
      </dl>
      {!memory.fits && (
        <p class="est-unstable" data-part="no-fit" role="status">
          <b>Does not fit.</b> {memory.reason}
        </p>
      )}
    </section>
  );
}

const gib = (bytes: number) => `${number(bytes / 2 ** 30)}\u00a0GiB`;

function memoryFigure(id: string, name: string, bytes: number, plan: OwnPlan, { memory }: OwnAnswer): Figure {
  const { resolved, model } = plan;
  const utilisation = resolved.scheduler.gpuMemoryUtilization;
  const formulas: Readonly<Record<string, readonly [string, string]>> = {
    weights: [
      "parameters × bytes of their format; embeddings and output layer of quantised checkpoints in 16 bits",
      `${number(model.parameters / 1e9)} B parameters as ${resolved.weights}`,
    ],
    activations: [
      "the largest step that vLLM profiles: hidden states, gate and up projections, logits",
      `${count(resolved.scheduler.maxNumBatchedTokens)} tokens, ${count(resolved.scheduler.maxNumSeqs)} sequences`,
    ],
    runtime: [
      "CUDA context, NCCL buffers and allocator slack, a GPU × GPUs",
      `${memory.gpus} × ${gigabytes(memory.runtime / memory.gpus)}`,
    ],
    kv: [
      "visible memory × gpuMemoryUtilization − weights − activations − CUDA context",
      `${gigabytes(memory.total)} × ${number(utilisation)} − ${gigabytes(memory.weights)} − ${gigabytes(memory.activations)} − ${gigabytes(memory.runtime)}`,
    ],
    spare: ["visible memory × (1 − gpuMemoryUtilization)", `${gigabytes(memory.total)} × ${number(1 - utilisation)}`],
  };
  const [formula, filled] = formulas[id]!;
  return {
    id: `memory-${id}`,
    label: name,
    text: gigabytes(bytes),
    range: gib(bytes),
    formula,
    filled,
    source: "vLLM’s accounting (vllm/v1/worker/gpu_worker.py).",
  };
}

function tokensFigure({ model, resolved }: OwnPlan, load: Load, { memory }: OwnAnswer): Figure {
  const context = Math.min(model.maxContext, load.promptMean + generated(load));
  const { perToken } = kvParts(model, Math.min(context, model.maxContext), resolved.kv);
  return {
    id: "kv-tokens",
    label: "KV cache in tokens",
    text: count(memory.cacheTokens),
    range: `${number(perToken / 1024)}\u00a0KiB a token at this context`,
    formula: "KV cache ÷ bytes a token; windows and shared layers counted as vLLM groups them",
    filled: `${gigabytes(memory.kv)} in ${count(memory.blocks)} blocks of ${resolved.scheduler.blockSize}, ${resolved.kv}`,
    source: "2 × layers × KV heads × head size × bytes, or the MLA latent.",
  };
}

function sequencesFigure({ resolved }: OwnPlan, load: Load, { memory, sequences }: OwnAnswer): Figure {
  const tokens = Math.max(1, load.promptMean + generated(load));
  return {
    id: "sequences",
    label: "Such requests at once",
    text: count(sequences),
    formula: "whole sequences that the KV cache holds, at most maxNumSeqs, over all replicas",
    filled: `${resolved.replicas} × min(${gigabytes(memory.kv)} ÷ ${gigabytes(memory.sequenceBytes(tokens))}, ${count(resolved.scheduler.maxNumSeqs)}), ${count(tokens)} tokens each`,
    source: "",
  };
}
