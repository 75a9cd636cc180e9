/** What the doctor found, one a point: how bad it is, what is the case, what to change, and what was seen. */
import type { Finding } from "../../endpoint/target.ts";

export const severities: Readonly<Record<Finding["severity"], string>> = {
  stops: "Stops a measurement:",
  distorts: "Spoils the figures:",
  note: "Good to know:",
  good: "Fine:",
};

type Shown = Pick<Finding, "severity" | "what" | "fix" | "seen">;

export function FindingList({ findings }: { findings: readonly Shown[] }) {
  return (
    <ul class="lab-findings">
      {findings.map(({ severity, what, fix, seen }) => (
        <li key={what} data-severity={severity}>
          <strong>{severities[severity]}</strong> {what}
          {fix !== "" && <p>{fix}</p>}
          {seen !== undefined && seen !== "" && (
            <details>
              <summary>What was seen</summary>
              <pre>{seen}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
