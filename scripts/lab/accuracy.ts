/** Predicts every published measurement and replays the real runs, for the pages that show how far off we are. */
import { join } from "node:path";
import { packMeasurements, type Measurement } from "../../src/components/accuracy/measurements.ts";
import type { ReplayFile } from "../../src/components/accuracy/replays.ts";
import { parameters } from "../../src/engine/step/parameters.ts";
import { playAll, replayErrors, type Times } from "../accuracy-replay.ts";
import { baselines } from "../accuracy/baseline.ts";
import { readCase, type Case } from "../accuracy/case.ts";
import { readRows, type Row } from "../accuracy/csv.ts";
import { predict } from "../accuracy/predict.ts";
import { emit, root, type Outputs } from "./output.ts";

/** What these pieces are made of. */
export const accuracyInputs = [
  "src/engine",
  "src/components/accuracy/measurements.ts",
  "scripts/accuracy",
  "scripts/accuracy-replay.ts",
  "tests/accuracy/measured",
  "tests/accuracy/replay",
  "tests/accuracy/profiles.json",
] as const;

const note =
  "Published measurements of LLM servers beside the predictions of this site's engine, in SI units. Rows are arrays in the order of `columns`; a column named in `words` holds an index into its list. Sources and licences: tests/accuracy/measured/README.md.";

export async function buildAccuracy(): Promise<Outputs> {
  const rows = readRows(join(root, "tests/accuracy/measured")).flatMap((row) => {
    const read = readCase(row);
    return "case" in read ? [measurementOf(row, read.case)] : [];
  });
  const { name, date } = parameters.fitted as { name: string; date?: string };
  const replays: ReplayFile = playAll(join(root, "tests/accuracy/replay")).map((played) => ({
    ...replayErrors(played),
    server: { model: played.server.model as string, gpu: played.server.gpu as string, version: played.server.version! },
    head: played.head,
    times: {
      measured: columnsOf(played.measured, played.head),
      transferred: columnsOf(played.transferred, played.head),
      fitted: columnsOf(played.fitted, played.head),
    },
  }));
  return {
    measurements: await emit(
      "accuracy/measurements",
      ".json",
      JSON.stringify(packMeasurements(rows, note, date === undefined ? name : `${name}, ${date}`)),
    ),
    replays: await emit("accuracy/replays", ".json", JSON.stringify(replays)),
  };
}

/** Of the requests that nothing was fitted on, the figures that they have. */
function columnsOf(times: Times, head: number): { ttft: number[]; tpot: number[] } {
  const listed = (column: Float64Array): number[] =>
    [...column.subarray(head)].filter((value) => !Number.isNaN(value)).map((value) => Number(value.toPrecision(5)));
  return { ttft: listed(times.ttft), tpot: listed(times.tpot) };
}

function measurementOf(row: Row, c: Case): Measurement {
  const known = (value: number): number | null => (Number.isFinite(value) && value >= 0 ? value : null);
  const figure = (of: () => number): number | null => {
    try {
      return known(of());
    } catch {
      return null;
    }
  };
  const base = c.table === "memory" ? undefined : baselines(c);
  return {
    table: c.table,
    metric: c.metric,
    unit: unitOf(c),
    model: c.model,
    gpu: c.gpu,
    family: c.server.gpu.architecture ?? "not stated",
    engine: c.engine,
    version: c.version,
    weights: c.server.weights,
    kv: c.server.kv,
    load: c.load,
    assumed: c.assumed.join(", "),
    publisher: row.cell("source"),
    source: row.cell("url_or_path"),
    date: row.cell("date"),
    file: c.file,
    row: c.row,
    gpus: c.gpus,
    tensorParallel: c.server.tensorParallel,
    loadValue: known(c.value),
    prompt: c.table === "memory" ? null : c.prompt,
    output: c.table === "memory" ? null : c.output,
    measured: c.measured * c.scale,
    predicted: figure(() => predict(c, parameters.fitted)),
    roofline: base ? known(base.roofline) : null,
    rule: base ? known(base.rule) : null,
  };
}

/** The SI unit of a row's figures. */
function unitOf({ metric, unit, table }: Case): string {
  if (metric === "kv_cache_tokens") return "tokens";
  if (table === "memory") return "B";
  if (metric === "achieved_weight_bandwidth_per_gpu") return "B/s";
  if (/throughput/.test(metric)) return /req/.test(unit) ? "req/s" : /GPU/i.test(unit) ? "tok/s/GPU" : "tok/s";
  return "s";
}
