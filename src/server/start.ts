/** `npm start`: builds the site if its sources changed, then serves site, runner and simulated endpoint on this machine. */
import { existsSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import color from "picocolors";
import { startArguments } from "./arguments.ts";
import { buildIfChanged, runScript } from "./build-if-changed.ts";
import { createLog } from "./http/log.ts";
import { outliveErrors } from "./http/sturdy-server.ts";
import { createPairing } from "./pairing.ts";
import { createRunnerApi } from "./runner/api.ts";
import { serve } from "./serve.ts";
import { startSimulatedThread, type SimulatedThread } from "./simulated/thread.ts";
import { createSite } from "./site.ts";
import { endOnSignals } from "./end-on-signals.ts";

const root = resolve(import.meta.dirname, "../..");
const output = resolve(root, process.env.OUT_DIR ?? "dist");
const base = process.env.BASE ?? "/";
const { port, open, build, dev } = startArguments(process.argv.slice(2));
const say = (line: string) => void process.stdout.write(`${line}\n`);
const log = createLog();

try {
  if (dev) await runScript(root, "build:lab");
  else if (build) await buildIfChanged(root, output, say);
  if (!dev && !existsSync(join(output, "index.html")))
    throw new Error(`${output} holds no site; run npm run build first`);
  const simulated = await simulatedOn(port === 0 ? 0 : port + 1);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  let announced = false;
  const pairing = createPairing((token) => announced && announceToken(token));
  const common = { open, version, simulatedEndpoint: simulated.url, runner: createRunnerApi(), pairing, log };
  const site: { readonly url: string; drain?(): Promise<void> } = dev
    ? await (await import("./dev.ts")).serveDev(root, base, port, common)
    : await serve({ ...common, port, site: createSite(output, base, log) });
  say(`\n  ${color.bold("AI Performance Engineering")}`);
  say(`  the course            ${color.cyan(site.url + base)}`);
  say(`  simulated endpoint    ${color.cyan(`${simulated.url}/v1`)}`);
  announceToken(pairing.token());
  announced = true;
  say(`  ${color.dim("Ctrl+C ends it.")}\n`);
  outliveErrors(log);
  endOnSignals(() => Promise.all([site.drain?.(), simulated.drain()]), say);
} catch (error) {
  process.stderr.write(`${color.red(explain(error as NodeJS.ErrnoException))}\n`);
  process.exit(1);
}

/** On its usual port, or on any when that is taken: nobody needs to know it by heart. */
async function simulatedOn(wanted: number): Promise<SimulatedThread> {
  try {
    return await startSimulatedThread({ port: wanted });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return startSimulatedThread({ port: 0 });
  }
}

function announceToken(token: string): void {
  say(`  to pair another page  ${color.cyan(token)} ${color.dim("(good once)")}`);
  if (!open) return;
  for (const address of addresses())
    say(`  from another machine  ${color.cyan(`http://${address}:${port}${base}?token=${token}`)}`);
}

function addresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => entry.family === "IPv4" && !entry.internal)
    .map((entry) => entry.address);
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === "EADDRINUSE")
    return `Port ${port} is taken, perhaps by another npm start. End that one, or choose another port: npm start -- --port ${port + 10}`;
  return error.message;
}
