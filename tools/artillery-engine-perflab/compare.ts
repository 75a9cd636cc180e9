/** TTFT by `perflab bench` and by Artillery with our engine, on one simulated endpoint, in turns; the noise of repeating stands beside the difference. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { studentPoint } from "../../src/engine/metrics/mean-interval.ts";
import { summarize } from "../../src/engine/metrics/summarize.ts";
import { readKeptRun } from "../../src/server/commands/kept-run-file.ts";
import { startSimulatedThread } from "../../src/server/simulated/thread.ts";
import { artillery, scriptOf } from "./artillery.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const load = { "request-rate": 10, "num-prompts": 100, "random-input-len": 64, "random-output-len": 16 };
const perflab = fileURLToPath(new URL("../../src/server/perflab.js", import.meta.url));
const statistics = ["mean", "p50", "p90"] as const;
type Ttft = Record<(typeof statistics)[number], number>;

const folder = await mkdtemp(join(tmpdir(), "perflab-artillery-"));
const endpoint = await startSimulatedThread({ fixed: { ttft: 0.1, itl: 0.01 }, model: "m" });
const rows: Record<"bench" | "engine" | "report", Ttft[]> = { bench: [], engine: [], report: [] };

async function ttftOf(file: string): Promise<Ttft> {
  const { ttft } = summarize(await readKeptRun(file));
  return { mean: 1000 * ttft.mean, p50: 1000 * ttft.p(50), p90: 1000 * ttft.p(90) };
}

try {
  for (let round = 0; round < rounds; round++) {
    const kept = join(folder, `bench-${round}.jsonl`);
    const options = Object.entries(load).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const args = [perflab, "bench", "--base-url", `${endpoint.url}/v1`, ...options, "--save-result", kept];
    await new Promise((resolve) => spawn(process.execPath, args, { stdio: "ignore" }).on("close", resolve));
    rows.bench.push(await ttftOf(kept));

    const step = { ...load, "save-result": join(folder, `engine-${round}.jsonl`) };
    const { code, out, aggregate } = await artillery(folder, scriptOf(`${endpoint.url}/v1`, 1, step));
    if (code !== 0 || !aggregate) throw new Error(`artillery ended with ${code}:\n${out}`);
    rows.engine.push(await ttftOf(step["save-result"]));
    const own = aggregate.summaries["perflab.ttft"]!;
    rows.report.push({ mean: own["mean"]!, p50: own["p50"]!, p90: own["p90"]! });
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
} finally {
  await endpoint.close();
  await rm(folder, { recursive: true });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Of the mean over rounds. */
const variance = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1) / values.length;
const ms = (value: number): string => value.toFixed(2).padStart(8);
process.stdout.write(`TTFT, ms; simulated endpoint, ${rounds} rounds of ${load["num-prompts"]} requests each, in turns; means over rounds\n`);
process.stdout.write("          bench   engine  difference  noise (95 %, Student, over rounds)   Artillery's own report (its sketch: ± 1 %)\n");
let beyond = false;
for (const name of statistics) {
  const [bench, engine, report] = [rows.bench, rows.engine, rows.report].map((list) => list.map((ttft) => ttft[name]));
  const difference = mean(engine!) - mean(bench!);
  const noise = studentPoint(2 * rounds - 2) * Math.sqrt(variance(bench!) + variance(engine!));
  const within = Math.abs(difference) <= noise;
  beyond ||= !within;
  process.stdout.write(
    `${name.padEnd(5)} ${ms(mean(bench!))} ${ms(mean(engine!))}    ${ms(difference)} ${ms(noise)}  ${within ? "within" : "BEYOND"}                   ${ms(mean(report!))}\n`,
  );
}
if (beyond) process.exitCode = 1;
