/** A run as one HTML file that needs nothing else: its report card, its times with intervals, the server's numbers beside the client's, and pictures. */
import { summarize } from "../../engine/metrics/summarize.ts";
import type { Distribution } from "../../engine/metrics/types.ts";
import { statuses, type Run } from "../../engine/run.ts";
import { reportCard } from "./report-card.ts";
import { milliseconds, reportOf } from "./run-report.ts";

/** A picture with what it shows in words and as rows. */
export interface ReportFigure {
  readonly title: string;
  readonly finding: string;
  /** Markup of an SVG, or empty where the rows are all there is. */
  readonly svg: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface ReportPage {
  readonly title: string;
  /** ISO date and time of the run. */
  readonly date?: string;
  readonly figures?: readonly ReportFigure[];
  /** Declarations for `:root` that the pictures need. */
  readonly rootStyle?: string;
}

/** From so few samples on, a p99 has an upper value of its own. */
const P99_NEEDS = 368;

/** No script, no address, no font from elsewhere. */
export function reportHtml(run: Run, { title, date, figures = [], rootStyle = "" }: ReportPage): string {
  const simulated = run.origin.kind === "simulated" || run.measurement?.server?.simulated === true;
  const badge = simulated ? "simulated" : "measured";
  const body = [
    `<header><p class="badge">${badge}</p><h1>${escape(title)}</h1>`,
    `<p>${escape([date ?? run.date ?? "", simulated ? "No GPU was measured." : ""].filter(Boolean).join(" · "))}</p></header>`,
    section("Report card", cardTable(run)),
    section("Times", timesTable(run)),
    section("By the client and by the server", sidesTable(run)),
    section("What a reader must know", notesOf(run)),
    ...figures.map(figureOf),
    `<footer><p>Written by AI Performance Engineering. Keep the run beside it: <code>perflab compare</code> reads that.</p></footer>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}${rootStyle === "" ? "" : `:root{${rootStyle}}`}</style></head>
<body><main>${body.join("\n")}</main></body></html>
`;
}

const STYLE = `
:root{color-scheme:light dark;--font-text:system-ui,sans-serif}
body{margin:0;background:var(--paper,Canvas);color:var(--ink,CanvasText);font:1rem/1.55 var(--font-text)}
main{max-width:54rem;margin:auto;padding:1.5rem}
h1{margin:.3rem 0 0}h2{margin:2.2rem 0 .6rem;font-size:1.2rem}
.badge{display:inline-block;margin:0;padding:.1rem .5rem;border:1px solid;font-weight:600}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent);text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.missing{font-style:italic}svg{max-width:100%;height:auto;font-family:var(--font-text)}
details{margin:.5rem 0}summary{cursor:pointer}
@media print{section{break-inside:avoid}main{padding:0}}`;

function section(title: string, content: string): string {
  return content === "" ? "" : `<section><h2>${escape(title)}</h2>${content}</section>`;
}

function table(
  label: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = true,
): string {
  const kind = (c: number) => (numbers && c > 0 ? ' class="n"' : "");
  const head = columns.map((name, c) => `<th scope="col"${kind(c)}>${escape(name)}</th>`).join("");
  const lines = rows.map(
    ([name = "", ...cells]) =>
      `<tr><th scope="row">${escape(name)}</th>${cells.map((cell, c) => `<td${kind(c + 1)}>${escape(cell)}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(label)}"><table><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
}

function cardTable(run: Run): string {
  const rows = reportCard(run).map(({ name, value }) => [name, value ?? "not on record: say it beside the number"]);
  return table("Report card", ["Field", "Value"], rows, false);
}

const NAMES = { ttft: "TTFT", tpot: "TPOT", itl: "ITL", icl: "between chunks", e2e: "E2E" } as const;

function timesTable(run: Run): string {
  const [left, due] = [summarize(run, { window: "all" }), summarize(run, { window: "all", from: "scheduled" })];
  const cells = (name: string, values: Distribution): string[] => {
    const known = values.n > 0;
    const ends = known && values.n >= P99_NEEDS ? values.interval(99) : null;
    const at = (q: number) => milliseconds(known ? values.p(q) : null);
    return [
      name,
      String(values.n),
      milliseconds(known ? values.mean : null),
      at(50),
      at(90),
      at(99),
      ends ? `${milliseconds(ends[0])} to ${milliseconds(ends[1])}` : `needs ${P99_NEEDS}`,
    ];
  };
  const rows = [
    ...Object.entries(NAMES).map(([key, name]) => cells(name, left[key as keyof typeof NAMES])),
    cells("TTFT, from when due", due.ttft),
    cells("E2E, from when due", due.e2e),
  ];
  return table("Times in milliseconds", ["ms", "n", "mean", "p50", "p90", "p99", "95 % interval of p99"], rows);
}

/** What both sides know. Their difference is the network, the client and what lies in between. */
function sidesTable(run: Run): string {
  const server = run.measurement?.server;
  if (!server) return run.origin.kind === "measured" ? "<p>The server publishes no metrics that we know.</p>" : "";
  const { tokens } = reportOf(run, { percentiles: [] });
  const mine = summarize(run, { window: "all" });
  const rows: string[][] = [];
  const add = (name: string, client: string, theirs: string | undefined) =>
    theirs === undefined ? undefined : rows.push([name, client, theirs]);
  const mean = (values: Distribution) => milliseconds(values.n > 0 ? values.mean : null);
  const theirs = (seconds: number | undefined) => (seconds === undefined ? undefined : milliseconds(seconds));
  add("Tokens written", String(tokens["output"]), server.generatedTokens?.toString());
  add("Tokens read", String(tokens["prompt"]), server.promptTokens?.toString());
  add("TTFT, mean, ms", mean(mine.ttft), theirs(server.means?.ttft));
  add("ITL, mean, ms", mean(mine.itl), theirs(server.means?.itl));
  add("E2E, mean, ms", mean(mine.e2e), theirs(server.means?.e2e));
  add("In the server's queue, mean, ms", "can't see it", theirs(server.means?.queue));
  add("Preemptions", "can't see them", server.preemptions?.toString());
  return rows.length === 0 ? "" : table("Client and server", ["", "client", "server"], rows);
}

function notesOf(run: Run): string {
  const report = reportOf(run, { percentiles: [] });
  const lines = [
    ...report.failures.map(({ kind, count, example }) => `${count} × ${kind}: ${example}`),
    ...(report.clientLimited ? ["client-limited: the times say as much about the client as about the server"] : []),
    ...report.notes,
    ...(report.ended ? [report.ended.message] : []),
  ];
  const waits = run.requests.started
    .map((started, i) => started - run.requests.scheduled[i]!)
    .filter((_, i) => statuses[run.requests.status[i]!] === "succeeded");
  const longest = waits.length > 0 ? Math.max(...waits) : 0;
  if (longest > 0.001)
    lines.push(`requests waited up to ${milliseconds(longest)} ms in the generator before they left`);
  return lines.length === 0
    ? "<p>Nothing: no failures, and the client was on time.</p>"
    : `<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join("")}</ul>`;
}

function figureOf({ title, finding, svg, columns, rows }: ReportFigure): string {
  const data = table(
    title,
    columns,
    rows.map((row) => row.map(String)),
  );
  const shown = svg === "" ? data : `${svg}<p>${escape(finding)}</p><details><summary>Data</summary>${data}</details>`;
  return section(title, shown);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
