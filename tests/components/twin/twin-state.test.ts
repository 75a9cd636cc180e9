/** The twin page's fit is of the table that is seen, or says that it isn't. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { emptyRow } from "../../../src/components/twin/rows.ts";
import { TwinState } from "../../../src/components/twin/twin-state.ts";
import { browserDouble, settled, WorkerDouble } from "../tools/worker-double.ts";

const rows = [1, 2, 4, 8, 16].map((load) => ({
  ...emptyRow,
  load: String(load),
  prompt: "500",
  output: "50",
  tpot: String(10 + load),
}));
const fitted = { fitted: { parameters: {} } };
const worker = () => WorkerDouble.made.at(-1)!;

let state: TwinState;
beforeEach(() => {
  browserDouble();
  state = new TwinState();
  state.addRows(rows);
});
afterEach(() => vi.unstubAllGlobals());

async function fit(): Promise<void> {
  void state.fitNow();
  await settled();
  await worker().answer(fitted);
}

it("is fresh after a fit, and stale once a cell is changed", async () => {
  await fit();
  expect(state.fit.value).not.toBeNull();
  expect(state.stale.value).toBe(false);
  state.change({ rows: rows.slice(1) });
  expect(state.stale.value).toBe(true);
});

it.each([
  ["the table", () => state.change({ rows: [...rows, emptyRow] })],
  ["the server", () => state.change({ server: { gpu: "l40s" } })],
])("is stale where %s was changed during the fit", async (_, change) => {
  void state.fitNow();
  await settled();
  change();
  await worker().answer(fitted);
  expect(state.fit.value).not.toBeNull();
  expect(state.stale.value).toBe(true);
});

it("clearing during a fit leaves an empty page that nothing is written to afterwards", async () => {
  void state.fitNow();
  await settled();
  state.clear();
  await settled();
  expect(worker().terminated).toBe(true);
  expect([state.fit.value, state.progress.value, state.problem.value, state.rows.value]).toEqual([
    null,
    null,
    null,
    [],
  ]);
});

it("stopping says that nothing is lost; a crash says what happened", async () => {
  void state.fitNow();
  await settled();
  state.stop();
  await settled();
  expect(state.problem.value?.text).toMatch(/^Stopped\. Nothing of the table is lost/);
  void state.fitNow();
  await settled();
  await worker().crash();
  expect(state.problem.value?.text).toMatch(/memory.*Nothing of the table is lost/);
  expect(state.progress.value).toBeNull();
  expect(state.rows.value).toHaveLength(5);
});

it("another address takes the place of all that was here", async () => {
  await fit();
  state.notes.value = ["of the old file"];
  await state.restore();
  expect([state.rows.value, state.fit.value, state.notes.value, state.problem.value]).toEqual([[], null, [], null]);
});
