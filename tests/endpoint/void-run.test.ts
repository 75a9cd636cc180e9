/** When a browser's own run counts for nothing, and what it says then. */
import { expect, test } from "vitest";
import type { Measurement, Run } from "../../src/engine/run.ts";
import { withSendWait, type SendTimes } from "../../src/endpoint/browser/send-wait.ts";
import { voidIfHeldBack } from "../../src/endpoint/browser/void-run.ts";

function run(measurement: Partial<Measurement>, late = 0): Run {
  return {
    requests: { count: 1, scheduled: Float64Array.of(0), started: Float64Array.of(late) },
    measurement: { zero: 10, heartbeatLag: 0.001, peakInFlight: 6, ...measurement },
  } as unknown as Run;
}

test.each([
  ["a run left alone", {}, false, 0, undefined],
  ["a hidden page", {}, true, 0, "void"],
  ["a worker starved throughout", { heartbeatLag: 0.2 }, false, 0, "void"],
  ["one long freeze that no p99 shows", { longestStall: 3 }, false, 0, "void"],
  ["requests that the browser kept", { sendWait: 0.3 }, false, 0, "void"],
  ["requests queued behind six streams", {}, false, 2, "six-streams"],
  ["fewer than six streams", { peakInFlight: 5 }, false, 2, undefined],
] as const)("%s", (_, measurement, hidden, late, reason) => {
  expect(voidIfHeldBack(run(measurement, late), hidden).ended?.reason).toBe(reason);
});

test("a run that the learner stopped stays stopped", () => {
  const stopped: Run = { ...run({ longestStall: 3 }), ended: { reason: "stopped", message: "" } };
  expect(voidIfHeldBack(stopped, true).ended?.reason).toBe("stopped");
});

/** ms: the run began at 10 s. */
const times = (startTime: number, wait: number, connect = 0): SendTimes => ({
  startTime,
  fetchStart: startTime,
  domainLookupStart: startTime,
  connectEnd: startTime + connect,
  requestStart: startTime + connect + wait,
});

test("the wait before sending leaves out connecting, the warm-up, and what the server keeps secret", () => {
  const seen = [
    times(9000, 900),
    times(11_000, 40, 500),
    times(12_000, 20),
    { ...times(13_000, 700), requestStart: 0 },
  ];
  expect(withSendWait(run({}), seen).measurement?.sendWait).toBeCloseTo(0.02, 9);
  expect(withSendWait(run({}), [seen[1]!]).measurement?.sendWait).toBeCloseTo(0.04, 9);
  expect(withSendWait(run({}), []).measurement?.sendWait).toBeUndefined();
});
