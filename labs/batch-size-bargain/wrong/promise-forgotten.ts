// must get: longer than promised
import { decodeStep, memoryBudget, param, selfHostedCost, type Server } from "perflab";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const gpuHour = param("gpuHour");

export function bargain(batch: number, context: number, gpuHour: number) {
  const { seconds: tpot, bound } = decodeStep(server, { batch, context });
  const perUser = 1 / tpot;
  const total = batch * perUser;
  const cost = selfHostedCost({ gpuHour, gpus: 1, outputTokensPerSecond: total }).perMillionOutputTokens;
  const fits = batch <= memoryBudget(server).maxSequences(context);
  return { batch, context, tpot, perUser, total, cost, fits, bound };
}

export function largestBatch(limit: number, context: number): number {
  return limit > 0 ? memoryBudget(server).maxSequences(context) : 0;
}

export const slowdown = bargain(64, 4096, gpuHour).tpot / bargain(1, 4096, gpuHour).tpot;
