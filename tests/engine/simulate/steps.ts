/** Runs one engine step by step and writes down who computed how many tokens in each. */
import { resolveServer } from "../../../src/engine/resolve.ts";
import type { Server } from "../../../src/engine/server.ts";
import { buildCore, modelOf } from "../../../src/engine/simulate/build.ts";
import type { Core } from "../../../src/engine/simulate/core.ts";
import { Recorder } from "../../../src/engine/simulate/record/recorder.ts";
import { Requests } from "../../../src/engine/simulate/requests.ts";
import type { Policy } from "../../../src/engine/simulate/types.ts";
import { scriptTable } from "../../../src/engine/workload/script-table.ts";
import type { RequestSpec } from "../../../src/engine/workload/types.ts";

export interface Bench {
  readonly core: Core;
  readonly requests: Requests;
  /** One step; "0:16 1:4" means that request 0 computed 16 tokens and request 1 four. Empty when nothing can run. */
  step(): string;
  /** Steps until nothing runs. */
  all(): string[];
}

/** All requests are there from the start, unless `arriveLater` says which come by hand with `core.submit`. */
export function bench(
  scheduler: NonNullable<Server["scheduler"]>,
  specs: readonly Omit<RequestSpec, "at">[],
  more: Partial<Server> & { policyOf?: Policy; arriveLater?: readonly number[] } = {},
): Bench {
  const { policyOf, arriveLater = [], ...rest } = more;
  const server = resolveServer({
    model: "llama-3.1-8b",
    gpu: "h100-sxm-80",
    parameters: "ideal",
    // Block 0 is vLLM's own: one block more than the requests can hold.
    scheduler: {
      asyncScheduling: false,
      ...scheduler,
      ...(scheduler.maxNumSeqs && {
        maxNumSeqs: Math.min(scheduler.maxNumSeqs, scheduler.maxNumBatchedTokens ?? Infinity),
      }),
      ...(scheduler.numGpuBlocks && { numGpuBlocks: scheduler.numGpuBlocks + 1 }),
    },
    ...rest,
  });
  const table = scriptTable(specs.map((spec) => ({ at: 0, ...spec })));
  const requests = new Requests(table.count);
  requests.count = table.count;
  requests.prompt.set(table.prompt);
  requests.output.set(table.output);
  if (table.priority) requests.priority.set(table.priority);
  const core = buildCore(
    {
      server,
      model: modelOf(server),
      requests,
      segments: table.segments,
      recorder: new Recorder(1, undefined),
      seed: 1,
      ...(policyOf && { policy: policyOf }),
    },
    0,
  );
  for (let i = 0; i < table.count; i++) if (!arriveLater.includes(i)) core.submit(i, 0);
  const step = (): string => {
    if (core.idle || !core.step()) return "";
    return Array.from(
      { length: core.planned.count },
      (_, k) => `${core.planned.request[k]}:${core.planned.tokens[k]}`,
    ).join(" ");
  };
  return {
    core,
    requests,
    step,
    all() {
      const steps: string[] = [];
      for (let line = step(); line !== ""; line = step()) steps.push(line);
      return steps;
    },
  };
}
