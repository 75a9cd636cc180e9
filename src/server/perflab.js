#!/usr/bin/env node
/** Starts the command line on a Node that runs TypeScript: this one if it is new enough, else the one installed with the project. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) await import("./cli.ts");
else {
  const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
  if (!existsSync(node)) {
    process.stderr.write(
      `perflab needs Node 22.18 or newer, and this is ${process.versions.node}. Run npm ci in the project first.\n`,
    );
    process.exit(2);
  }
  const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
  const { status, signal } = spawnSync(node, [cli, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exit(signal ? 130 : (status ?? 1));
}
