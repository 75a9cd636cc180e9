/** Reads the Prometheus text format as far as counters and gauges go: one number a name, summed over labels. */

/** Histogram buckets and lines that aren't samples are passed over. */
export function readPrometheus(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})?\s+(\S+)/.exec(line);
    if (!match || match[2]?.includes("le=")) continue;
    const value = Number(match[3]);
    if (Number.isFinite(value)) values.set(match[1]!, (values.get(match[1]!) ?? 0) + value);
  }
  return values;
}

/** The value of one label of the first sample of a name. */
export function readLabel(text: string, name: string, label: string): string | undefined {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${name}{`));
  return line && new RegExp(`[{,]${label}="([^"]*)"`).exec(line)?.[1];
}
