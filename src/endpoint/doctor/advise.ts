/** Puts a finding into words, for the server that was recognised. */
import advice from "./advice.json" with { type: "json" };
import type { Finding, FindingId, ServerName } from "./report.ts";

interface Advice {
  readonly severity: string;
  readonly what: string;
  readonly fix: Readonly<Record<string, string>> & { readonly default: string };
}

const FINDINGS: Readonly<Record<FindingId, Advice>> = advice.findings;

/** `seen`: what was observed, for whoever doubts the finding. */
export function finding(id: FindingId, server: ServerName, seen?: string): Finding {
  const { severity, what, fix } = FINDINGS[id];
  return {
    id,
    severity: severity as Finding["severity"],
    what,
    fix: fix[server] ?? fix.default,
    ...(seen !== undefined && seen !== "" && { seen }),
  };
}
