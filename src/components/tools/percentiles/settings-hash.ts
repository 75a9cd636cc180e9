/** The analyser's settings in an address, field by field, readable by people. */
import { unitSeconds, type TimeUnit } from "../../../engine/percentiles/cell.ts";
import { roles, type Role } from "../../../engine/percentiles/columns.ts";
import { defaults, metricLabel, type Metric, type Settings } from "../../../engine/percentiles/settings.ts";
import type { PercentileMethod } from "../../../engine/metrics/types.ts";

export const methods: readonly (readonly [PercentileMethod, string])[] = [
  ["linear", "linear (numpy, vLLM)"],
  ["nearest-rank", "nearest rank"],
  ["hazen", "Hazen"],
  ["weibull", "Weibull"],
  ["median-unbiased", "median-unbiased"],
];
const bounds = ["ttft", "tpot", "e2e"] as const;

/** Only what differs from the defaults. */
export function settingsToHash(settings: Settings, hash: URLSearchParams): void {
  const put = (name: string, value: string | number | undefined, usual?: string | number) => {
    if (value !== undefined && value !== usual) hash.set(name, String(value));
  };
  put("metric", settings.metric);
  put("method", settings.method, defaults.method);
  put("warmup", settings.warmup, defaults.warmup);
  put("interval", settings.interval);
  put("calls", settings.fanOut, defaults.fanOut);
  put("hedge", settings.hedge, defaults.hedge);
  for (const name of bounds) put(`slo-${name}`, settings.slo[name]);
  for (const { role, column, unit } of settings.mapping) hash.append("column", [role, unit ?? "", column].join("~"));
  for (const name of settings.unused) hash.append("unused", name);
  for (const { role, column, unit } of settings.b?.mapping ?? [])
    hash.append("column-b", [role, unit ?? "", column].join("~"));
  for (const name of settings.b?.unused ?? []) hash.append("unused-b", name);
}

/** What is not understood is left at its default. */
export function settingsFromHash(hash: URLSearchParams): Settings {
  const number = (name: string) => {
    const text = hash.get(name);
    const value = text === null || text === "" ? NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  };
  const metric = hash.get("metric");
  const method = methods.find(([name]) => name === hash.get("method"))?.[0];
  const interval = number("interval");
  const slo = Object.fromEntries(bounds.flatMap((name) => [[name, number(`slo-${name}`)] as const].filter(([, v]) => v !== undefined)));
  const mappingOf = (field: string) => hash.getAll(field).flatMap((text) => {
    const [role, unit, ...column] = text.split("~");
    if (!(roles as readonly string[]).includes(role ?? "")) return [];
    const known = unit !== undefined && Object.hasOwn(unitSeconds, unit);
    return [{ role: role as Role, column: column.join("~"), ...(known ? { unit: unit as TimeUnit } : {}) }];
  });
  const b = { mapping: mappingOf("column-b"), unused: hash.getAll("unused-b") };
  return {
    ...defaults,
    mapping: mappingOf("column"),
    unused: hash.getAll("unused"),
    ...(b.mapping.length > 0 || b.unused.length > 0 ? { b } : {}),
    ...(metric !== null && Object.hasOwn(metricLabel, metric) ? { metric: metric as Metric } : {}),
    method: method ?? defaults.method,
    warmup: number("warmup") ?? defaults.warmup,
    ...(interval !== undefined ? { interval } : {}),
    slo,
    fanOut: number("calls") ?? defaults.fanOut,
    hedge: number("hedge") ?? defaults.hedge,
  };
}
