/** A class: what a learner's file holds, how many become one table, and what is refused in words. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { attemptsOf, keepAttempt } from "../../src/lab/progress/attempts.ts";
import { classFileOf, readClassFile, writeClassFile, type ClassFile } from "../../src/lab/progress/class-file.ts";
import { classCsv, classTable, mergeClass, stuckChart } from "../../src/lab/progress/class-table.ts";
import { byId } from "../../src/lab/progress/tally.ts";
import { isRecord } from "../../src/lab/keep/valid-record.ts";
import { KeptStorage } from "../../src/lab/storage.ts";
import { everythingKept } from "../../src/lab/keep/keep-file.ts";

const date = "2026-11-27T10:00:00.000Z";
const later = "2026-11-28T10:00:00.000Z";
const names = [
  { id: "a", title: "Lab A" },
  { id: "b", title: "Lab B" },
];
const lab = (id: string, more: Partial<ClassFile["labs"][number]> = {}): ClassFile["labs"][number] => ({
  id,
  passed: null,
  attempts: 0,
  failed: {},
  runs: 0,
  prediction: null,
  ...more,
});
const file = (code: string, labs: ClassFile["labs"], more: Partial<ClassFile> = {}): ClassFile => ({
  learner: "",
  code,
  date,
  labs,
  lessonsRead: [],
  quizzes: [],
  ...more,
});

test("each press of Check adds to the lab's one record, and a check is counted only where it failed", async () => {
  const storage = new KeptStorage(null, "refused");
  await keepAttempt(storage, "a", [
    { name: "fast", outcome: "failed" },
    { name: "right", outcome: "passed" },
  ]);
  await keepAttempt(storage, "a", [
    { name: "fast", outcome: "failed" },
    { name: "right", outcome: "failed" },
  ]);
  await keepAttempt(storage, "a", [{ name: "__proto__", outcome: "failed" }]);
  const records = await storage.all("progress");
  expect(records).toHaveLength(1);
  expect(records.every((record) => isRecord("progress", record))).toBe(true);
  const { attempts, failed } = attemptsOf("a", byId(records));
  expect(attempts).toBe(3);
  expect(Object.entries(failed)).toEqual([
    ["fast", 2],
    ["right", 1],
    ["__proto__", 1],
  ]);
  expect(attemptsOf("b", byId(records))).toEqual({ attempts: 0, failed: {} });
});

test("the names of failed checks that one lab keeps are bounded", async () => {
  const storage = new KeptStorage(null, "refused");
  await keepAttempt(
    storage,
    "a",
    Array.from({ length: 500 }, (_, i) => ({ name: `check ${i}`, outcome: "failed" })),
  );
  const { failed } = attemptsOf("a", byId(await storage.all("progress")));
  expect(Object.keys(failed).length).toBeLessThanOrEqual(40);
});

test("a learner's file holds labs, attempts, predictions and answers, and neither code nor reasons nor labs of others", async () => {
  const storage = new KeptStorage(null, "refused");
  await storage.put("progress", { id: "lab:a", state: "passed", date });
  await storage.put("progress", { id: "lesson:01", state: "read", date });
  await storage.put("progress", { id: "quiz:01/q", state: "answered", date, detail: 2 });
  await keepAttempt(storage, "a", [{ name: "fast", outcome: "failed" }]);
  await storage.put("drafts", { id: "b:1", lab: "b", code: "SECRET CODE", date });
  await storage.put("drafts", { id: "mine:1", lab: "mine", code: "", date });
  await storage.put("predictions", {
    id: "a",
    value: 9,
    actual: 10,
    unit: "s",
    tolerance: 0.2,
    confidence: 80,
    reason: "SECRET REASON",
    date,
  });
  const made = classFileOf(await everythingKept(storage), ["a", "b", "never"], { learner: " Ana ", code: "c1", date });
  expect(made).toEqual(
    file(
      "c1",
      [
        lab("a", {
          passed: date,
          attempts: 1,
          failed: { fast: 1 },
          prediction: { guess: 9, answer: 10, unit: "s", close: true, sure: 80 },
        }),
        lab("b"),
      ],
      { learner: "Ana", lessonsRead: ["01"], quizzes: [{ question: "01/q", answer: 2 }] },
    ),
  );
  const text = writeClassFile(made);
  expect(text).not.toContain("SECRET");
  expect(readClassFile(text)).toEqual(made);
});

test("a class is counted lab by lab in the course's order, with the check that failed most and labs it does not know last", () => {
  const rows = classTable(
    [
      file("1", [
        lab("z"),
        lab("b", { attempts: 3, failed: { slow: 2, wrong: 1 } }),
        lab("a", { passed: date, attempts: 1 }),
      ]),
      file("2", [
        lab("b", {
          attempts: 4,
          failed: { wrong: 3 },
          prediction: { guess: 1, answer: 2, unit: "", close: false, sure: null },
        }),
      ]),
    ],
    names,
  );
  expect(rows).toEqual([
    { id: "a", title: "Lab A", begun: 1, passed: 1, attempts: 1, predicted: 0, close: 0, worst: null },
    {
      id: "b",
      title: "Lab B",
      begun: 2,
      passed: 0,
      attempts: 7,
      predicted: 1,
      close: 0,
      worst: { check: "wrong", times: 4 },
    },
    { id: "z", title: "z", begun: 1, passed: 0, attempts: 0, predicted: 0, close: 0, worst: null },
  ]);
  const chart = stuckChart(rows);
  expect(chart?.finding).toContain("Lab B");
  expect(chart?.kind === "bars" && chart.spec.series.map(({ values }) => values)).toEqual([
    [0, 0, 1],
    [2, 1, 0],
  ]);
  expect(stuckChart([])).toBeNull();
});

test("the CSV has a row a lab, quotes what a stranger named, and hands no formula to a spreadsheet", () => {
  const rows = classTable([file("1", [lab('=1+"x"', { attempts: 2, failed: { "a, b": 2 } })])], names);
  expect(classCsv(rows).split("\n")).toEqual([
    "lab,title,begun,passed,attempts,predicted,close,most failed check,times",
    `"'=1+""x""","'=1+""x""",1,0,2,0,0,"a, b",2`,
    "",
  ]);
});

test("a learner's newer file replaces the older, whatever their names say", () => {
  const old = file("1", [lab("a")], { learner: "Ana" });
  const fresh = file("1", [lab("a", { passed: later })], { date: later, learner: "Ana B." });
  expect(mergeClass([fresh, old])).toEqual([fresh]);
  expect(mergeClass([old, file("2", [], { learner: "Ana" })])).toHaveLength(2);
});

const anyFile = fc
  .record({
    code: fc.constantFrom("1", "2", "3"),
    learner: fc.constantFrom("", "Ana", "Bo"),
    date: fc.constantFrom(date, later),
    labs: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom("a", "b", "c"),
        passed: fc.constantFrom(null, date),
        attempts: fc.nat(5),
        failed: fc.dictionary(fc.constantFrom("x", "y"), fc.nat(3)),
        runs: fc.nat(3),
        prediction: fc.constant(null),
      }),
      { selector: ({ id }) => id },
    ),
  })
  .map((each): ClassFile => ({ ...each, lessonsRead: [], quizzes: [] }));

test("the order of files does not matter, in one go or one after the other, and nobody counts twice", () => {
  fc.assert(
    fc.property(
      fc
        .array(anyFile, { maxLength: 8 })
        .chain((files) => fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length }))),
      ([files, shuffled]) => {
        const once = mergeClass(files);
        expect(mergeClass(shuffled)).toEqual(once);
        expect(shuffled.reduce<readonly ClassFile[]>((all, one) => mergeClass([...all, one]), [])).toEqual(once);
        expect(once).toHaveLength(new Set(files.map(({ code }) => code)).size);
        for (const { begun, passed } of classTable(once, names)) {
          expect(begun).toBeLessThanOrEqual(once.length);
          expect(passed).toBeLessThanOrEqual(begun);
        }
      },
    ),
    { numRuns: 80 },
  );
});

test("what is no file of a class is refused in words that name what is wrong", () => {
  const good = JSON.parse(writeClassFile(file("1", [lab("a")]))) as Record<string, unknown>;
  const without = (more: object) => () => readClassFile(JSON.stringify({ ...good, ...more }));
  expect(() => readClassFile("")).toThrow(/the file is "empty"/);
  expect(() => readClassFile("hello")).toThrow(/no JSON: hello/);
  expect(() => readClassFile('{"format":"ai-performance-engineering"}')).toThrow(/all that the course keeps, code too/);
  expect(() => readClassFile("[1]")).toThrow(/another JSON file/);
  expect(without({ version: 2 })).toThrow(/version of the file is 2/);
  expect(without({ code: "" })).toThrow(/code is ""/);
  expect(without({ date: "soon" })).toThrow(/date is "soon"/);
  expect(without({ labs: {} })).toThrow(/labs is/);
  expect(without({ labs: [{ ...lab("a"), attempts: -1 }] })).toThrow(/labs\[0\]\.attempts is -1/);
  expect(without({ labs: [{ ...lab("a"), failed: { x: "many" } }] })).toThrow(/labs\[0\]\.failed/);
  expect(without({ quizzes: [{}] })).toThrow(/quizzes\[0\]/);
});
