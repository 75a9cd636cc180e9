/** What a page and its endpoint worker say to each other. */
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { DoctorReport } from "../doctor/report.ts";
import type { EndpointTarget, MeasureOptions, PairedRunner } from "../endpoint-target.ts";

export type PlainMeasureOptions = Omit<MeasureOptions, "signal" | "onProgress" | "onRequest" | "onWaiting">;

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
      /** Carries the load instead of the browser. */
      readonly runner?: PairedRunner;
    }
  | {
      readonly type: "models" | "doctor";
      readonly target: EndpointTarget;
      readonly page: PageFacts;
      readonly runner?: PairedRunner;
    }
  | { readonly type: "pair"; readonly url: string; readonly token: string }
  /** The page was hidden: browsers slow down what it runs. */
  | { readonly type: "hidden" }
  | { readonly type: "stop" };

export type WorkerToPage =
  | { readonly type: "progress"; readonly done: number; readonly of: number }
  | { readonly type: "measured"; readonly run: Run }
  | { readonly type: "models"; readonly models: readonly string[] }
  | { readonly type: "paired"; readonly runner: PairedRunner }
  | { readonly type: "report"; readonly report: DoctorReport }
  | { readonly type: "error"; readonly kind: string; readonly message: string };
