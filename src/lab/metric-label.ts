/** Names of numbers as people read them: "medianE2eMs" is "median E2E, ms". */

const upper = new Set(["ttft", "tpot", "itl", "e2e", "kv", "gpu", "slo", "usd", "p50", "p90", "p95", "p99"]);
const lower = /^p\d/;
const units: Readonly<Record<string, string>> = {
  ms: "ms",
  us: "µs",
  s: "s",
  seconds: "s",
  usd: "USD",
  gb: "GB",
  bytes: "B",
  percent: "%",
};

/** What stands in words already, as the summary of a Run does, stays as it is. */
export function metricLabel(name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return name;
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[ _$]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());
  const unit = words.length > 1 ? units[words.at(-1) ?? ""] : undefined;
  const named = (unit === undefined ? words : words.slice(0, -1)).map((word) =>
    upper.has(word) && !lower.test(word) ? word.toUpperCase() : word,
  );
  return unit === undefined ? named.join(" ") : `${named.join(" ")}, ${unit}`;
}
