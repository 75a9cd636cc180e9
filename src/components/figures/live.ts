/** A figure that works while the reader turns its knobs: the engine computes each state anew, in the page. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";

export interface Knob {
  readonly name: string;
  readonly label: string;
  /** Where it can stand, in order. */
  readonly stops: readonly number[];
  /** Index of the stop at the start: what the page shows on paper and without JavaScript. */
  readonly start: number;
  /** A stop in words, with its unit. */
  words(value: number): string;
}

export interface LiveState {
  readonly chart: ChartDescription;
  /** What it shows, in one sentence. */
  readonly says: string;
  /** Numbers to read off, written out. */
  readonly readings: readonly (readonly [name: string, value: string])[];
}

export interface LiveFigure {
  readonly title: string;
  readonly origin: ChartOrigin;
  readonly knobs: readonly Knob[];
  /** `values`: by name of the knob. */
  at(values: Readonly<Record<string, number>>): LiveState;
}

export function startOf({ knobs }: LiveFigure): Record<string, number> {
  return Object.fromEntries(knobs.map(({ name, stops, start }) => [name, stops[start] ?? NaN]));
}
