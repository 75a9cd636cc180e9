import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runsTypeScript } from "../../src/server/launch.js";

const folder = mkdtempSync(join(tmpdir(), "perflab-launch-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a file that does nothing, in a process that takes itself for another version of Node. */
function launched(version: string, fallback: string) {
  const script = join(folder, "script.ts");
  writeFileSync(script, "process.stdout.write(`ran ${process.argv.slice(2)}`); process.exit(3);\n");
  const launcher = pathToFileURL(resolve("src/server/launch.js")).href;
  const main = join(folder, "main.mjs");
  writeFileSync(
    main,
    `import { launch } from ${JSON.stringify(launcher)};
     Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });
     await launch(new URL(${JSON.stringify(pathToFileURL(script).href)}), ${JSON.stringify(fallback)});`,
  );
  return spawnSync(process.execPath, [main, "--port", "0"], { encoding: "utf8" });
}

describe("the launcher", () => {
  it.each([
    ["20.19.5", false],
    ["22.17.1", false],
    ["22.18.0", true],
    ["24.0.0", true],
  ])("knows whether Node %s runs TypeScript: %s", (version, able) => expect(runsTypeScript(version)).toBe(able));

  it("runs the file here when this Node is new enough, and passes its exit code on", () => {
    expect(launched("24.0.0", "none")).toMatchObject({ stdout: "ran --port,0", status: 3 });
  });

  it("runs it on the installed Node when this one is too old", () => {
    expect(launched("20.0.0", process.execPath)).toMatchObject({ stdout: "ran --port,0", status: 3 });
  });

  it("says what is needed where there is neither", () => {
    const { stderr, status } = launched("20.0.0", join(folder, "none"));
    expect(status).toBe(2);
    expect(stderr).toContain("needs Node 22.18 or newer, and this is 20.0.0");
  });
});
