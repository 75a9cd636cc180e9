/** Runs `artillery run` with the engine of this folder, without telemetry, in a folder for what it writes. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("node_modules/artillery/bin/run", import.meta.url));
const tools = fileURLToPath(new URL("..", import.meta.url));

export interface ArtilleryRun {
  readonly code: number | null;
  readonly out: string;
  /** The `aggregate` of Artillery's own report; undefined where it wrote none. */
  readonly aggregate?: {
    readonly counters: Readonly<Record<string, number>>;
    readonly summaries: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

export async function artillery(folder: string, script: unknown): Promise<ArtilleryRun> {
  const [file, report] = [join(folder, "script.json"), join(folder, "report.json")];
  await writeFile(file, JSON.stringify(script));
  const env = { ...process.env, NODE_PATH: tools, ARTILLERY_DISABLE_TELEMETRY: "true", NO_COLOR: "1" };
  const child = spawn(process.execPath, [cli, "run", file, "--output", report], { cwd: folder, env });
  let out = "";
  child.stdout.on("data", (part: Buffer) => (out += part.toString()));
  child.stderr.on("data", (part: Buffer) => (out += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const text = await readFile(report, "utf8").catch(() => undefined);
  return { code, out, ...(text !== undefined && { aggregate: (JSON.parse(text) as ArtilleryRun).aggregate }) };
}

/** A script of one `bench` step. */
export function scriptOf(target: string, users: number, bench: object, perflab: object = {}): object {
  return {
    config: {
      target,
      phases: [{ duration: 1, arrivalCount: users }],
      engines: { perflab: {} },
      perflab: { shards: users, ...perflab },
    },
    scenarios: [{ engine: "perflab", flow: [{ bench }] }],
  };
}
