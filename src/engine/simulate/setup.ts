/** What the engines of one run have in common. */
import type { ResolvedServer } from "../server.ts";
import type { StepModel } from "../step/types.ts";
import type { Segments } from "../workload/request-table.ts";
import type { Core } from "./core.ts";
import type { Speculation } from "./effects/speculation.ts";
import type { Recorder } from "./record/recorder.ts";
import type { Requests } from "./requests.ts";
import type { Policy } from "./types.ts";

export interface Setup {
  readonly server: ResolvedServer;
  readonly model: StepModel;
  readonly requests: Requests;
  readonly segments: Segments | undefined;
  readonly recorder: Recorder;
  readonly seed: number;
  readonly policy?: Policy;
  /** Drafts kept, where the run replays a real server's instead of drawing them. */
  readonly accepted?: Speculation["accepted"];
  /** Told of each plan when it is made: for comparing schedules with a real server's. */
  readonly onPlan?: (core: Core) => void;
  /** Set by tests that compare: visit every sequence even where it is not needed. */
  readonly stepwise?: boolean;
}
