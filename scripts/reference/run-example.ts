/** Runs one example of the reference as a lab would, and keeps what it prints and draws. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedChart } from "../../src/components/charts/packed.ts";
import { enterLab, type LabContext } from "../../src/lab/context.ts";
import { registerShippedTraces } from "../../src/engine/workload/traces/all.ts";
import { reseed } from "../../src/lab/bound.ts";
import { inspect } from "../../src/lab/sandbox/inspect.ts";
import { root } from "../lab/output.ts";

export interface Example {
  readonly code: string;
  readonly output: readonly string[];
  /** Each with where its numbers come from. */
  readonly charts: readonly PackedChart[];
}

export const examples = "src/reference/examples";
/** Every chart and check, as a lab writes it, for the gallery. */
export const gallery = "src/reference/gallery";

/** @throws what the example throws. */
export async function runExample(name: string, folder = examples): Promise<Example> {
  const file = join(root, folder, `${name}.ts`);
  const charts: PackedChart[] = [];
  const output: string[] = [];
  enterLab({
    seed: 1,
    params: { users: 8 },
    server: { model: "llama-3.1-8b", gpu: "h100-sxm-80" },
    parameters: "course-h100-v1",
    measured: false,
    replay: [],
    runs: [],
    charts: [],
    emit: (chart, origin) => void charts.push({ chart, origin }),
    keep: () => undefined,
    progress: () => undefined,
    note: () => undefined,
    traceData: () => undefined,
    measure: () => Promise.reject(new Error("an example measures nothing")),
    openStream: () => {
      throw new Error("an example measures nothing");
    },
  } satisfies LabContext);
  reseed(1);
  registerShippedTraces();
  const { log } = console;
  console.log = (...values: unknown[]) => output.push(values.map(inWords).join(" "));
  try {
    await import(/* @vite-ignore */ file);
  } finally {
    console.log = log;
  }
  return { code: readFileSync(file, "utf8"), output, charts };
}

function inWords(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}
