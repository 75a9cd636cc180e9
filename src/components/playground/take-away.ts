/** What is simulated as CSV, JSON and code. */
import { statuses, tokenSources } from "../../engine/run.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { toCsv as tableToCsv } from "../charts/cells.ts";
import type { Setup } from "./configure.ts";
import type { Picture } from "./picture.ts";

/** A configuration and what came of it. */
export interface Taken {
  readonly name: string;
  readonly setup: Setup;
  readonly picture: Picture;
}

const columns = [
  "configuration",
  "request",
  "scheduled s",
  "started s",
  "first token s",
  "last token s",
  "prompt tokens",
  "cached tokens",
  "output tokens",
  "status",
  "preemptions",
  "replica",
  "figures are",
];

/** One row a request of each configuration; seconds from the start of its run, empty where it never happened. */
export function toCsv(all: readonly Taken[]): string {
  const time = (value: number) => (Number.isNaN(value) ? "" : value);
  const rows = all.flatMap(({ name, picture: { requests: r } }) =>
    Array.from({ length: r.count }, (_, i) => [
      name,
      i,
      ...[r.scheduled[i]!, r.started[i]!, r.first[i]!, r.last[i]!].map(time),
      r.promptTokens[i]!,
      r.cachedTokens[i]!,
      r.outputTokens[i]!,
      statuses[r.status[i]!]!,
      r.preemptions[i]!,
      r.replica[i]!,
      tokenSources[r.tokenSource[i]!]!,
    ]),
  );
  return tableToCsv({ columns, rows });
}

/** Configurations with their figures; seconds. Requests are in the CSV. */
export function toJson(all: readonly Taken[]): Readonly<Record<string, unknown>> {
  return {
    format: "perflab-simulator",
    unit: "s",
    figures: "simulated",
    configurations: all.map(({ name, setup, picture }) => {
      const { samples: _, requests: __, charts: ___, ...figures } = picture;
      return { name, ...setup, figures };
    }),
  };
}

/** Requests of the reader's own trace that go into a program: a link carries no more. */
export const mostInCode = 2000;

/** The same simulations as a program of the workspace. `table`: of the reader's own trace. */
export function toCode(all: readonly Taken[], table: RequestTable | undefined): string {
  const own = table !== undefined && all.some(({ setup: { load } }) => load.kind === "replay" && load.trace === "own");
  const shipped = all.some(({ setup: { load } }) => load.kind === "replay" && load.trace !== "own");
  const slo = all[0]?.setup.slo ?? {};
  const bound = Object.keys(slo).length > 0;
  const names = [
    "chart",
    ...(shipped ? ["expand"] : []),
    ...(bound ? ["goodput"] : []),
    ...(own || shipped ? ["script"] : []),
    "simulate",
    "summarize",
    ...(shipped ? ["trace"] : []),
  ];
  const literal = (value: unknown) => JSON.stringify(value, null, 2).replaceAll(/"([a-zA-Z]\w*)":/g, "$1:");
  return `import { ${names.join(", ")}, type Server, type Workload } from "perflab";

// From the simulator playground. Simulated${sameNumbers(all, own ? table : undefined) ? ", with the same numbers" : "; the page’s numbers may be of fewer requests, finer times or other objectives"}.
${own ? `${rowsOf(table)}\n` : ""}const configurations: { name: string; server: Server; workload: Workload }[] = [
${all.map(({ name, setup }) => `{\nname: ${JSON.stringify(name)},\nserver: ${literal(setup.server)},\nworkload: ${workloadCode(setup, literal)},\n},`).join("\n")}
];
const runs = configurations.map(({ name, server, workload }) => ({ name, run: simulate(server, workload) }));

for (const { name, run } of runs) {
  const { ttft, tpot, outputTokensPerSecond } = summarize(run);
  console.log(name, {
    "TTFT p99, s": ttft.p(99),
    "TPOT p99, s": tpot.p(99),
    "output tokens/s": outputTokensPerSecond,
${bound ? `    "within the objective": goodput(run, ${JSON.stringify(slo)}).attainment,\n` : ""}  });
}
chart.ecdf({
  title: "Time to first token",
  x: { label: "TTFT", unit: "s", scale: "log" },
  samples: runs.map(({ name, run: { requests: r } }) => ({
    name,
    values: Array.from(r.first, (first, i) => first - r.started[i]).filter((seconds) => seconds > 0),
  })),
});
chart.timeline(runs[0].run);
chart.gantt(runs[0].run);
`;
}

/** Whether the program simulates just what the page shows: all requests, each arriving when it did, under one objective. */
function sameNumbers(all: readonly Taken[], own: RequestTable | undefined): boolean {
  const [slo, ...others] = all.map(({ setup }) => JSON.stringify(setup.slo));
  return (
    all.every(({ picture: { simulated, wanted } }) => simulated === wanted) &&
    others.every((other) => other === slo) &&
    (own === undefined || (own.count <= mostInCode && own.at.every((at) => inCode(at) === at)))
  );
}

function inCode(at: number): number {
  return Number(at.toFixed(4));
}

function rowsOf({ at, prompt, output, count }: RequestTable): string {
  const shown = Math.min(count, mostInCode);
  const rows = Array.from({ length: shown }, (_, i) => `[${inCode(at[i]!)}, ${prompt[i]}, ${output[i]}]`);
  const cut = shown < count ? ` The first ${shown} of ${count} requests: a link carries no more.` : "";
  return `// Your trace: arrival in seconds, prompt and answer in tokens.${cut}\nconst rows = [${rows.join(", ")}];`;
}

function workloadCode({ load }: Setup, literal: (value: unknown) => string): string {
  if (load.kind === "drawn") return literal(load.workload);
  const { requests, ...limits } = load.limits;
  const faster = load.speed === 1 ? "at" : `at: at / ${load.speed}`;
  const specs =
    load.trace === "own"
      ? `rows.slice(0, ${requests ?? "undefined"}).map(([at, prompt, output]) => ({ ${faster}, prompt, output }))`
      : `expand(trace(${JSON.stringify(load.trace)})).slice(0, ${requests ?? "undefined"}).map(({ at, ...request }) => ({ ...request, ${faster} }))`;
  return `{ ...script(${specs}), ...${literal(limits)} }`;
}
