/** What a browser's storage can do to what a learner has kept: nothing is lost without a word. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { KeptRuns } from "../../src/lab/store/kept-runs.ts";
import type { Storage } from "../../src/lab/storage.ts";

const name = "ai-performance-engineering";
const lesson = { id: "lesson:01", state: "read" as const, date: "2026-11-01T00:00:00.000Z" };

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  vi.resetModules();
});

/** As a page that is loaded now. */
const page = async (): Promise<Storage> => (await import("../../src/lab/storage.ts")).openStorage();

/** The database by itself, as another tab or another program has it open. */
function opened(version?: number, upgrade?: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade?.(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as Error);
  });
}
const written = (db: IDBDatabase, store: string, record: object) =>
  new Promise((resolve) => {
    const transaction = db.transaction(store, "readwrite");
    transaction.objectStore(store).put(record);
    transaction.oncomplete = resolve;
  });
const count = (db: IDBDatabase, store: string) =>
  new Promise<number>((resolve) => {
    const request = db.transaction(store).objectStore(store).count();
    request.onsuccess = () => resolve(request.result);
  });

test("what is put is there for the next page, and nothing is said", async () => {
  const storage = await page();
  await storage.put("progress", lesson);
  expect(storage.problem).toBeNull();
  vi.resetModules();
  expect(await (await page()).get("progress", lesson.id)).toEqual(lesson);
});

test("an older tab that does not let go is said at once, and the page works from memory", async () => {
  const holder = await opened(1, (db) => db.createObjectStore("progress", { keyPath: "id" }));
  const storage = await page();
  expect(storage.problem).toMatch(/older version .* another tab .* Close the other tab/);
  await storage.put("progress", lesson);
  expect(await storage.get("progress", lesson.id)).toEqual(lesson);
  holder.close();
});

test("a database of a newer course is left as it is, and its older page says so", async () => {
  const newer = await opened(99, (db) => db.createObjectStore("progress", { keyPath: "id" }));
  await written(newer, "progress", lesson);
  newer.close();
  const storage = await page();
  expect(storage.problem).toMatch(/newer version of the course has been used/);
  await storage.put("progress", { ...lesson, id: "lesson:02" });
  expect((await storage.keys("progress")).length).toBe(1);
  const after = await opened();
  expect([after.version, await count(after, "progress")]).toEqual([99, 1]);
  after.close();
});

test("a newer course in another tab takes over, and this page says that it keeps nothing new", async () => {
  const storage = await page();
  await storage.put("progress", lesson);
  const told = new Promise<string | null>((resolve) => storage.watch(resolve));
  const newer = await opened(99);
  expect(await told).toMatch(/newer version of the course is open in another tab/);
  await storage.put("progress", { ...lesson, id: "lesson:02" });
  expect(await storage.get("progress", "lesson:02")).toMatchObject({ state: "read" });
  expect(await count(newer, "progress")).toBe(1);
  newer.close();
});

test("entries that no course has written are left out, said, and stay where they are", async () => {
  const first = await page();
  await first.put("progress", lesson);
  const beside = await opened();
  await written(beside, "progress", { id: "lesson:03", state: 7 });
  await written(beside, "drafts", { id: "d", lab: "x", code: null, date: "2026" });
  await written(beside, "runs", { id: "r", lab: "x", name: "Run 1", date: "2026", summary: null });
  vi.resetModules();
  const storage = await page();
  expect(await storage.all("progress")).toEqual([lesson]);
  expect(storage.problem).toMatch(/can't be read any more .* stays where it is/);
  expect(await storage.get("drafts", "d")).toBeUndefined();
  expect(await storage.all("runs")).toEqual([]);
  expect(await Promise.all(["progress", "drafts", "runs"].map((store) => count(beside, store)))).toEqual([2, 1, 1]);
  beside.close();
});

test("a migration that fails leaves the older database as it was, and says that nothing is kept", async () => {
  const older = await opened(1, (db) => db.createObjectStore("progress", { keyPath: "id" }));
  await written(older, "progress", lesson);
  older.close();
  expect((await page()).problem).toMatch(/refuses storage/);
  const after = await opened();
  expect([after.version, await count(after, "progress")]).toEqual([1, 1]);
  after.close();
});

test("a database that cannot be opened is said, and the page works from memory", async () => {
  globalThis.indexedDB = {
    open: () => {
      throw new DOMException("no", "SecurityError");
    },
  } as unknown as IDBFactory;
  const storage = await page();
  expect(storage.problem).toMatch(/refuses storage/);
  await storage.put("progress", lesson);
  expect(await storage.all("progress")).toEqual([lesson]);
});

test("a run kept while the clock is set back keeps its data, though sixty later ones are there", async () => {
  const storage = await page();
  const run = (date: string) => ({
    outcome: { exported: {}, runs: [] },
    charts: [],
    code: "",
    params: {},
    seed: 1,
    target: "",
    date,
  });
  const { KeptRuns } = await import("../../src/lab/store/kept-runs.ts");
  const kept: KeptRuns = new KeptRuns("a-lab");
  await kept.restore(storage);
  for (let i = 0; i < 60; i++) await kept.keep(run(`2026-11-27T10:00:${String(i).padStart(2, "0")}.000Z`) as never);
  const back = "2019-01-01T00:00:00.000Z";
  await kept.keep(run(back) as never);
  expect(await storage.get("runData", `a-lab:${back}`)).toMatchObject({ date: back });
  expect((await storage.keys("runData")).length).toBe(50);
  expect((await storage.all("runs")).length).toBe(61);
});
