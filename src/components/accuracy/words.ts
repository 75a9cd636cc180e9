/** Names of the tables of errors, of what is left out together, and of what a reader can choose. */
import type { Measurement } from "./measurements.ts";

export const metricNames = {
  throughput: "throughput",
  tpot: "TPOT",
  ttft: "TTFT",
  step: "one prefill or decode step",
  latency: "end-to-end latency",
} as const;
export type Metric = keyof typeof metricNames;
export const metrics = Object.keys(metricNames) as Metric[];

export const validationNames = {
  group: "one model on one GPU",
  model: "one model",
  gpu: "one GPU",
  architecture: "one family of GPUs",
  generation: "one generation of an engine",
  publisher: "one publisher",
} as const;
export type Validation = keyof typeof validationNames;
export const validations = Object.keys(validationNames) as Validation[];

/** What can share one pair of axes: rows of one table whose figures have one unit. */
export interface Quantity {
  readonly id: string;
  readonly name: string;
  /** Of the data; "s" and "B" are shown as ms or GB where that reads better. */
  readonly unit: string;
  readonly holds: (row: Measurement) => boolean;
}

const rate = (row: Measurement): boolean => row.unit.startsWith("tok/s");
export const quantities: readonly Quantity[] = [
  { id: "tpot", name: "TPOT", unit: "s", holds: ({ table }) => table === "tpot" },
  { id: "ttft", name: "TTFT", unit: "s", holds: ({ table }) => table === "ttft" },
  {
    id: "throughput",
    name: "throughput",
    unit: "tok/s",
    holds: (row) => row.table === "throughput" && rate(row),
  },
  {
    id: "step",
    name: "prefill and decode speed",
    unit: "tok/s",
    holds: (row) => row.table === "step" && rate(row),
  },
  {
    id: "step-time",
    name: "time of a step or a static batch",
    unit: "s",
    holds: (row) => row.table === "step" && row.unit === "s",
  },
  { id: "latency", name: "end-to-end latency", unit: "s", holds: ({ table }) => table === "latency" },
  {
    id: "memory",
    name: "memory",
    unit: "B",
    holds: ({ table, unit }) => table === "memory" && unit === "B",
  },
];

/** How load is put on, in words: "32 users", "1,000 requests at once". */
export function loadInWords({ load, loadValue }: Pick<Measurement, "load" | "loadValue">): string {
  const n = loadValue === null ? "" : loadValue.toLocaleString("en-GB");
  switch (load) {
    case "closed":
      return n === "" ? "closed loop" : `${n} in flight`;
    case "burst":
      return n === "" ? "all at once" : `${n} at once`;
    case "poisson":
      return n === "" ? "open loop" : `${n} a second`;
    case "static":
      return `static batch${n && ` of ${n}`}`;
    case "single":
      return "one at a time";
    case "saturated":
      return "saturated";
    default:
      return "";
  }
}
