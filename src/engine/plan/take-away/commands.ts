/** A chosen server as commands that start one replica of it. Options are those of the versions named here; nobody has run these commands. */
import { resolveServer } from "../../resolve.ts";
import type { ResolvedServer, Server } from "../../server.ts";
import { checkpointOf } from "./checkpoint.ts";
import { command, option, type Option } from "./shell.ts";

/** Versions whose option names were read. */
export const versions = { vllm: "0.33.0", sglang: "0.5.23" } as const;

export interface Command {
  readonly text: string;
  readonly options: readonly Option[];
  readonly notes: readonly string[];
}

/** GPUs of one machine. */
export const PER_MACHINE = 8;

/** Throws InputError as `resolveServer` does. */
export function vllmCommand(server: Server): Command {
  const resolved = resolveServer(server);
  const { name, notes } = checkpointOf(resolved.model, resolved.weights);
  const options = vllmOptions(resolved);
  return {
    text: command(["vllm", "serve", name], options),
    options,
    notes: [...notes, ...commonNotes(resolved)],
  };
}

/** As the simulation took them, so that what is started is what was simulated. */
export function vllmOptions(server: ResolvedServer): Option[] {
  const { scheduler, tensorParallel, pipelineParallel, dataParallel, expertParallel, weights, kv, model } = server;
  const { quantise } = checkpointOf(model, weights);
  return [
    option("--tensor-parallel-size", tensorParallel),
    ...(pipelineParallel > 1 ? [option("--pipeline-parallel-size", pipelineParallel)] : []),
    ...(dataParallel > 1 ? [option("--data-parallel-size", dataParallel)] : []),
    ...(expertParallel > 1 ? [option("--enable-expert-parallel")] : []),
    ...(quantise ? [option("--quantization", "fp8")] : []),
    ...(kv === "fp8" ? [option("--kv-cache-dtype", "fp8")] : []),
    ...(scheduler.maxModelLen === undefined ? [] : [option("--max-model-len", scheduler.maxModelLen)]),
    option("--max-num-seqs", scheduler.maxNumSeqs),
    option("--max-num-batched-tokens", scheduler.maxNumBatchedTokens),
    option("--gpu-memory-utilization", scheduler.gpuMemoryUtilization),
    option(scheduler.enablePrefixCaching ? "--enable-prefix-caching" : "--no-enable-prefix-caching"),
  ];
}

/** SGLang counts attention ranks inside its tensor-parallel group, and has a scheduler of its own. Throws InputError as `resolveServer` does. */
export function sglangCommand(server: Server): Command {
  const resolved = resolveServer(server);
  const { scheduler, tensorParallel, pipelineParallel, dataParallel, expertParallel, kv } = resolved;
  const { name, quantise, notes } = checkpointOf(resolved.model, resolved.weights);
  const options = [
    option("--model-path", name),
    option("--tp-size", tensorParallel * dataParallel),
    ...(pipelineParallel > 1 ? [option("--pp-size", pipelineParallel)] : []),
    ...(dataParallel > 1 ? [option("--attn-dp-size", dataParallel)] : []),
    ...(expertParallel > 1 ? [option("--ep-size", expertParallel)] : []),
    ...(quantise ? [option("--quantization", "fp8")] : []),
    ...(kv === "fp8" ? [option("--kv-cache-dtype", "fp8_e4m3")] : []),
    ...(scheduler.maxModelLen === undefined ? [] : [option("--context-length", scheduler.maxModelLen)]),
    option("--max-running-requests", scheduler.maxNumSeqs),
    option("--chunked-prefill-size", scheduler.maxNumBatchedTokens),
    ...(scheduler.enablePrefixCaching ? [] : [option("--disable-radix-cache")]),
  ];
  return {
    text: command(["python", "-m", "sglang.launch_server"], options),
    options,
    notes: [
      ...notes,
      ...commonNotes(resolved),
      "The plan was simulated with vLLM’s scheduler and memory rules; SGLang has its own, and chooses its share of memory itself.",
    ],
  };
}

function commonNotes({ replicas, tensorParallel, pipelineParallel, dataParallel, gpu }: ResolvedServer): string[] {
  const gpus = tensorParallel * pipelineParallel * dataParallel;
  return [
    ...(replicas > 1 ? [`This starts one of ${replicas} replicas; a load balancer stands before them.`] : []),
    ...(gpus > PER_MACHINE
      ? [
          `Its ${gpus} GPUs are more than the ${PER_MACHINE} of one machine: both engines have options of their own for several machines.`,
        ]
      : []),
    ...(gpu.id.startsWith("tpu") ? ["On TPUs vLLM needs its TPU backend, which has limits of its own."] : []),
  ];
}
