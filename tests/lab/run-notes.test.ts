import { describe, expect, test } from "vitest";
import { simulate } from "../../src/engine/index.ts";
import { statuses, type RequestFailure, type Run } from "../../src/engine/run.ts";
import { runNotes } from "../../src/lab/run-notes.ts";

const simulated = simulate(
  { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
  {
    arrivals: { kind: "closed", users: 2 },
    prompt: { kind: "fixed", value: 100 },
    output: { kind: "fixed", value: 50 },
    requests: 4,
    seed: 1,
  },
);
const origin = { kind: "measured", target: "mine", model: "m", transport: "node:http", clientLag: 0 } as const;

/** The run as if it had been measured, with these requests failed. */
function measured(failures: readonly RequestFailure[] = []): Run {
  const status = simulated.requests.status.slice();
  for (const { request } of failures) status[request] = statuses.indexOf("failed");
  return { ...simulated, origin, requests: { ...simulated.requests, status }, failures };
}
const cut = (request: number): RequestFailure => ({
  request,
  kind: "cut",
  phase: "stream",
  message: `The answer was cut off after ${request + 3} chunks.`,
});

describe("what a measured run says about itself", () => {
  test("a simulated run has nothing to say", () => {
    expect(runNotes(simulated, { gpuHour: 1, gpus: 1 })).toEqual([]);
  });

  test("every request is in the first note", () => {
    expect(runNotes(measured([cut(1)]))[0]).toBe("Of 4 requests, 3 succeeded, 1 failed.");
  });

  test("failures that differ only in a count are one note, with what to try", () => {
    const notes = runNotes(measured([cut(1), cut(2)]));
    expect(notes).toHaveLength(2);
    expect(notes[1]).toMatch(
      /^2 requests, the first of them: The answer was cut off after 4 chunks\. Look at the server's log/,
    );
  });

  test("token prices charge what succeeded, and say what a million output tokens come to", () => {
    expect(runNotes(measured([cut(0)]), { input: 1, output: 10 })[2]).toBe(
      "At your token prices, the requests that succeeded cost $0.0018: $0.0006 per request, $12 per million output tokens with their input.",
    );
  });

  test("GPU hours charge for the time", () => {
    const [, note = ""] = runNotes(measured(), { gpuHour: 3600, gpus: 2 });
    const [, seconds, total] = /the ([\d.]+) s cost \$([\d.]+)/.exec(note) ?? [];
    expect(Number(total)).toBeCloseTo(2 * Number(seconds), 0);
    expect(note).toContain("2 GPUs");
  });

  test("a run without an answer has no cost", () => {
    expect(runNotes(measured([0, 1, 2, 3].map(cut)), { gpuHour: 1, gpus: 1 }).join(" ")).not.toContain("$");
  });
});
