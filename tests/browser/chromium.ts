/** Finds the Chromium that browser tests run in: an installed one, else the one that npm shipped, unpacked once. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const installed = [
  process.env.CHROME_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export interface Chromium {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Quiet flags: no sandbox because tests often run as root, no background traffic because the network may be closed. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
];

/** Path, flags and environment to launch with. Unpacks into `.cache/` on first use. */
export async function chromium(): Promise<Chromium> {
  const found = installed.find((path) => path && existsSync(path));
  if (found) return { executablePath: found, args, env: {} };
  const folder = await unpacked();
  const env: Record<string, string> = {};
  if (!hasLibrary("libnss3.so")) env.LD_LIBRARY_PATH = join(folder, "al2023", "lib");
  if (!existsSync("/usr/share/fonts")) env.FONTCONFIG_PATH = join(folder, "fonts");
  return { executablePath: join(folder, "chromium"), args, env };
}

async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const home = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  const folder = resolve(".cache", `chromium-${version}`);
  if (existsSync(join(folder, "chromium"))) return folder;
  mkdirSync(resolve(".cache"), { recursive: true });
  // The package unpacks into TMPDIR and takes a half-written file for a finished one: give it a folder of its own, then rename.
  const staging = mkdtempSync(resolve(".cache", "chromium-unpacking-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = staging;
  try {
    const { default: packaged, inflate } = await import("@sparticuz/chromium");
    await packaged.executablePath();
    await inflate(join(home, "bin", "al2023.tar.br"));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  if (existsSync(join(folder, "chromium"))) rmSync(staging, { recursive: true });
  else renameSync(staging, folder);
  return folder;
}

function hasLibrary(name: string): boolean {
  try {
    return execFileSync("ldconfig", ["-p"], { encoding: "utf8" }).includes(name);
  } catch {
    return false;
  }
}
