/** A list of requests as columns. */
import { contentId, ownContent } from "./content-id.ts";
import type { RequestTable } from "./request-table.ts";
import type { RequestSpec, Workload } from "./types.ts";

/** A scripted workload as columns, sorted by time. */
export function scriptTable(specs: readonly RequestSpec[], workload?: Workload): RequestTable {
  const duration = workload?.duration ?? Infinity;
  const limit = workload?.requests ?? Infinity;
  const order = specs
    .map((spec, i) => ({ spec, i }))
    .sort((a, b) => a.spec.at - b.spec.at || a.i - b.i)
    .filter(({ spec }, i) => spec.at < duration && i < limit)
    .map(({ spec }) => spec);
  const n = order.length;
  const shared = order.some((spec) => typeof spec.prompt !== "number");
  const ids: number[] = [];
  const lengths: number[] = [];
  const offset: number[] = [0];
  const prompt = new Uint32Array(n);
  order.forEach((spec, i) => {
    // Nobody asks for the content of prompts that share nothing.
    if (!shared) {
      prompt[i] = spec.prompt as number;
      return;
    }
    const segments = typeof spec.prompt === "number" ? [{ id: `own ${i}`, tokens: spec.prompt }] : spec.prompt;
    let total = 0;
    for (const segment of segments) {
      ids.push(contentId(segment.id));
      lengths.push(segment.tokens);
      total += segment.tokens;
    }
    offset.push(ids.length);
    prompt[i] = total;
  });
  return {
    count: n,
    at: Float64Array.from(order, (spec) => spec.at),
    prompt,
    output: Uint32Array.from(order, (spec) => spec.output),
    ...(order.some((spec) => spec.priority !== undefined)
      ? { priority: Int32Array.from(order, (spec) => spec.priority ?? 0) }
      : {}),
    ...(order.some((spec) => spec.cancelAfter !== undefined)
      ? { cancelAfter: Float64Array.from(order, (spec) => spec.cancelAfter ?? Infinity) }
      : {}),
    ...(shared
      ? {
          segments: {
            offset: Uint32Array.from(offset),
            id: Uint32Array.from(ids),
            tokens: Uint32Array.from(lengths),
            answer: Uint32Array.from({ length: n }, (_, i) => ownContent(i, 1)),
          },
        }
      : {}),
  };
}
