/** The configurations that a search tries: everything about a server but how many replicas of it there are. */
import type { Server } from "../server.ts";
import type { ResolvedQuestion } from "./question.ts";
import { planPrice } from "./price.ts";
import type { PlanPrice } from "./types.ts";

export interface Configuration {
  readonly id: string;
  /** GPU and weights: of those that differ only in how they are split, and in the KV cache's format, one is enough to compare. */
  readonly family: string;
  /** One replica. */
  readonly server: Server;
  readonly gpu: string;
  readonly gpus: number;
  /** null: nobody knows what this GPU costs. */
  readonly price: PlanPrice | null;
}

export function configurationsOf(question: ResolvedQuestion): Configuration[] {
  const { space, asOf, usdPerGpuHour, maxModelLen, server: common } = question;
  const found: Configuration[] = [];
  for (const gpu of space.gpus) {
    const price = planPrice(gpu, asOf, usdPerGpuHour);
    for (const { tensorParallel, pipelineParallel, dataParallel, expertParallel } of splits(question)) {
      const gpus = tensorParallel * pipelineParallel * dataParallel;
      if (gpus > space.gpusPerReplica) continue;
      for (const weights of space.weights)
        for (const kv of space.kv)
          found.push({
            id: [
              gpu,
              weights,
              `kv-${kv}`,
              ...named({ tensorParallel, pipelineParallel, dataParallel, expertParallel }),
            ].join(" "),
            family: `${gpu} ${weights}`,
            gpu,
            gpus,
            price,
            server: {
              ...common,
              model: question.asked,
              gpu,
              weights,
              kv,
              tensorParallel,
              ...(pipelineParallel > 1 && { pipelineParallel }),
              ...(dataParallel > 1 && { dataParallel }),
              ...(expertParallel > 1 && { expertParallel }),
              scheduler: { ...common.scheduler, maxModelLen },
            },
          });
    }
  }
  return found;
}

interface Split {
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly dataParallel: number;
  readonly expertParallel: number;
}

function named({ tensorParallel, pipelineParallel, dataParallel, expertParallel }: Split): string[] {
  return [
    `tp${tensorParallel}`,
    ...(pipelineParallel > 1 ? [`pp${pipelineParallel}`] : []),
    ...(dataParallel > 1 ? [`dp${dataParallel}`] : []),
    ...(expertParallel > 1 ? [`ep${expertParallel}`] : []),
  ];
}

/** Experts are either cut into slices, as everything else is, or spread whole over all GPUs of a replica, as vLLM's expert parallelism does. */
function splits({ space, model }: ResolvedQuestion): Split[] {
  const found: Split[] = [];
  for (const tensorParallel of space.tensorParallel)
    for (const pipelineParallel of space.pipelineParallel) {
      found.push({ tensorParallel, pipelineParallel, dataParallel: 1, expertParallel: 1 });
      if (!model.experts || pipelineParallel > 1) continue;
      for (const dataParallel of space.dataParallel) {
        const expertParallel = tensorParallel * dataParallel;
        if (expertParallel > 1) found.push({ tensorParallel, pipelineParallel, dataParallel, expertParallel });
      }
    }
  return found;
}
