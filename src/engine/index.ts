/** The public face of the engine: what `import … from "perflab"` gives. Nothing else is public. */

// ── the nouns ──
export { chunkKinds, statuses, tokenSources } from "./run.ts";
export type * from "./run.ts";
export type * from "./workload/types.ts";
export { InputError } from "./errors.ts";

// ── metrics ──
export { compare } from "./metrics/compare.ts";
export { correctOmission } from "./metrics/correct-omission.ts";
export { definitions } from "./metrics/definitions/definitions.ts";
export { distribution } from "./metrics/distribution.ts";
export { goodput } from "./metrics/goodput.ts";
export { percentile } from "./metrics/percentile.ts";
export { percentileInterval, percentileRanks } from "./metrics/percentile-interval.ts";
export { queueing, type QueueInput, type QueueResult } from "./metrics/queueing.ts";
export { speculation } from "./metrics/speculation.ts";
export { summarize } from "./metrics/summarize.ts";
export { tail } from "./metrics/tail.ts";
export type * from "./metrics/types.ts";

// ── catalogue ──
export { catalog } from "./catalog/catalog.ts";
export { gpu } from "./catalog/gpu.ts";
export { model } from "./catalog/model.ts";
export { gpuPrice, price } from "./catalog/price.ts";
export { sourceOf } from "./catalog/source.ts";
export type * from "./catalog/types.ts";

// ── servers and their steps ──
export { resolveServer, validateServer } from "./resolve.ts";
export type * from "./server.ts";
export { parameters } from "./step/parameters.ts";
export { bounds } from "./step/types.ts";
export type * from "./step/types.ts";

// ── estimate ──
export { apiCost, breakEven, monthlyCost, selfHostedCost } from "./estimate/cost.ts";
export { estimate } from "./estimate/estimate.ts";
export { kvBytes, kvBytesPerToken, kvParts, memoryBudget } from "./estimate/memory.ts";
export { pareto, rooflinePoint, type ParetoPoint, type RooflinePoint } from "./estimate/pareto.ts";
export { decodeStep, prefillStep } from "./estimate/step.ts";
export type * from "./estimate/types.ts";

// ── digital twin ──
export { calibrate } from "./calibrate/calibrate.ts";
export { calibrationMetrics } from "./calibrate/types.ts";
export type * from "./calibrate/types.ts";

// ── workloads ──
export { burst, closed, constant, gamma, poisson, ramp } from "./workload/arrivals.ts";
export { clamp, empirical, exponential, fixed, lognormal, sample, uniform } from "./workload/lengths.ts";
export { expand, script } from "./workload/expand.ts";
export { trace } from "./workload/trace.ts";

// ── simulator ──
export { explain } from "./simulate/explain.ts";
export { fingerprint } from "./simulate/record/fingerprint.ts";
export { simulate } from "./simulate/simulate.ts";
export type * from "./simulate/types.ts";

// ── retrieval ──
export { buildIndex } from "./retrieval/build-index.ts";
export { ragPipeline } from "./retrieval/rag-pipeline.ts";
export { recall } from "./retrieval/recall.ts";
export type * from "./retrieval/types.ts";
export { vectors } from "./retrieval/vectors.ts";
