/** What the estimator's page says about the traffic, as the finder asks it. */
import type { GoodputGoal, PlanQuestion, PlanRow } from "../../engine/plan/types.ts";
import type { FieldName } from "../estimator/fields.ts";
import { ratesOf, type Load, type Objective, type OwnPlan } from "../estimator/plan.ts";
import { requestsOf } from "../estimator/workload.ts";
import type { Form, Wishes } from "./form.ts";

/** The page's part of a question. */
export type FinderRequest = Pick<PlanQuestion, "model" | "workload" | "server" | "asOf"> & {
  readonly modelName: string;
  /** Formats of the checkpoint. */
  readonly own: { readonly weights: string; readonly kv: string };
  readonly promise: GoodputGoal | undefined;
};

/** Shares above this can't be told from a few hundred simulated requests. */
const MOST_SHARE = 0.99;

/** `id`: the catalogue's, where the model is one of it. */
export function requestOf(
  load: Load,
  objective: Objective,
  own: OwnPlan,
  id: string | undefined,
  asOf: string,
): FinderRequest {
  const { model, server } = own;
  const { slo, attainment } = objective;
  return {
    model: id ?? model,
    modelName: model.name,
    own: { weights: model.weights ?? "bf16", kv: model.kv ?? "bf16" },
    workload: {
      rate: ratesOf(load).peak,
      burstiness: load.burstiness,
      ...requestsOf(load, model.maxContext),
    },
    server: {
      ...(server.engine !== undefined && { engine: server.engine }),
      ...(server.network && { network: server.network }),
      ...(server.parameters !== undefined && { parameters: server.parameters }),
      ...(server.scheduler && { scheduler: server.scheduler }),
    },
    asOf,
    promise: Object.keys(slo).length > 0 ? { ...slo, share: Math.min(MOST_SHARE, attainment) } : undefined,
  };
}

export function questionOf(request: FinderRequest, form: Form, wishes: Wishes, rows: number): PlanQuestion {
  const { promise, own, model, workload, server, asOf } = request;
  const { bounds, space, ...others } = wishes;
  return {
    model,
    workload,
    ...(server && { server }),
    asOf,
    slo: { bounds, ...(promise && { goodput: promise }) },
    ...others,
    space: {
      ...space,
      ...(form.weights === "own" && { weights: [own.weights] as never }),
      ...(form.kv === "own" && { kv: [own.kv] as never }),
    },
    rows,
  };
}

/** The page's fields know no spread experts. */
export function isPlain({ server }: PlanRow): boolean {
  return (server.expertParallel ?? 1) === 1;
}

/** A plain row as the page's fields have it. */
export function fieldsOf({ server, gpus, price }: PlanRow): Partial<Record<FieldName, string>> {
  const { tensorParallel = 1, pipelineParallel = 1 } = server;
  return {
    gpu: String(server.gpu),
    gpus: String(gpus),
    tp: String(tensorParallel),
    pp: String(pipelineParallel),
    weights: server.weights ?? "",
    kv: server.kv ?? "",
    usd: price.on === undefined ? String(price.usdPerHour) : "",
  };
}
