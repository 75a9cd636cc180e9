/** What a chart's numbers are worth: how they came about, and how far such numbers were off where it was published. */
import { formatNumber } from "../../engine/chart/format.ts";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import record from "../../../tests/accuracy/record.json" with { type: "json" };

/** Kinds of number that the record of accuracy has errors for. */
export type Quantity = "throughput" | "ttft" | "tpot" | "step" | "latency";

const names: Readonly<Record<Quantity, string>> = {
  throughput: "throughput",
  ttft: "time to first token",
  tpot: "time per output token",
  step: "the time of one prefill or decode step",
  latency: "end-to-end latency",
};

/** Which of them an axis is called; the first that fits. */
const words: readonly (readonly [RegExp, Quantity])[] = [
  [/TTFT|first token/i, "ttft"],
  [/TPOT|ITL|per output token|between tokens|inter-token/i, "tpot"],
  [/throughput|tok(en)?s?\/s|tok(en)?s per second|goodput|requests?\/s|speed of/i, "throughput"],
  [/\bstep\b/i, "step"],
  [/latency|E2E|end-to-end|request time/i, "latency"],
];

/** What a chart shows in terms of the record, or null: prices, lengths and counts are in no record. */
export function quantityOf(description: ChartDescription): Quantity | null {
  const { spec, title } = description;
  const axes = [
    "y" in spec ? spec.y : undefined,
    "x" in spec ? spec.x : undefined,
    "z" in spec ? spec.z : undefined,
  ].flatMap((axis) => (axis ? [`${axis.label} ${axis.unit ?? ""}`] : []));
  for (const text of [...axes, title]) {
    const found = words.find(([is]) => is.test(text));
    if (found) return found[1];
  }
  return null;
}

interface Errors {
  readonly group: number;
  readonly p90: number;
}

/** Of the validations in the record, the one that came out worst for this kind of number; never the rows it was fitted on. */
function worst(quantity: Quantity): Errors | null {
  const isErrors = (value: unknown): value is Errors =>
    typeof value === "object" && value !== null && "group" in value && "p90" in value;
  const found = Object.entries(record as Readonly<Record<string, unknown>>).flatMap(([name, table]) => {
    const errors =
      name === "inSample" || typeof table !== "object" || table === null
        ? undefined
        : (table as Readonly<Record<string, unknown>>)[quantity];
    return isErrors(errors) ? [errors] : [];
  });
  return found.reduce<Errors | null>((a, b) => (a === null || b.group > a.group ? b : a), null);
}

/** In two or three sentences. */
export function howWrong(description: ChartDescription, origin: ChartOrigin): string[] {
  const quantity = quantityOf(description);
  const errors = quantity === null ? null : worst(quantity);
  const percent = (share: number) => `${formatNumber(100 * share)} %`;
  const published =
    quantity !== null && errors !== null
      ? `Against published measurements that it was not fitted on, our model of ${names[quantity]} is off by ${percent(errors.group)} in the median, and by more than ${percent(errors.p90)} for one row in ten.`
      : "Our record of published measurements has no error for this kind of number.";
  if (origin.kind === "measured")
    return /simulated endpoint/i.test(origin.target ?? "")
      ? [
          "Timed on real sockets, but the server is our own simulated endpoint: its pace comes from the simulator.",
          published,
        ]
      : [
          "Timed on the server you picked. The notes under the run say how late the client itself was, and what it could not see.",
        ];
  return [
    origin.kind === "simulated"
      ? "Simulated: the scheduler is played step by step, and each step is priced by a model, not timed."
      : "Calculated: worked out by formula, nothing was timed.",
    published,
  ];
}
