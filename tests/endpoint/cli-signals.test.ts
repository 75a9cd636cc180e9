/** Signals: whatever ends a measurement early, what was measured is printed and kept. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromJsonl } from "../../src/engine/metrics/interchange/index.ts";
import { startSimulatedEndpoint, type SimulatedEndpoint } from "../../src/server/simulated/endpoint.ts";

let endpoint: SimulatedEndpoint;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "perflab-signals-"));
  endpoint = await startSimulatedEndpoint({ fixed: { ttft: 0.01, itl: 0.002 }, model: "m" });
});
afterAll(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

function start(args: readonly string[]): Running {
  const child = spawn(
    process.execPath,
    ["src/server/cli.ts", args[0]!, "--base-url", endpoint.url, "--model", "m", ...args.slice(1)],
    { env: { ...process.env, NO_COLOR: "1" } },
  );
  let out = "";
  let err = "";
  child.stdout.on("data", (part: Buffer) => (out += part.toString()));
  child.stderr.on("data", (part: Buffer) => (err += part.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, out, err })),
  );
  return { child, ended };
}

/** Waits until the endpoint has answered so many more requests. */
async function answered(more: number, before = endpoint.log.all().length): Promise<void> {
  while (endpoint.log.all().filter(({ outcome }) => outcome === "succeeded").length < before + more)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

const endless = [
  "--concurrency",
  "4",
  "--num-prompts",
  "20000",
  "--random-output-len",
  "4",
  "--random-input-len",
  "20",
];

describe("bench", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s prints the table, keeps the file, says so and exits with %i", async (signal, code) => {
    endpoint.log.clear();
    const file = join(folder, `${signal}.jsonl`);
    const { child, ended } = start(["bench", ...endless, "--yes", "--num-warmups", "0", "--save-result", file]);
    await answered(20);
    child.kill(signal);
    const result = await ended;
    expect(result.code).toBe(code);
    expect(result.out).toContain("TTFT");
    expect(result.out).toContain("stopped");
    expect(result.err).toContain(`${signal}: stopping`);
    expect(result.err).toContain(`kept in ${file}`);
    const run = fromJsonl(await readFile(file, "utf8"));
    expect(run.ended?.reason).toBe("stopped");
    expect(run.requests.status.filter((status) => status === 0).length).toBeGreaterThanOrEqual(16);
  });

  test("in its warm-up exits with the signal's code and says that nothing was measured", async () => {
    const slow = await startSimulatedEndpoint({ fixed: { ttft: 60, itl: 1 }, model: "m" });
    const child = spawn(process.execPath, ["src/server/cli.ts", "bench", "--base-url", slow.url, "--model", "m"]);
    let err = "";
    child.stderr.on("data", (part: Buffer) => (err += part.toString()));
    while (slow.log.all().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(130);
    expect(err).toContain("stopped");
    await slow.close();
  });
});

describe("sweep", () => {
  test("SIGTERM keeps the loads that were measured", async () => {
    endpoint.log.clear();
    const prefix = join(folder, "sweep");
    const { child, ended } = start([
      ...["sweep", "--concurrency", "1", "--loads", "1,2,50", "--num-prompts", "400", "--random-output-len", "4"],
      ...["--random-input-len", "20", "--yes", "--num-warmups", "1", "--save-result", prefix],
    ]);
    await answered(430, 0);
    child.kill("SIGTERM");
    const { code, out } = await ended;
    expect(code).toBe(143);
    expect(out).toContain("load");
    expect(existsSync(`${prefix}-1.jsonl`)).toBe(true);
    expect(fromJsonl(await readFile(`${prefix}-1.jsonl`, "utf8")).requests.count).toBe(400);
  });
});
