/** A question with every default filled in and every field checked. */
import { formats } from "../catalog/dtypes.ts";
import { gpu as findGpu, gpus } from "../catalog/gpu.ts";
import { model as findModel } from "../catalog/model.ts";
import type { Dtype, Model } from "../catalog/types.ts";
import { checkDay } from "../catalog/price.ts";
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed, optionsOf } from "../options.ts";
import type { RequestTable } from "../workload/request-table.ts";
import { drawTable } from "../workload/table.ts";
import { goalsOf, type Goal } from "./goals.ts";
import { refusePrices } from "./price.ts";
import { longestOf, trafficOf } from "./traffic.ts";
import type { LatencyMetric, PlanQuestion, PlanSpace, PlanWorkload } from "./types.ts";

export interface ResolvedQuestion {
  readonly model: Model;
  /** As it was asked for: an id stays an id in the rows. */
  readonly asked: PlanQuestion["model"];
  readonly workload: PlanWorkload;
  readonly goals: readonly Goal[];
  readonly usdPerMonth: number;
  readonly asOf: string;
  readonly usdPerGpuHour: Readonly<Record<string, number>>;
  readonly space: PlanSpace;
  readonly rankBy: LatencyMetric;
  readonly rows: number;
  readonly mostLoad: number;
  readonly server: NonNullable<PlanQuestion["server"]>;
  readonly seed: number;
  /** The requests of every simulation: lengths are the same at every rate. */
  readonly table: RequestTable;
  /** Tokens of the longest of them, rounded up: what servers are set up for. */
  readonly maxModelLen: number;
}

const questionOptions = optionsOf<PlanQuestion>({
  model: "anything",
  workload: "anything",
  slo: "anything",
  usdPerMonth: "a number",
  asOf: "anything",
  usdPerGpuHour: "anything",
  space: "anything",
  rankBy: "anything",
  rows: "a number",
  mostLoad: "a number",
  server: "anything",
  seed: "a number",
});
const workloadOptions = optionsOf<PlanWorkload>({
  rate: "a number",
  burstiness: "a number",
  prompt: "anything",
  output: "anything",
  prefix: "anything",
});
const spaceOptions = optionsOf<PlanSpace>({
  gpus: "anything",
  weights: "anything",
  kv: "anything",
  tensorParallel: "anything",
  pipelineParallel: "anything",
  dataParallel: "anything",
  gpusPerReplica: "a number",
  replicas: "a number",
});
const serverOptions = optionsNamed({ others: ["engine", "version", "network", "scheduler", "parameters"] });

/** Throws InputError that names the field, its value and what is allowed. */
export function resolveQuestion(question: PlanQuestion): ResolvedQuestion {
  checkOptions("question", question, questionOptions);
  const { usdPerMonth = Infinity, usdPerGpuHour = {}, rankBy = "e2e", rows = 12, mostLoad = 0.9, seed = 1 } = question;
  const model = findModel(question.model);
  checkOptions("workload", question.workload, workloadOptions);
  const { workload } = question;
  if (!(workload.rate > 0 && workload.rate <= 1e5))
    throw new InputError("workload.rate", workload.rate, "requests per second, above 0 and at most 100,000");
  if (!(usdPerMonth > 0)) throw new InputError("usdPerMonth", usdPerMonth, "USD a month, above 0");
  checkDay("asOf", question.asOf);
  if (!["ttft", "tpot", "e2e"].includes(rankBy)) throw new InputError("rankBy", rankBy, "ttft, tpot or e2e");
  if (rows !== Infinity && !(Number.isInteger(rows) && rows >= 1))
    throw new InputError("rows", rows, "a whole number from 1, or Infinity");
  if (!(mostLoad > 0 && mostLoad < 1)) throw new InputError("mostLoad", mostLoad, "a share above 0 and below 1");
  const server = question.server ?? {};
  checkOptions("server", server, serverOptions);
  refusePrices(usdPerGpuHour);
  const goals = goalsOf(question.slo);
  const table = drawTable(trafficOf(workload, workload.rate, seed), seed);
  return {
    model,
    asked: question.model,
    workload,
    goals,
    usdPerMonth,
    asOf: question.asOf,
    usdPerGpuHour,
    space: spaceOf(question.space ?? {}, model),
    rankBy,
    rows,
    mostLoad,
    server,
    seed,
    table,
    maxModelLen: longestOf(workload, table, server.scheduler?.maxModelLen ?? model.maxContext),
  };
}

/** Formats that common checkpoints come in. */
const common: readonly Dtype[] = ["bf16", "fp8", "w4a16"];

function spaceOf(given: Partial<PlanSpace>, model: Model): PlanSpace {
  checkOptions("space", given, spaceOptions);
  const own = model.weights ?? "bf16";
  const smaller = common.filter((dtype) => formats[dtype].weight < formats[own].weight);
  const space: PlanSpace = {
    gpus: given.gpus ?? gpus.filter(({ assume }) => assume === undefined).map(({ id }) => id),
    weights: given.weights ?? [own, ...smaller],
    kv: given.kv ?? [...new Set<Dtype>([model.kv ?? "bf16", "fp8"])],
    tensorParallel: given.tensorParallel ?? [1, 2, 4, 8],
    pipelineParallel: given.pipelineParallel ?? [1, 2],
    dataParallel: given.dataParallel ?? (model.experts ? [1, 2, 4, 8] : [1]),
    gpusPerReplica: given.gpusPerReplica ?? 16,
    replicas: given.replicas ?? 64,
  };
  for (const id of some("space.gpus", space.gpus)) findGpu(id);
  for (const name of ["weights", "kv"] as const)
    for (const dtype of some(`space.${name}`, space[name]))
      if (!Object.hasOwn(formats, dtype))
        throw new InputError(`space.${name}`, dtype, `one of ${Object.keys(formats).join(", ")}`);
  for (const name of ["tensorParallel", "pipelineParallel", "dataParallel"] as const)
    for (const ways of some(`space.${name}`, space[name])) whole(`space.${name}`, ways);
  whole("space.gpusPerReplica", space.gpusPerReplica);
  whole("space.replicas", space.replicas);
  return space;
}

function some<T>(field: string, list: readonly T[]): readonly T[] {
  if (!Array.isArray(list) || list.length === 0) throw new InputError(field, list, "a list of at least one");
  return list;
}

function whole(field: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= 1024))
    throw new InputError(field, value, "a whole number from 1 to 1024");
}
