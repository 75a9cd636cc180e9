/** The load that the twin is asked about, as it is typed. */
import type { Load } from "../../engine/calibrate/types.ts";
import { readTyped } from "../tools/read-typed.ts";
import type { LoadKind } from "./rows.ts";

export interface LoadChoice {
  readonly kind: LoadKind;
  readonly load: string;
  readonly prompt: string;
  readonly output: string;
}
export type LoadField = "load" | "prompt" | "output";

export type ReadLoad = { readonly load: Load } | { readonly problems: Readonly<Partial<Record<LoadField, string>>> };

export function readLoad({ kind, load, prompt, output }: LoadChoice): ReadLoad {
  const problems: Partial<Record<LoadField, string>> = {};
  const number = (field: LoadField, text: string, least: number, allowed: string): number => {
    const value = readTyped(text);
    if (!(value >= least) || !(value > 0) || !Number.isFinite(value)) problems[field] = allowed;
    return value;
  };
  const read = {
    prompt: number("prompt", prompt, 1, "a number of tokens from 1"),
    output: number("output", output, 1, "a number of tokens from 1"),
  };
  const at =
    kind === "users"
      ? { concurrency: number("load", load, 1, "a number of users from 1") }
      : { rate: number("load", load, 0, "requests a second, above 0") };
  return Object.keys(problems).length > 0 ? { problems } : { load: { ...read, ...at } };
}

/** Loads of a curve through `load`'s lengths: from the least to well beyond the most, evenly on a log scale. */
export function curveLoads(load: Load, low: number, high: number): Load[] {
  // Enough that a line is drawn without dots, which are for what was measured.
  const points = 61;
  const from = load.rate === undefined ? Math.max(1, low) : low;
  const { prompt, output } = load;
  return Array.from({ length: points }, (_, i) => {
    const at = from * (high / from) ** (i / (points - 1));
    return load.rate === undefined ? { prompt, output, concurrency: at } : { prompt, output, rate: at };
  });
}
