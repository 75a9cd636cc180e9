/** `perflab calibrate`: kept runs or published points in; parameters, held-out error and the predicted curve out. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { simulate } from "../../src/engine/simulate/simulate.ts";
import { toJsonl, toVllm } from "../../src/engine/metrics/interchange/index.ts";
import type { StepParameters } from "../../src/engine/step/types.ts";
import { closed } from "../../src/engine/workload/arrivals.ts";
import { perflab } from "./cli.ts";

interface Printed {
  readonly points: number;
  readonly intervals: Readonly<Record<string, { value: number; low: number; high: number }>>;
  readonly unidentifiable: readonly string[];
  readonly heldOut: readonly { metric: string; measured: number; predicted: { value: number } }[];
  readonly curve: readonly { load: { concurrency: number }; tpot: { value: number; low: number; high: number } }[];
}

const server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const flags = ["--model", server.model, "--gpu", server.gpu];
const users = [1, 2, 4, 8, 16];
let folder: string;
const files: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "perflab-calibrate-"));
  for (const n of users) {
    const run = simulate(
      server,
      {
        arrivals: closed(n),
        prompt: { kind: "uniform", min: 200, max: 800 },
        output: { kind: "uniform", min: 20, max: 100 },
        requests: 12 * n,
        seed: n,
      },
      { record: "chunks" },
    );
    const file = join(folder, `run-${n}`);
    // One of them as vLLM keeps it.
    await writeFile(file, n === 8 ? JSON.stringify(toVllm(run)) : toJsonl(run));
    files.push(file);
  }
});
afterAll(() => rm(folder, { recursive: true }));

test("runs of ours and of vLLM become parameters, held-out errors and a curve", async () => {
  const kept = join(folder, "parameters.json");
  const said = await perflab([
    "calibrate",
    ...flags,
    ...["--json", "--loads", "16,64", "--save-parameters", kept, "--runs"],
    ...files,
  ]);
  expect(said.err).toMatch(/^kept in .*parameters\.json\n$/);
  expect(said.code).toBe(0);
  const printed = JSON.parse(said.out) as Printed;
  expect(printed.points).toBe(5);
  expect(new Set(printed.heldOut.map(({ metric }) => metric))).toEqual(
    new Set(["ttft", "tpot", "outputTokensPerSecond"]),
  );
  for (const { metric, measured, predicted } of printed.heldOut)
    if (metric === "tpot") expect(Math.abs(predicted.value / measured - 1)).toBeLessThan(0.15);
  expect(printed.curve.map(({ load }) => load.concurrency)).toEqual([16, 64]);
  for (const { tpot } of printed.curve) expect(tpot.low < tpot.value && tpot.value < tpot.high).toBe(true);
  const parameters = JSON.parse(await readFile(kept, "utf8")) as StepParameters;
  expect(parameters.name).toContain("calibrated for llama-3.1-8b on h100-sxm-80");
});

test("points from a page, printed as tables", async () => {
  const points = join(folder, "points.json");
  const list = users.map((concurrency) => ({ prompt: 512, output: 64, concurrency, tpot: 0.008 + concurrency / 8000 }));
  await writeFile(points, JSON.stringify(list));
  const said = await perflab(["calibrate", ...flags, "--points", points]);
  expect(said.code).toBe(0);
  expect(said.out).toContain("5 points fitted");
  expect(said.out).toMatch(/held out .*measured .*predicted/);
  expect(said.out).toMatch(/256 users, 1024 → 128 tokens/);
  expect(said.out).toContain("no: known from before");
});

test.each([
  ["nothing measured", flags, /--runs or --points/],
  ["no server", ["--runs", "x"], /--model and --gpu/],
  ["a file that is no run", [...flags, "--runs", "package.json"], /can't be read as a run/],
])("%s is wrong usage, and says what is missing", async (_name, args, message) => {
  const said = await perflab(["calibrate", ...args]);
  expect(said.code).toBe(2);
  expect(said.err).toMatch(message);
});

test("too few runs are refused by number", async () => {
  const said = await perflab(["calibrate", ...flags, "--runs", ...files.slice(0, 4)]);
  expect(said.code).toBe(2);
  expect(said.err).toMatch(/at least 5 measured points/);
});
