/** The command line over kept runs: report, conversion, several runs in a file, encodings, limits on failures, and twins. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toJsonl } from "../../src/engine/metrics/interchange/index.ts";
import { simulate } from "../../src/engine/simulate/simulate.ts";
import { startSimulatedThread } from "../../src/server/simulated/thread.ts";
import { perflab } from "./cli.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/results/${name}`, import.meta.url));
const twoRuns = fixture("constructed_vllm_append_result_two_runs.json");
let folder: string;
const kept = (): string => join(folder, "kept.jsonl");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "perflab-results-"));
  const run = simulate(
    { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
    {
      arrivals: { kind: "closed", users: 4 },
      prompt: { kind: "fixed", value: 100 },
      output: { kind: "fixed", value: 10 },
      requests: 20,
    },
  );
  await writeFile(kept(), toJsonl(run));
});
afterAll(() => rm(folder, { recursive: true }));

describe("report", () => {
  test("prints a kept run by any tool's definitions, as table, JSON and CSV", async () => {
    const table = await perflab(["report", kept(), "--percentiles", "50,99.9"]);
    expect(table.code).toBe(0);
    expect(table.out).toMatch(/TTFT .*20/);
    expect(table.out).toContain("p99.9");
    const json = JSON.parse((await perflab(["report", kept(), "--definition", "guidellm", "--json"])).out) as {
      times: Record<string, { n: number; mean: number }>;
    };
    // GuideLLM's TPOT has TTFT in it.
    expect(json.times["tpot"]!.mean).toBeCloseTo(json.times["e2e"]!.mean / 10, 9);
    const csv = (await perflab(["report", kept(), "--csv"])).out.split("\n");
    expect(csv[0]).toBe("metric,statistic,value,unit");
    expect(csv).toContain("ttft,n,20,");
  });

  test("shows a summary as one, and will not write it as a run", async () => {
    const summary = fixture("vllm_bench_serve_v0.25.1.json");
    const shown = await perflab(["report", summary]);
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/TTFT .*215\.5/);
    expect(shown.err).toContain("--save-detailed");
    const written = await perflab(["report", summary, "--save-result", join(folder, "x.json")]);
    expect(written.code).toBe(2);
    expect(written.err).toContain("holds no requests");
  });

  test("writes a run for another tool, which brings back its times", async () => {
    for (const format of ["vllm", "guidellm", "aiperf"]) {
      const file = join(folder, format === "aiperf" ? "aiperf-run/" : `as-${format}.json`);
      expect((await perflab(["report", kept(), "--save-result", file, "--format", format])).code).toBe(0);
      const [a, b] = await Promise.all(
        [kept(), file].map(async (from) => {
          const { out } = await perflab(["report", from, "--json"]);
          return JSON.parse(out) as { times: Record<string, { mean: number }> };
        }),
      );
      expect(b!.times["ttft"]!.mean).toBeCloseTo(a!.times["ttft"]!.mean, 5);
    }
    const summary = JSON.parse(await readFile(join(folder, "aiperf-run", "profile_export_aiperf.json"), "utf8")) as {
      request_count: { avg: number };
    };
    expect(summary.request_count.avg).toBe(20);
  });
});

describe("a file of several runs", () => {
  test("asks which, and takes FILE#2", async () => {
    const asked = await perflab(["report", twoRuns]);
    expect(asked.code).toBe(2);
    expect(asked.err).toMatch(/holds 2 runs; say which: .*#1 \(request rate 10.*#2 \(request rate 30/);
    const { out } = await perflab(["report", `${twoRuns}#2`, "--json"]);
    expect((JSON.parse(out) as { times: { ttft: { mean: number } } }).times.ttft.mean).toBeCloseTo(0.35, 9);
    expect((await perflab(["report", `${twoRuns}#3`])).err).toContain("no #3");
  });
});

describe("a file in another encoding", () => {
  const source = fixture("constructed_vllm_burst_all_good.json");
  const encodings: Record<string, (text: string) => Uint8Array> = {
    "UTF-8 with a byte order mark": (text) => Buffer.from(`\uFEFF${text}`),
    "UTF-16, as PowerShell writes it": (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
    "UTF-16, big end first": (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
    "UTF-16 without a mark": (text) => Buffer.from(text, "utf16le"),
    "lines of Windows": (text) => Buffer.from(`\r\n${text}\r\n\r\n`),
    gzip: (text) => gzipSync(text),
  };
  test.each(Object.keys(encodings))("%s is read", async (name) => {
    const file = join(folder, "encoded.json");
    await writeFile(file, encodings[name]!(await readFile(source, "utf8")));
    const { out } = await perflab(["report", file, "--json"]);
    expect((JSON.parse(out) as { counts: { succeeded: number } }).counts.succeeded).toBe(40);
  });
});

describe("compare", () => {
  test("fails for a dead server, success in the first line", async () => {
    const [good, dead] = ["good", "failed"].map((name) => fixture(`constructed_vllm_burst_all_${name}.json`));
    const { code, out } = await perflab(["compare", good!, dead!]);
    expect(code).toBe(1);
    expect(out.split("\n")[0]).toMatch(/^succeeded: a 40 of 40; b 0 of 40, 40 failed/);
    const json = JSON.parse((await perflab(["compare", good!, dead!, "--json"])).out) as { regressions: string[] };
    expect(json.regressions).toEqual(["succeeded"]);
  });

  test("can't judge by a summary, and shows both", async () => {
    const [a, b] = [fixture("vllm_bench_serve_v0.25.1.json"), kept()];
    const { code, out } = await perflab(["compare", a, b]);
    expect(code).toBe(2);
    expect(out).toMatch(/can't be judged: .*vllm_bench_serve/);
    expect(out).toMatch(/TTFT .*215\.5/);
  });
});

test("--max-failed ends a bench with 1 where more failed than it allows", async () => {
  const endpoint = await startSimulatedThread({
    fixed: { ttft: 0.005, itl: 0.001 },
    model: "m",
    behaviour: { faults: [{ kind: "serverError", rate: 0.5 }] },
  });
  const bench = (most: string) =>
    perflab([
      ...["bench", "--base-url", endpoint.url, "--model", "m", "--num-prompts", "30", "--num-warmups", "0"],
      ...["--request-rate", "200", "--random-input-len", "20", "--random-output-len", "4", "--max-failed", most],
    ]);
  const strict = await bench("0.05");
  expect(strict.code).toBe(1);
  expect(strict.err).toMatch(/requests failed, more than --max-failed 0.05 allows/);
  expect((await bench("0.99")).code).toBe(0);
  await endpoint.close();
});

describe("--parameters", () => {
  test("of calibrate change an estimate, and are refused where they are none", async () => {
    const points = [1, 2, 4, 8, 16].map((concurrency) => ({
      prompt: 500,
      output: 100,
      concurrency,
      ttft: 0.05 + 0.01 * concurrency,
      tpot: 0.03 + 0.0005 * concurrency,
    }));
    const [pointsFile, parameters] = [join(folder, "points.json"), join(folder, "mine.json")];
    await writeFile(pointsFile, JSON.stringify(points));
    const of = ["--model", "llama-3.1-8b", "--gpu", "h100-sxm-80"];
    expect((await perflab(["calibrate", ...of, "--points", pointsFile, "--save-parameters", parameters])).code).toBe(0);
    const estimate = ["estimate", ...of, "--input-len", "500", "--output-len", "100", "--concurrency", "4", "--json"];
    const tpot = async (...more: string[]): Promise<number> =>
      (JSON.parse((await perflab([...estimate, ...more])).out) as { tpot: { value: number } }).tpot.value;
    // The points are three times slower than the server of the catalogue.
    expect(await tpot("--parameters", parameters)).toBeGreaterThan(2 * (await tpot()));
    const refused = await perflab(["simulate", ...of, "--port", "0", "--parameters", pointsFile]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("calibrate --save-parameters");
  });
});
