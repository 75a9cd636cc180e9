/** What a page and its tab engine's worker say to each other. */
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import type { PlainMeasureOptions } from "./messages.ts";

export type TabQuestion =
  | { readonly type: "measure"; readonly workload: Workload; readonly options: PlainMeasureOptions }
  | { readonly type: "stream"; readonly prompt: string; readonly maxTokens: number }
  /** The page was hidden: browsers slow down what it runs. */
  | { readonly type: "hidden" }
  | { readonly type: "stop" };

export type TabAnswer =
  | { readonly type: "loading"; readonly what: string; readonly fraction: number }
  | { readonly type: "progress"; readonly done: number; readonly of: number }
  | { readonly type: "measured"; readonly run: Run }
  /** `t` in seconds since the request left. */
  | { readonly type: "bytes"; readonly t: number; readonly bytes: Uint8Array }
  | { readonly type: "end" }
  /** `fatal`: the engine is gone; a new worker is needed. */
  | { readonly type: "error"; readonly kind: string; readonly message: string; readonly fatal: boolean };
