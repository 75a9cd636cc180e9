/** Any measured run, for round trips: every status, missing times, chunks in order of arrival over all requests. */
import fc from "fast-check";
import type { Row } from "../runs.ts";
import { makeRun } from "../runs.ts";
import { statuses, tokenSources, type Run } from "../../../../src/engine/run.ts";

const seconds = fc.double({ min: 1e-4, max: 30, noNaN: true });
const kinds = fc.constantFrom("content" as const, "reasoning" as const, "tool" as const);

const row = fc
  .record({
    scheduled: seconds,
    held: seconds,
    role: fc.boolean(),
    gaps: fc.array(fc.tuple(seconds, fc.integer({ min: 1, max: 5 }), kinds), { minLength: 1, maxLength: 6 }),
    tail: seconds,
    prompt: fc.integer({ min: 1, max: 5000 }),
    status: fc.constantFrom(...statuses),
    source: fc.constantFrom(...tokenSources),
  })
  .map(({ scheduled, held, role, gaps, tail, prompt, status, source }): Row => {
    if (status === "unsent") return { scheduled, status };
    const started = scheduled + held;
    let now = started;
    const chunks = gaps.map(([gap, tokens, kind]): [number, number, typeof kind] => [(now += gap), tokens, kind]);
    return {
      scheduled,
      started,
      prompt,
      status,
      source,
      output: chunks.reduce((sum, [, tokens]) => sum + tokens, 0),
      chunks: [...(role ? [[started + gaps[0][0] / 2, 0, "role"] as [number, number, "role"]] : []), ...chunks],
      closed: now + tail,
    };
  });

export const anyRun: fc.Arbitrary<Run> = fc
  .array(row, { minLength: 1, maxLength: 8 })
  .map((rows) => makeRun(rows, 0.001));

/** Names of the numbers in which two values differ by more than `tolerance` (relative, or absolute below 1). */
export function differences(a: unknown, b: unknown, tolerance: number, path = ""): string[] {
  if (typeof a === "number")
    return typeof b === "number" && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a))
      ? []
      : [`${path}: ${a} became ${String(b)}`];
  if (typeof a !== "object" || a === null) return a === b ? [] : [`${path}: ${String(a)} became ${String(b)}`];
  return Object.entries(a).flatMap(([key, value]) =>
    differences(value, (b as Record<string, unknown> | undefined)?.[key], tolerance, `${path}.${key}`),
  );
}
