/** A kept run as the point that the form asks about, and the form as code. */
import { observationOf } from "../../engine/calibrate/observation.ts";
import type { Run } from "../../engine/run.ts";
import { figures, type Figure, type Point } from "./slow.ts";

/** Texts of the form's fields: load, lengths, and each figure that the run measured. */
export interface OwnRun {
  readonly c: string;
  readonly in: string;
  readonly out: string;
  readonly values: Readonly<Partial<Record<Figure, string>>>;
}

/**
 * Means over the steady stretch. Of a run at a rate of arrivals the load is the mean number in flight (Little 1961). Throws InputError for a
 * run without a success.
 */
export function ownRun(run: Run): OwnRun {
  const { load, measured } = observationOf(run, 0);
  const text = (value: number) => String(Number(value.toPrecision(4)));
  const e2e = (measured.ttft ?? 0) + Math.max(0, load.output - 1) * (measured.tpot ?? 0);
  const inFlight = load.concurrency ?? Math.max(1, load.rate! * e2e);
  const seen = { ttft: measured.ttft, tpot: measured.tpot, throughput: measured.outputTokensPerSecond };
  return {
    c: text(inFlight),
    in: text(load.prompt),
    out: text(load.output),
    values: Object.fromEntries(
      Object.entries(seen).flatMap(([figure, value]) =>
        value === undefined ? [] : [[figure, text(value / figures[figure as Figure].scale)]],
      ),
    ),
  };
}

/** The same question as a program of the workspace. */
export function slowCode({
  model,
  gpu,
  gpus,
  engine,
  weights,
  concurrency,
  prompt,
  output,
  figure,
  value,
}: Point): string {
  const server = { model, gpu, tensorParallel: gpus, engine, ...(weights !== "" && { weights }) };
  const field = figure === "throughput" ? "outputTokensPerSecond" : figure;
  return `import { chart, estimate } from "perflab";

/** Is this server slow? From "Measured in the wild". */
const server = ${JSON.stringify(server, null, 2)};
const measured = ${value}; // ${figures[figure].name}, ${figures[figure].siUnit}

const expected = estimate(server, { prompt: ${prompt}, output: ${output}, concurrency: ${concurrency} }).${field};
console.log("measured ÷ expected", measured / expected.value);
console.log("four of five servers lie from", expected.low, "to", expected.high);

const users = [1, 2, 4, 8, 16, 32, 64, 128, ${concurrency}].sort((a, b) => a - b);
chart.line({
  title: ${JSON.stringify(`${figures[figure].name}, expected and measured`)},
  x: { label: "Requests in flight", scale: "log" },
  y: { label: ${JSON.stringify(figures[figure].name)}, unit: ${JSON.stringify(figures[figure].siUnit)} },
  series: [
    {
      name: "expected, with its 80 % interval",
      points: users.map((x) => {
        const { value, low, high } = estimate(server, { prompt: ${prompt}, output: ${output}, concurrency: x }).${field};
        return { x, y: value, low, high };
      }),
    },
    { name: "measured", points: [{ x: ${concurrency}, y: measured }] },
  ],
});
`;
}
