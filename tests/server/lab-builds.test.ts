import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLabBuilds, type Built, type LabBuilds } from "../../src/server/lab-builds.ts";

let folder = "";
let builds: LabBuilds;
let built: Built[] = [];
let outcomes: (string | null)[] = [];
let during: (() => void) | undefined;

const save = (path: string, text: string) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "perflab-labs-"));
  for (const lab of ["one", "two"])
    for (const file of ["lab.yaml", "starter.ts", "solution.ts", "checks.ts", "wrong/a.ts"])
      save(`${lab}/${file}`, "x");
  save("globals.d.ts", "x");
  built = [];
  outcomes = [];
  builds = await createLabBuilds(
    [folder],
    () => {
      during?.();
      during = undefined;
      return Promise.resolve(outcomes.shift() ?? null);
    },
    (told) => void built.push(told),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("labs under npm run dev", () => {
  it.each(["lab.yaml", "starter.ts", "solution.ts", "checks.ts", "wrong/a.ts", "wrong/new.ts", "data.ts"])(
    "are built again when %s is saved, and only then",
    async (file) => {
      await builds.settle();
      expect(built).toEqual([]);
      save(`two/${file}`, "changed");
      await builds.settle();
      await builds.settle();
      expect(built).toEqual([{ labs: ["two"], failure: null, healed: false, other: false }]);
    },
  );

  it("come and go with their folders", async () => {
    save("three/lab.yaml", "x");
    await builds.settle();
    rmSync(join(folder, "one"), { recursive: true });
    await builds.settle();
    expect(built.map(({ labs, other }) => [labs, other])).toEqual([
      [["three"], true],
      [["one"], true],
    ]);
  });

  it("say why they can't be built, once, and when they can again", async () => {
    outcomes = ["labs/one: no title"];
    save("one/lab.yaml", "bad");
    await builds.settle();
    await builds.settle();
    save("one/lab.yaml", "good again");
    await builds.settle();
    expect(built.map(({ failure, healed }) => [failure, healed])).toEqual([
      ["labs/one: no title", false],
      [null, true],
    ]);
  });

  it("are built once more for a file saved while they are built, before a page that waits is shown", async () => {
    save("one/starter.ts", "changed");
    during = () => save("one/checks.ts", "changed too");
    await builds.settle();
    expect(built.map(({ labs }) => labs)).toEqual([["one"], ["one"]]);
  });

  it("are built one build at a time", async () => {
    save("one/starter.ts", "changed");
    await Promise.all([builds.settle(), builds.settle(), builds.settle()]);
    expect(built).toHaveLength(1);
  });

  it("outlive a folder that can't be read", async () => {
    rmSync(folder, { recursive: true });
    await expect(builds.settle()).rejects.toThrow("ENOENT");
    save("one/lab.yaml", "back");
    await builds.settle();
    expect(built).toHaveLength(1);
  });
});
