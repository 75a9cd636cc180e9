/** Runs a TypeScript file on a Node that can: this one if it is new enough, else the one installed with the project. Plain JavaScript, so that an old Node can read it. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

/** The first to run TypeScript without a flag. */
const OLDEST = [22, 18];

/** @param {string} version such as "20.19.5" */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Node keeps what it compiled, and the types it stripped, there: the second start takes half the time. */
const compiled = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));

/**
 * Ends the process with the file's exit code, or with a sentence and code 2 where no Node is new enough.
 * @param {URL} file
 * @param {string} installed the Node to fall back to
 */
export async function launch(
  file,
  installed = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url)),
) {
  if (runsTypeScript(process.versions.node)) {
    nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? compiled);
    return void (await import(file.href));
  }
  if (!existsSync(installed)) {
    process.stderr.write(
      `This needs Node ${OLDEST.join(".")} or newer, and this is ${process.versions.node}. ` +
        "Install a current Node from https://nodejs.org, or run npm ci, which brings one along on Linux.\n",
    );
    process.exit(2);
  }
  const child = spawn(installed, [fileURLToPath(file), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  });
  // The child decides what a signal means; this process waits for it, so that none is left without its parent.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)));
}
