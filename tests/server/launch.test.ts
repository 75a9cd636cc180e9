import { spawn, spawnSync } from "node:child_process";
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

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("passes %s on, waits, and ends with its code %i, leaving no process behind", async (signal, code) => {
    const script = join(folder, "waits.ts");
    writeFileSync(script, "setInterval(() => {}, 1000); process.stdout.write(`${process.pid}`);\n");
    const main = join(folder, "waiting.mjs");
    writeFileSync(
      main,
      `import { launch } from ${JSON.stringify(pathToFileURL(resolve("src/server/launch.js")).href)};
       Object.defineProperty(process.versions, "node", { value: "20.0.0" });
       await launch(new URL(${JSON.stringify(pathToFileURL(script).href)}), process.execPath);`,
    );
    const child = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = await new Promise<number>((found) =>
      child.stdout.once("data", (text: Buffer) => found(Number(text.toString()))),
    );
    child.kill(signal);
    expect(await new Promise((ended) => child.once("exit", ended))).toBe(code);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("says what is needed where there is neither", () => {
    const { stderr, status } = launched("20.0.0", join(folder, "none"));
    expect(status).toBe(2);
    expect(stderr).toContain("needs Node 22.18 or newer, and this is 20.0.0");
  });
});
