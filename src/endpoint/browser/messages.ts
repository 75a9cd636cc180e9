/** What a page and its endpoint worker say to each other. */
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { DoctorReport } from "../doctor/report.ts";
import type { EndpointTarget, MeasureOptions } from "../endpoint-target.ts";

export type PlainMeasureOptions = Omit<MeasureOptions, "signal" | "onProgress">;

/** The page's surroundings, which a worker can't see for itself. */
export interface PageFacts {
  readonly secure: boolean;
  readonly hidden: boolean;
}

export type PageToWorker =
  | {
      readonly type: "measure";
      readonly target: EndpointTarget;
      readonly workload: Workload;
      readonly options: PlainMeasureOptions;
    }
  | { readonly type: "models"; readonly target: EndpointTarget; readonly page: PageFacts }
  | { readonly type: "doctor"; readonly target: EndpointTarget; readonly page: PageFacts }
  /** The page was hidden: browsers slow down what it runs. */
  | { readonly type: "hidden" }
  | { readonly type: "stop" };

export type WorkerToPage =
  | { readonly type: "progress"; readonly done: number; readonly of: number }
  | { readonly type: "measured"; readonly run: Run }
  | { readonly type: "models"; readonly models: readonly string[] }
  | { readonly type: "report"; readonly report: DoctorReport }
  | { readonly type: "error"; readonly kind: string; readonly message: string };
