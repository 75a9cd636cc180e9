/** The twin as files and as code: the points, the forecast, and the server with its fitted constants. */
import { calibrationMetrics } from "../../engine/calibrate/types.ts";
import type { MeasuredPoint } from "../../engine/calibrate/types.ts";
import type { Server } from "../../engine/server.ts";
import { toCsv } from "../charts/cells.ts";
import type { Foretold } from "./question.ts";
import type { FitOf } from "./twin-state.ts";

/** The server with its fitted constants, as `perflab simulate --server`, `estimate --server` and a lab take it. */
export function twinServer({ server, fitted }: FitOf): Server {
  return { ...server, parameters: fitted.parameters };
}

/** A row a load of the curve; seconds and tokens per second. */
export function curveToCsv(curve: readonly Foretold[], { fitted, read }: FitOf): string {
  const cell = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? "" : Number(value.toPrecision(7));
  const columns = [
    "what",
    "users",
    "requests per second",
    "prompt",
    "output",
    ...calibrationMetrics.flatMap((metric) => [metric, `${metric} low`, `${metric} high`]),
  ];
  const loadCells = ({ concurrency, rate, prompt, output }: Foretold["load"]) => [concurrency, rate, prompt, output];
  const points = read.observations.map(({ load, measured }) => [
    "measured",
    ...loadCells(load).map(cell),
    ...calibrationMetrics.flatMap((metric) => [cell(measured[metric]), "", ""]),
  ]);
  const models = read.observations.map(({ load }, i) => [
    "fitted constants",
    ...loadCells(load).map(cell),
    ...calibrationMetrics.flatMap((metric) => [
      cell(fitted.evidence.residuals.find((r) => r.point === i && r.metric === metric)?.model),
      "",
      "",
    ]),
  ]);
  const told = curve.map(({ load, twin }) => [
    "twin",
    ...loadCells(load).map(cell),
    ...calibrationMetrics.flatMap((metric) => [twin[metric].value, twin[metric].low, twin[metric].high].map(cell)),
  ]);
  return toCsv({ columns, rows: [...points, ...models, ...told] });
}

/** Everything that the page shows. Seconds, tokens. */
export function twinToJson(fit: FitOf, foretold: Foretold | null, curve: readonly Foretold[]): unknown {
  const { fitted, server, read } = fit;
  return {
    format: "perflab-twin",
    server,
    points: read.observations.map(({ load, measured }) => ({ ...load, ...measured })),
    constants: fitted.evidence.parameters,
    entangled: fitted.evidence.entangled,
    determined: fitted.evidence.determined,
    residuals: fitted.evidence.residuals.map(({ point, metric, measured, model }) => ({
      point,
      metric,
      measured,
      model,
    })),
    heldOut: fitted.heldOut,
    asked: foretold,
    curve,
  };
}

/** The same fit as a program of a lab. */
export function labCode({ server, read }: FitOf, foretold: Foretold | null): string {
  const digits = (value: number) => Number(value.toPrecision(6));
  const points = read.observations.map(
    ({ load, measured }): MeasuredPoint =>
      Object.fromEntries(
        Object.entries({ ...load, ...measured }).map(([name, value]) => [name, digits(value)]),
      ) as unknown as MeasuredPoint,
  );
  const load = foretold?.load ?? read.observations.at(-1)!.load;
  const { prompt, output } = load;
  const by = load.rate === undefined ? "concurrency" : "rate";
  const most = load.rate ?? load.concurrency!;
  const loads = Array.from({ length: 12 }, (_, i) => digits(Math.max(by === "rate" ? 0 : 1, most * 2 ** (i - 8))));
  return `import { calibrate, chart, simulate, summarize, fixed, closed, poisson, type MeasuredPoint, type Server } from "perflab";

/** The server that was measured, and the points: seconds, tokens. From the digital twin's page. */
const server: Server = ${JSON.stringify(server, null, 2)};
const points: MeasuredPoint[] = [
${points.map((point) => `  ${JSON.stringify(point)},`).join("\n")}
];

const twin = calibrate(server, points);
console.log("not shown by these points:", twin.unidentifiable.join(", ") || "nothing");
for (const [name, { value, low, high }] of Object.entries(twin.intervals)) console.log(name, value, "from", low, "to", high);

const loads = [${[...new Set(loads)].join(", ")}];
const told = loads.map((x) => ({ x, ...twin.predict({ prompt: ${digits(prompt)}, output: ${digits(output)}, ${by}: x }) }));
chart.line({
  title: "TPOT of the twin",
  x: { label: ${by === "rate" ? '"Requests per second"' : '"Users"'}, scale: "log" },
  y: { label: "TPOT", unit: "s", scale: "log" },
  series: [{ name: "twin", points: told.map(({ x, tpot }) => ({ x, y: tpot.value, low: tpot.low, high: tpot.high })) }],
});

// The twin as a server of its own: simulate it, request by request.
const run = simulate(
  { ...server, parameters: twin.parameters },
  {
    arrivals: ${by === "rate" ? `poisson(${digits(most)})` : `closed(${Math.max(1, Math.min(64, Math.round(most)))})`},
    prompt: fixed(${Math.round(prompt)}),
    output: fixed(${Math.round(Math.min(output, 512))}),
    requests: 200,
  },
);
console.log("simulated: TTFT p99", summarize(run).ttft.p(99), "s, TPOT mean", summarize(run).tpot.mean, "s");
`;
}
