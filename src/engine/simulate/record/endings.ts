/** Why a run ended before its workload did. */
import type { Requests } from "../requests.ts";

export interface Ending {
  readonly reason: string;
  readonly message: string;
}

export const endings = {
  stopped: (): Ending => ({ reason: "stopped", message: "onProgress returned false" }),
  stuck: (requests: Requests, i: number): Ending => ({
    reason: "neverFits",
    message:
      `request ${i} (${requests.prompt[i]} prompt + ${requests.output[i]} output tokens) needs more KV blocks, or more tokens in ` +
      "one step, than the server has; it and everyone behind it would wait for ever",
  }),
  idlePolicy: (): Ending => ({
    reason: "idlePolicy",
    message: "options.policy planned nothing although requests are there and no more will arrive",
  }),
  endless: (waiting: number): Ending => ({
    reason: "endless",
    message: `the workload has no end; its first requests were simulated (${waiting} were still in the server)`,
  }),
};
