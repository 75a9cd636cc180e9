/** What the playground shows belongs together, whatever is moved, stopped or refused while it is worked out. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PlaygroundState } from "../../../src/components/playground/playground-state.ts";
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
