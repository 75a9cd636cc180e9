/** Advice in which what was found stands in place of {names}. */
import type { Severity } from "./report.ts";

/** As a Finding of the doctor's round, from a text instead of a server. */
export interface TextFinding {
  readonly id: string;
  readonly severity: Severity;
  readonly what: string;
  readonly fix: string;
  readonly seen?: string;
}

export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
