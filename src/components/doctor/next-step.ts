/** Where the page itself can't look further: what to do instead, in order of effort. */
import type { DoctorReport } from "../../endpoint/target.ts";

export interface NextStep {
  readonly why: string;
  readonly steps: readonly string[];
}

/** undefined where the endpoint was reached. `url`: what was typed. */
export function nextStep(report: DoctorReport, url: string): NextStep | undefined {
  const stop = report.findings.find(({ severity }) => severity === "stops");
  const terminal = `In a terminal no browser is in the way: npx perflab doctor --base-url ${url.trim() || "URL"}`;
  const pair =
    "Run the course by npm start and open the page that it prints (or pair this page with it, above): then the runner asks, not the browser.";
  const look = "Or paste the start command and the text of /metrics below: they say much without a connection.";
  switch (stop?.id) {
    case "cors":
      return {
        why: "The server answered, and the browser kept the answer from this page.",
        steps: [terminal, pair, look],
      };
    case "mixed-content":
      return {
        why: "A page that came over https may not call an http address on another machine. That is the browser’s rule, and no setting of the server changes it.",
        steps: [pair, terminal, look],
      };
    case "local-network-denied":
      return {
        why: "The browser asks before a page may reach your own network, and was told no.",
        steps: [terminal, pair, look],
      };
    case "unreachable":
    case "refused":
    case "dns":
    case "not-http":
    case "tls":
      return { why: "Nothing could be read at that address from here.", steps: [terminal, look] };
    default:
      return undefined;
  }
}
