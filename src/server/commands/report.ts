/** A run as a table for people. */
import color from "picocolors";
import { milliseconds, type Report } from "../../endpoint/report/run-report.ts";
import { textTable } from "./table.ts";

/** From so many tokens a chunk on, the gaps that a table shows are those between chunks. */
const SEVERAL = 1.1;

/** The report as text. */
export function printed(report: Report, percentiles: readonly number[]): string {
  const head = ["ms", "n", "mean", ...percentiles.map((q) => `p${q}`)];
  const cells: string[][] = [];
  const perChunk = report.guessed.output === "chunks" || (report.tokensPerChunk ?? 1) > SEVERAL;
  for (const [name, times] of Object.entries(report.times)) {
    const { n, ...rest } = times;
    // With several tokens a chunk most gaps between tokens are 0: what can be seen is the gaps between chunks.
    if (name === (perChunk ? "itl" : "icl")) continue;
    const guess = report.guessed.output === "chunks" && name === "tpot" ? "≈ " : "";
    cells.push([
      guess + LABELS[name as keyof typeof LABELS],
      String(n),
      ...Object.values(rest).map((value) => milliseconds(value ?? null)),
    ]);
  }
  return [
    `\n${color.bold(report.model)}  ${color.dim("measured")}  ${countsLine(report.counts)}`,
    textTable(head, cells),
    ...ratesLines(report),
    ...warnings(report),
  ].join("\n");
}

const LABELS = { ttft: "TTFT", tpot: "TPOT", itl: "ITL", icl: "between chunks", e2e: "E2E" } as const;

function countsLine(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([name, n]) => n > 0 || name === "succeeded");
  return parts
    .map(([name, n]) =>
      name === "succeeded" || name === "scheduled" || name === "unsent" ? `${n} ${name}` : color.red(`${n} ${name}`),
    )
    .join(", ");
}

/** A dash where it is not known. */
function digits(value: number | null, places: number): string {
  return value !== null && Number.isFinite(value) ? value.toPrecision(places) : "–";
}

export function perSecond(rate: number | null): string {
  return digits(rate, 4);
}

function ratesLines(report: Report): string[] {
  const { guessed } = report;
  const output = guessed.output ? "≈ " : "";
  const all = guessed.output || guessed.prompt ? "≈ " : "";
  const lines = [
    `${digits(report.requestsPerSecond, 3)} requests/s   ${output}${perSecond(report.outputTokensPerSecond)} output tokens/s   ${all}${perSecond(report.totalTokensPerSecond)} tokens/s in all   ${digits(report.duration, 3)} s`,
  ];
  if (report.goodput)
    lines.push(
      `goodput ${digits(report.goodput.requestsPerSecond, 3)} requests/s, ${(report.goodput.attainment * 100).toPrecision(3)} % within the SLO`,
    );
  if (report.goodputNotMeasured !== undefined) lines.push(color.yellow(`no goodput: ${report.goodputNotMeasured}`));
  if ((report.tokensPerChunk ?? 1) > SEVERAL)
    lines.push(
      `${report.tokensPerChunk!.toPrecision(3)} tokens a chunk, so the gaps are between chunks; TPOT is per token`,
    );
  if (report.usdPerMillionOutputTokens !== undefined)
    lines.push(`${output}$${report.usdPerMillionOutputTokens.toPrecision(3)} per million output tokens`);
  const { tokens } = report;
  if (tokens["promptAsked"] !== undefined && report.counts["succeeded"] !== 0) {
    const prompts = guessed.prompt ? "not counted by the server" : String(tokens["prompt"]);
    const answers = guessed.output ? `≈ ${tokens["output"]}, counted as chunks` : String(tokens["output"]);
    const shown = tokens["outputShown"] === undefined ? "" : `, ${tokens["outputShown"]} of them shown`;
    lines.push(
      color.dim(
        `prompt tokens ${prompts} (asked ${tokens["promptAsked"]}), output tokens ${answers}${shown} (asked ${tokens["outputAsked"]})`,
      ),
    );
  }
  if (report.server) {
    const { means, ...counted } = report.server;
    const said = (entries: readonly (readonly [string, unknown])[]) =>
      entries.map((entry) => entry.join(" ")).join(", ");
    lines.push(color.dim(`the server counted: ${said(Object.entries(counted))}`));
    if (means)
      lines.push(
        color.dim(
          `the server's own means, ms: ${said(Object.entries(means).map(([name, seconds]) => [name, milliseconds(seconds)]))}`,
        ),
      );
  }
  return lines;
}

function warnings(report: Report): string[] {
  const lines = report.failures.map(({ kind, count, example }) => color.red(`${count} × ${kind}: ${example}`));
  if (report.clientLimited)
    lines.push(
      color.yellow(
        `client-limited: this machine itself was up to ${milliseconds(report.clientLag)} ms late (p99), so the times say as much about it as about the server`,
      ),
    );
  for (const note of report.notes) lines.push(color.yellow(note));
  if (report.ended) lines.push(color.yellow(report.ended.message));
  return lines;
}
