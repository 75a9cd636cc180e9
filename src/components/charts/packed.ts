/** A chart as one text: how a page built ahead hands its figures to the code that brings them to life. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";

export interface PackedChart {
  readonly chart: ChartDescription;
  readonly origin: ChartOrigin;
}

const kinds = { Float64Array, Uint32Array, Int32Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

export function packChart(chart: ChartDescription, origin: ChartOrigin): string {
  return packJson({ chart, origin } satisfies PackedChart);
}

export function unpackChart(text: string): PackedChart {
  return unpackJson(text) as PackedChart;
}

/** JSON, in which a typed array says which it is. */
export function packJson(given: unknown): string {
  return JSON.stringify(given, (_, value: unknown) => {
    const kind = (Object.keys(kinds) as Kind[]).find((name) => value instanceof kinds[name]);
    if (kind !== undefined) return { [kind]: Array.from(value as Float64Array) };
    // A cell without a value, which JSON has no number for.
    return typeof value === "number" && Number.isNaN(value) ? { NaN: true } : value;
  });
}

export function unpackJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("NaN" in value) return NaN;
    const kind = (Object.keys(kinds) as Kind[]).find((name) => name in value);
    return kind === undefined ? value : kinds[kind].from((value as Record<Kind, number[]>)[kind]);
  });
}
