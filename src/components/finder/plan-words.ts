/** A row's parts as a reader reads them. */
import { gpu as findGpu } from "../../engine/catalog/gpu.ts";
import type { PlanRow } from "../../engine/plan/types.ts";

export function titleOf({ server, replicas }: PlanRow): string {
  const { name } = findGpu(server.gpu);
  const { tensorParallel = 1, pipelineParallel = 1, dataParallel = 1 } = server;
  const each = tensorParallel * pipelineParallel * dataParallel;
  return `${replicas > 1 ? `${replicas} × ` : ""}${each > 1 ? `${each} ` : ""}${name}`;
}

export function detailOf({ server }: PlanRow): string {
  const { tensorParallel = 1, pipelineParallel = 1, dataParallel = 1, expertParallel = 1, weights, kv } = server;
  return [
    `${weights} weights`,
    `${kv} KV`,
    ...(tensorParallel > 1 ? [`TP ${tensorParallel}`] : []),
    ...(pipelineParallel > 1 ? [`PP ${pipelineParallel}`] : []),
    ...(dataParallel > 1 ? [`DP ${dataParallel}`] : []),
    ...(expertParallel > 1 ? [`EP ${expertParallel}`] : []),
  ].join(", ");
}

export function priceOf({ price }: PlanRow): string {
  const hour = `$${price.usdPerHour} per GPU-hour`;
  if (price.on === undefined) return `${hour}, yours`;
  return `${hour} of ${price.on}${price.stale ? `, ${price.age} days old: ask again` : ""}`;
}

export function ms(seconds: number): string {
  if (!(seconds >= 0)) return "–";
  return seconds < 1
    ? `${Number((1000 * seconds).toPrecision(3)).toLocaleString("en-GB")} ms`
    : `${Number(seconds.toPrecision(3))} s`;
}

export function usd(amount: number): string {
  return `$${Math.round(amount).toLocaleString("en-GB")}`;
}
