/** What the playground shows belongs together, whatever is moved, stopped or refused while it is worked out. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PlaygroundState } from "../../../src/components/playground/playground-state.ts";
import { unpacked } from "../../../src/components/tools/hash-state.ts";
import { browserDouble, settled, WorkerDouble } from "../tools/worker-double.ts";

const picture = (simulated: number) => ({ kind: "picture", picture: { simulated, wanted: simulated } });

let state: PlaygroundState;
beforeEach(() => {
  browserDouble();
  state = new PlaygroundState({});
});
afterEach(() => {
  state.dispose();
  vi.unstubAllGlobals();
});

it("what is held are the knobs of the picture that is seen, not where they were moved since", async () => {
  state.set("rate", "3");
  await settled();
  await WorkerDouble.made[0]!.answer(picture(1));
  state.set("rate", "7");
  await settled();
  state.hold();
  expect(state.held.value).toMatchObject([{ values: { rate: "3" }, picture: { simulated: 1 } }]);
  await WorkerDouble.made[0]!.answer(picture(2));
  expect(state.shown.value).toMatchObject({ values: { rate: "7" }, picture: { simulated: 2 } });
});

it("long work that takes the place of other work, or is stopped, is no fault", async () => {
  void state.sweepLoad();
  await settled();
  void state.watchSteps();
  await settled();
  expect(state.problem.value).toBeNull();
  expect(state.task.value?.what).toBe("steps");
  state.stop();
  await settled();
  expect([state.problem.value, state.task.value, state.stopped.value]).toEqual([null, null, "steps"]);
});

it("a worker that fails says so", async () => {
  void state.sweepLoad();
  await settled();
  await WorkerDouble.made[0]!.crash();
  expect(state.problem.value?.text).toContain("memory");
});

it("a trace that can't be read leaves the link with the one that was", async () => {
  const links: string[] = [];
  vi.stubGlobal("history", { replaceState: (_: unknown, __: string, to: string) => links.push(to) });
  const table = { count: 2 };
  void state.giveTrace("first.csv", "the first trace");
  await settled();
  await WorkerDouble.made[0]!.answer({ kind: "read", trace: { name: "first.csv", table } });
  void state.giveTrace("broken.csv", "the broken one");
  await settled();
  await WorkerDouble.made[0]!.refuse("", "no rows");
  expect(state.problem.value?.about).toBe("trace");
  await vi.waitFor(() => expect(links.length).toBeGreaterThan(0), { timeout: 10_000 });
  const link = new URLSearchParams(links.at(-1)!.split("#")[1]);
  expect(await unpacked(link.get("trace")!)).toBe("the first trace");
});
