/** What the doctor found as a text to paste into a ticket: Markdown, without the reader's keys, machines' names, addresses and paths. */
import type { DoctorReport } from "../../endpoint/target.ts";
import type { TextFinding } from "../../endpoint/doctor/fill.ts";
import type { MetricsPage } from "../../endpoint/doctor/read-metrics.ts";
import { readStart, type StartCommand } from "../../endpoint/doctor/read-start.ts";
import { withhold, withholdIn } from "../../endpoint/doctor/withhold.ts";
import { severities } from "../lab/FindingList.tsx";

export interface Examined {
  readonly endpoint: DoctorReport | null;
  /** The host that was asked, whatever it looks like. */
  readonly host: string;
  readonly start: StartCommand | null;
  readonly command: string;
  readonly metrics: MetricsPage | null;
}

/** The same without what is the reader's own. Our advice is ours: only what came from outside is changed, or read again once changed. */
function shown({ endpoint, host, start, command, metrics }: Examined) {
  const left = withhold(command, [host]).trim();
  return {
    endpoint: endpoint && {
      ...endpoint,
      model: withhold(endpoint.model, [host]),
      models: withholdIn(endpoint.models, [host]),
      findings: endpoint.findings.map((found) => ({
        ...found,
        ...(found.seen !== undefined && { seen: withhold(found.seen, [host]) }),
      })),
    },
    start: start && { ...readStart(left), command: left },
    metrics,
  };
}

export function reportText(examined: Examined): string {
  const { endpoint, start, metrics } = shown(examined);
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
  if (start) parts.push("## The start command", `\`\`\`sh\n${start.command}\n\`\`\``, list(start.findings));
  if (metrics) parts.push("## Its own metrics", list(metrics.findings));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The same for programs. */
export function reportJson(examined: Examined): unknown {
  return { format: "perflab-doctor", ...shown(examined) };
}
