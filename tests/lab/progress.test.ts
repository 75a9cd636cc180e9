import { expect, test } from "vitest";
import { calibration } from "../../src/lab/progress/calibration.ts";
import { keepPlace, placeOf } from "../../src/lab/progress/place.ts";
import { Reading } from "../../src/lab/progress/reading.ts";
import { byId, tally, tallyWords } from "../../src/lab/progress/tally.ts";
import { KeptStorage, type PredictionRecord, type ProgressRecord } from "../../src/lab/storage.ts";

const date = "2026-11-27T10:00:00.000Z";
const memory = () => new KeptStorage(null, "refused");
const row = (id: string, state: ProgressRecord["state"]): ProgressRecord => ({ id, state, date });
const part = { lesson: "01", labs: ["a", "b"], questions: ["x", "y"] };

test("a part counts its own labs and questions only, and is done once nothing of it is left", () => {
  const some = [row("lab:a", "passed"), row("lab:other", "passed"), row("quiz:02/x", "answered")];
  expect(tally(part, byId(some))).toMatchObject({ begun: true, read: false, passed: 1, answered: 0, done: false });
  expect(tallyWords(tally(part, byId(some)))).toBe("1 of 2 labs passed, 0 of 2 questions answered");
  const rest = [row("lab:b", "passed"), row("quiz:01/x", "answered"), row("quiz:01/y", "answered")];
  expect(tally(part, byId([...some, ...rest])).done).toBe(false);
  expect(tally(part, byId([...some, ...rest, row("lesson:01", "read")])).done).toBe(true);
  expect(tally(part, byId([])).begun).toBe(false);
});

test("a lesson is read once every section of it has been seen, over any number of visits, and a jump to its end is not enough", async () => {
  const storage = memory();
  const sections = ["one", "two", "three"];
  const first = await Reading.open(storage, "01", sections);
  await first.saw(["three"]);
  expect((await storage.get("progress", "lesson:01"))?.state).toBe("started");
  await first.saw(["one"]);
  await (await Reading.open(storage, "01", sections)).saw(["two"]);
  expect((await storage.get("progress", "lesson:01"))?.state).toBe("read");
});

test("what the reader says of a lesson stands, whatever is seen again", async () => {
  const storage = memory();
  const reading = await Reading.open(storage, "01", ["one"]);
  await reading.saw(["one"]);
  await reading.say(false);
  await (await Reading.open(storage, "01", ["one"])).saw(["one"]);
  expect((await storage.get("progress", "lesson:01"))?.state).toBe("started");
});

test("the place leads into this site and nowhere else, whoever wrote the record", async () => {
  const storage = memory();
  const place = { address: "lessons/01-introduction/#lab-anatomy-of-one-request", title: "Lab: Anatomy" };
  await keepPlace(storage, place);
  expect(placeOf(byId(await storage.all("progress")))).toEqual(place);
  for (const address of ["https://evil.example/", "//evil.example/", "javascript:alert(1)//", "../x/", "x/?y"])
    expect(placeOf(byId([{ ...row("place", "started"), detail: address, title: "x" }])), address).toBeNull();
});

test("whoever shows progress is told after each change, until they stop listening", async () => {
  const storage = memory();
  let told = 0;
  const stop = storage.changed("progress", () => told++);
  await storage.put("progress", row("lab:a", "passed"));
  await storage.put("settings", { id: "wrap", value: true });
  await storage.delete("progress", "lab:a");
  await storage.clear("progress");
  expect(told).toBe(3);
  stop();
  await storage.put("progress", row("lab:a", "passed"));
  expect(told).toBe(3);
});

test("calibration judges by the lab's tolerance, in order of time, and leaves out what was said after a run", () => {
  const guess = (id: string, value: number, more: Partial<PredictionRecord> = {}): PredictionRecord => ({
    id,
    value,
    date,
    actual: 10,
    tolerance: 0.25,
    confidence: 80,
    ...more,
  });
  const { judged, ratios, confidence } = calibration(
    [
      guess("later", 40, { date: "2026-11-28T10:00:00.000Z" }),
      guess("first", 12.5),
      guess("told", 10, { afterRun: true }),
      { id: "unrun", value: 3, date },
    ],
    { first: "The first" },
  );
  expect(judged.map(({ title, close }) => [title, close])).toEqual([
    ["The first", true],
    ["later", false],
  ]);
  expect(
    ratios?.kind === "scatter" && ratios.spec.series.map(({ points }) => points.map(({ x, y }) => [x, y])),
  ).toEqual([[[1, 1.25]], [[2, 4]]]);
  expect(confidence?.kind === "bars" && confidence.spec.series.map(({ values }) => values)).toEqual([[80], [50]]);
});

test("a guess or an answer of zero has no ratio, and no chart is drawn without one", () => {
  const { judged, ratios, confidence } = calibration([{ id: "a", value: 0, actual: 10, date }], {});
  expect(judged).toHaveLength(1);
  expect([ratios, confidence]).toEqual([null, null]);
  expect(calibration([], {}).judged).toEqual([]);
});
