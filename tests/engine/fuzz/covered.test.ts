/** Every engine module that another room takes functions from is fuzzed, or it is said which test gives it what is wrong. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import * as engine from "../../../src/engine/index.ts";
import { inner } from "./inner-samples.ts";

const root = join(import.meta.dirname, "../../..");
const within = join(root, "src/engine");

/** By module, or module and name: what nobody outside can give a wrong argument, or what has its own tests with wrong ones. */
const elsewhere: Readonly<Record<string, string>> = {
  "benchmark/error-words.ts": "tests/endpoint/streams.test.ts",
  "benchmark/exchange.ts": "tests/endpoint/faults.test.ts",
  "benchmark/load.ts": "tests/engine/benchmark/load.test.ts",
  "benchmark/own-prompts.ts": "tests/endpoint/cli-data.test.ts",
  "benchmark/plan.ts": "tests/engine/benchmark/load.test.ts",
  "benchmark/prompt.ts": "tests/endpoint/warm-up.test.ts",
  "benchmark/request-body.ts": "tests/endpoint/dialects.test.ts",
  "benchmark/request-id.ts": "tests/engine/benchmark/shard.test.ts",
  "benchmark/stream-reader.ts": "tests/endpoint/dialects.test.ts",
  "benchmark/sweep.ts": "tests/endpoint/cli.test.ts",
  "benchmark/warm-up.ts": "tests/endpoint/warm-up.test.ts",
  "benchmark/words.ts": "tests/endpoint/warm-up.test.ts",
  "calibrate/observation.ts": "tests/engine/calibrate/calibrate.test.ts",
  "catalog/dtypes.ts": "tests/engine/catalog/catalog.test.ts",
  "chart/combine.ts": "tests/engine/chart/combine.test.ts",
  "chart/format.ts": "tests/engine/chart/format.test.ts",
  "chart/sums.ts": "tests/engine/chart/chart.test.ts",
  "chart/ticks.ts": "tests/engine/chart/chart.test.ts",
  "chart/validate.ts": "tests/engine/chart/chart.test.ts",
  "metrics/gate.ts": "tests/engine/metrics/gate.test.ts",
  "metrics/interchange/csv.ts": "tests/lab/import-fuzz.test.ts",
  "metrics/interchange/jsonl.ts": "tests/engine/metrics/interchange/jsonl.test.ts",
  "metrics/interchange/result-file.ts": "tests/engine/metrics/interchange/fuzz.test.ts",
  "metrics/interchange/sketch-file.ts": "tests/engine/metrics/merge.test.ts",
  "metrics/interchange/stated.ts": "tests/engine/metrics/interchange/others.test.ts",
  "metrics/interchange/vllm-export.ts": "tests/engine/metrics/interchange/vllm.test.ts",
  "metrics/merge/examine.ts": "tests/engine/metrics/merge.test.ts",
  "metrics/merge/sketched-run.ts": "tests/engine/metrics/merge.test.ts",
  "nearest.ts": "tests/engine/options.test.ts",
  "notes.ts": "tests/engine/public-face.test.ts",
  "numeric.ts": "tests/engine/numeric.test.ts",
  "options.ts": "tests/engine/options.test.ts",
  "percentiles/analyse.ts": "tests/engine/percentiles/analyse.test.ts",
  "percentiles/cell.ts": "tests/engine/percentiles/read-table.test.ts",
  "percentiles/columns.ts": "tests/engine/percentiles/read-table.test.ts",
  "percentiles/settings.ts": "tests/engine/percentiles/analyse.test.ts",
  "plan/take-away/commands.ts": "tests/engine/plan/take-away/take-away.test.ts",
  "plan/take-away/kubernetes.ts": "tests/engine/plan/take-away/take-away.test.ts",
  "random.ts": "tests/engine/random.test.ts",
  "simulate/engine.ts": "tests/engine/simulate/engine.test.ts",
  "simulate/watch.ts": "tests/engine/simulate/engine.test.ts",
  "valid-run.ts": "tests/lab/import-fuzz.test.ts",
  "workload/recorded.ts": "tests/engine/workload/traces.test.ts",
  "workload/records.ts": "tests/lab/traces.test.ts",
  "workload/script-table.ts": "tests/engine/workload/workload.test.ts",
  "workload/table.ts": "tests/engine/workload/workload.test.ts",
  "workload/traces/all.ts": "tests/engine/workload/traces.test.ts",
  "workload/traces/decode.ts": "tests/engine/workload/traces.test.ts",
  "metrics/interchange/index.ts KeptRun": "tests/engine/metrics/interchange/jsonl.test.ts",
  "metrics/interchange/index.ts jsonlLines": "tests/engine/metrics/interchange/jsonl.test.ts",
  "metrics/interchange/index.ts toAiperf": "tests/engine/metrics/interchange/others.test.ts",
  "metrics/interchange/index.ts toAiperfAggregate": "tests/engine/metrics/interchange/others.test.ts",
  "metrics/interchange/index.ts toGuidellm": "tests/engine/metrics/interchange/others.test.ts",
  "metrics/interchange/index.ts toJsonl": "tests/engine/metrics/interchange/jsonl.test.ts",
  "metrics/interchange/index.ts toVllm": "tests/engine/metrics/interchange/vllm.test.ts",
  "metrics/merge/merge-runs.ts endedOf": "tests/engine/metrics/merge.test.ts",
  "metrics/merge/merge-runs.ts missingText": "tests/engine/metrics/merge.test.ts",
  "workload/trace.ts registerTrace": "tests/engine/workload/traces.test.ts",
  "estimate/memory.ts budgetOf": "tests/engine/estimate/memory.test.ts",
  "calibrate/calibrate.ts twinOf": "tests/engine/calibrate/calibrate.test.ts",
  "percentiles/read-input.ts tableOfRun": "tests/engine/percentiles/read-input.test.ts",
  "workload/lengths.ts meanLength": "tests/engine/workload/workload.test.ts",
};

const faces: Readonly<Record<string, unknown>> = { ...engine };

/** Modules of the engine, with the names of values that other rooms import from them and that the public face does not have. */
function taken(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of globSync("src/**/*.{ts,tsx,astro}", { cwd: root })) {
    if (file.startsWith(join("src", "engine"))) continue;
    const text = readFileSync(join(root, file), "utf8");
    for (const [, names = "", from = ""] of text.matchAll(/^import \{([^}]*)\} from "(\.[^"]+)"/gm)) {
      const module = relative(within, join(root, dirname(file), from)).replaceAll("\\", "/");
      if (module.startsWith("..") || module === "index.ts" || module === "errors.ts") continue;
      for (const said of names.split(",").map((name) => name.trim().split(" as ")[0]!))
        if (said !== "" && !said.startsWith("type ") && !Object.hasOwn(faces, said))
          found.set(module, (found.get(module) ?? new Set()).add(said));
    }
  }
  return found;
}

test("a function that another room takes from the engine is fuzzed, or its module has a test that says what is wrong", async () => {
  const open: string[] = [];
  const modules = taken();
  expect(modules.size).toBeGreaterThan(30);
  for (const [module, names] of modules) {
    if (Object.hasOwn(elsewhere, module) || module.startsWith("chart/")) continue;
    const exported = (await import(join(within, module))) as Record<string, unknown>;
    for (const name of names)
      if (typeof exported[name] === "function" && !Object.hasOwn({ ...inner, ...elsewhere }, `${module} ${name}`))
        open.push(`${module} ${name}`);
  }
  expect(open).toEqual([]);
});

test("the tests that are named are there, and their modules too", () => {
  for (const [module, file] of Object.entries(elsewhere)) {
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(existsSync(join(within, module.split(" ")[0]!)), module).toBe(true);
  }
});
