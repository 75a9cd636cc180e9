/** The site with live reload: Astro's own server, with our guard, API and runner in front of it on the same origin, and labs that are built again as they are saved. */
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { dev } from "astro";
import color from "picocolors";
import { guarded } from "./http/sturdy-server.ts";
import { createLabBuilds, type Built } from "./lab-builds.ts";
import { labHomes } from "../project/lab-folders.ts";
import { createAnswer, type AnswerOptions } from "./serve.ts";
import { createSite } from "./site.ts";

/** Editors write a file in several steps. */
const SETTLE_MS = 60;

/** What is used of Vite's server. */
interface DevServer {
  readonly middlewares: { use(handle: (req: IncomingMessage, res: ServerResponse, next: () => void) => void): unknown };
  readonly watcher: {
    add(paths: readonly string[]): unknown;
    on(event: "all", hear: (event: string, path: string) => void): unknown;
  };
  readonly ws: { send(message: object): void };
}

/** Starts on exactly this port. Throws EADDRINUSE when it is taken, rather than moving to another. */
export async function serveDev(
  root: string,
  base: string,
  port: number,
  options: AnswerOptions,
): Promise<{ url: string }> {
  const answer = createAnswer(options, port);
  const generated = createSite(join(root, "public"), base, options.log);
  const labs = labHomes(root);

  async function configureServer(vite: DevServer): Promise<void> {
    const builds = await createLabBuilds(
      labs,
      () => buildLabs(root),
      (built) => tell(vite, built),
    );
    vite.watcher.add(labs);
    watch(vite, labs, () => void builds.settle().catch((error: Error) => options.log(`labs: ${error.message}`)));
    vite.middlewares.use((req, res, next) => {
      const site = async (): Promise<void> => {
        // From the disk, since Vite learns of new files a little later.
        if (req.url!.startsWith(`${base}generated/`)) return generated(req, res);
        if (isPage(req)) await builds.settle();
        next();
      };
      guarded(() => answer(req, res, site), options.log)(req, res);
    });
  }

  const server = await dev({
    root,
    server: { port, host: options.open ? "0.0.0.0" : "127.0.0.1" },
    vite: { plugins: [{ name: "perflab-api", configureServer }] },
  });
  if (server.address.port === port) return { url: `http://127.0.0.1:${port}` };
  await server.stop();
  throw Object.assign(new Error(`port ${port} is taken`), { code: "EADDRINUSE" });
}

function isPage(req: IncomingMessage): boolean {
  return (req.headers.accept ?? "").includes("text/html");
}

function watch(vite: DevServer, labs: readonly string[], saved: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  vite.watcher.on("all", (_event, path) => {
    if (!labs.some((home) => path.startsWith(home))) return;
    clearTimeout(timer);
    timer = setTimeout(saved, SETTLE_MS);
  });
}

/** In the terminal, and to the pages that are open. */
function tell(vite: DevServer, { labs, failure, healed, other }: Built): void {
  if (failure !== null) {
    process.stderr.write(`${color.red(failure)}\n`);
    vite.ws.send({ type: "error", err: { message: failure, stack: "", plugin: "labs" } });
    return;
  }
  process.stdout.write(`${color.dim(`labs built again: ${labs.join(", ")}`)}\n`);
  // A page that shows an error has no lab to hear of it.
  if (healed || other) vite.ws.send({ type: "full-reload" });
  else vite.ws.send({ type: "custom", event: "perflab:labs", data: labs });
}

/** In a process of its own, so that changed sources of the build count. Resolves with null, or with what it said when it failed. */
function buildLabs(root: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, "scripts/build-lab.ts")], {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (part: Buffer) => (said += part.toString()));
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? null : said.trim() || `the build of the labs ended with ${code}`));
  });
}
