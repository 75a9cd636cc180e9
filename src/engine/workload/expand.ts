/** A workload written out: scripts in, request lists out. */
import { InputError } from "../errors.ts";
import { checkRequests } from "./check.ts";
import { drawTable } from "./table.ts";
import type { RequestSpec, Segment, Workload } from "./types.ts";

/** A workload request by request; equal leading segments share KV blocks. Requests are sorted by time. */
export function script(requests: readonly RequestSpec[]): Workload {
  if (!Array.isArray(requests) || requests.length === 0)
    throw new InputError("script requests", requests, "a list of at least one request");
  checkRequests("script", requests);
  const tokens = (r: RequestSpec): number =>
    typeof r.prompt === "number" ? r.prompt : r.prompt.reduce((sum, s) => sum + s.tokens, 0);
  return {
    arrivals: { kind: "script", requests },
    prompt: { kind: "empirical", values: requests.map(tokens) },
    output: { kind: "empirical", values: requests.map((r) => r.output) },
    requests: requests.length,
  };
}

/**
 * The requests of a workload under a seed (default: the workload's, else 0). Those that wait for an earlier answer (closed
 * loop, later turns of a session) have `at` NaN: only a run knows when they leave.
 */
export function expand(workload: Workload, seed: number = workload?.seed ?? 0): RequestSpec[] {
  const table = drawTable(workload, seed);
  const specs: RequestSpec[] = [];
  for (let i = 0; i < table.count; i++) {
    const spec: RequestSpec = {
      at: table.at[i] as number,
      prompt: table.prompt[i] as number,
      output: table.output[i] as number,
    };
    if (table.segments) {
      const segments: Segment[] = [];
      const to = table.segments.offset[i + 1] as number;
      for (let k = table.segments.offset[i] as number; k < to; k++) {
        segments.push({ id: table.segments.id[k] as number, tokens: table.segments.tokens[k] as number });
      }
      spec.prompt = segments;
    }
    if (table.priority) spec.priority = table.priority[i] as number;
    if (table.cancelAfter && (table.cancelAfter[i] as number) < Infinity)
      spec.cancelAfter = table.cancelAfter[i] as number;
    specs.push(spec);
  }
  return specs;
}
