/** What the runner's main thread and its load worker say to each other. */
import type { EndpointTarget, MeasureOptions } from "../../endpoint/endpoint-target.ts";
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";

/** MeasureOptions without what can't be sent. */
export type PlainMeasureOptions = Omit<
  MeasureOptions,
  "signal" | "onProgress" | "onRequest" | "onWaiting" | "prompts" | "salt"
>;

export type WorkerRequest =
  | {
      readonly type: "run";
      readonly id: string;
      readonly target: EndpointTarget;
      readonly workload: Workload;
      readonly options: PlainMeasureOptions;
    }
  | { readonly type: "cancel"; readonly id: string };

export type WorkerReply =
  | { readonly type: "progress"; readonly id: string; readonly done: number; readonly of: number }
  | { readonly type: "run"; readonly id: string; readonly run: Run }
  | { readonly type: "error"; readonly id: string; readonly kind: string; readonly message: string };
