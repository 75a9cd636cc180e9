import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, it } from "vitest";
import { keepOnly, writeWhole } from "../../scripts/lab/output.ts";

const folder = mkdtempSync(join(tmpdir(), "perflab-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("a reader beside several writers never sees a part of a file", async () => {
  const file = join(folder, "manifest.json");
  const contents = ["a", "b"].map((letter) => letter.repeat(4_000_000));
  await writeWhole(file, contents[0]!);
  // A reader in a thread of its own, so that it reads in the middle of the writes.
  const reader = new Worker(
    `const { readFileSync } = require("node:fs"); const { parentPort, workerData } = require("node:worker_threads");
     let parts = 0, reads = 0, on = true; parentPort.on("message", () => (on = false));
     (function read() { const text = readFileSync(workerData, "utf8"); reads++;
       if (text.length !== 4000000 || text[0] !== text.at(-1)) parts++;
       if (on) setImmediate(read); else parentPort.postMessage({ parts, reads }); })();`,
    { eval: true, workerData: file },
  );
  for (let i = 0; i < 10; i++) await Promise.all(contents.map((content) => writeWhole(file, content)));
  const told = new Promise<{ parts: number; reads: number }>((resolve) => reader.once("message", resolve));
  reader.postMessage("stop");
  const { parts, reads } = await told;
  await reader.terminate();
  expect(reads).toBeGreaterThan(0);
  expect(parts).toBe(0);
  expect(contents).toContain(readFileSync(file, "utf8"));
  expect(readdirSync(folder)).toEqual(["manifest.json"]);
});

it("what no step made is removed, but not what another build has written meanwhile", async () => {
  const began = Date.now();
  const old = new Date(began - 60_000);
  for (const name of ["kept.js", "stale.js", "crashed.js.1-2.part"]) {
    writeFileSync(join(folder, name), "");
    utimesSync(join(folder, name), old, old);
  }
  writeFileSync(join(folder, "others.js"), "");
  utimesSync(join(folder, "others.js"), new Date(began + 1000), new Date(began + 1000));
  await keepOnly([{ piece: "kept.js" }], began, folder);
  expect(
    ["kept.js", "stale.js", "crashed.js.1-2.part", "others.js"].map((name) => existsSync(join(folder, name))),
  ).toEqual([true, false, false, true]);
});
