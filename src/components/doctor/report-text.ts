/** What the doctor found as a text to paste into a ticket: Markdown, without keys or addresses of the reader's network. */
import type { DoctorReport } from "../../endpoint/target.ts";
import type { TextFinding } from "../../endpoint/doctor/fill.ts";
import type { MetricsPage } from "../../endpoint/doctor/read-metrics.ts";
import { withoutKeys, type StartCommand } from "../../endpoint/doctor/read-start.ts";
import { severities } from "../lab/FindingList.tsx";

export interface Examined {
  readonly endpoint: DoctorReport | null;
  readonly start: StartCommand | null;
  readonly command: string;
  readonly metrics: MetricsPage | null;
}

export function reportText({ endpoint, start, command, metrics }: Examined): string {
  const list = (findings: readonly Pick<TextFinding, "severity" | "what" | "fix" | "seen">[]): string =>
    findings
      .map(
        ({ severity, what, fix, seen }) =>
          `- **${severities[severity]}** ${what} ${fix}${seen === undefined || seen === "" ? "" : `\n  Seen: ${seen}`}`,
      )
      .join("\n");
  const parts = ["# Endpoint doctor"];
  if (endpoint)
    parts.push(
      "## The endpoint",
      `Server: ${endpoint.server}${endpoint.model === "" ? "" : `, model: ${endpoint.model}`}. ${endpoint.usable ? "It can be measured." : "It can't be measured as it is."}`,
      list(endpoint.findings),
    );
  if (start)
    parts.push("## The start command", `\`\`\`sh\n${withoutKeys(command).trim()}\n\`\`\``, list(start.findings));
  if (metrics) parts.push("## Its own metrics", list(metrics.findings));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The same for programs. */
export function reportJson({ endpoint, start, command, metrics }: Examined): unknown {
  return {
    format: "perflab-doctor",
    endpoint,
    start: start && { ...start, command: withoutKeys(command).trim() },
    metrics,
  };
}
