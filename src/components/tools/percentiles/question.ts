/** What the page asks the analyser's worker, and what it answers. */
import type { Analysis } from "../../../engine/percentiles/analyse.ts";
import type { ColumnGuess } from "../../../engine/percentiles/columns.ts";
import type { Settings } from "../../../engine/percentiles/settings.ts";
import type { StatedSummary } from "../../../engine/metrics/interchange/stated.ts";
import type { Run } from "../../../engine/run.ts";

export type Slot = "a" | "b";

export type Source =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly file: Blob }
  | { readonly name: string; readonly runs: readonly Run[] };

export type Question =
  | { readonly kind: "read"; readonly slot: Slot; readonly source: Source }
  | { readonly kind: "forget"; readonly slot: Slot }
  | { readonly kind: "analyse"; readonly settings: Settings; readonly result: Readonly<Record<Slot, number>> };

export interface ReadResult {
  readonly label: string;
  readonly rows: number;
  readonly columns: readonly ColumnGuess[];
  readonly stated?: StatedSummary;
  readonly missing: readonly string[];
  readonly dropped: readonly string[];
}

export interface ReadSource {
  readonly name: string;
  readonly source: string;
  readonly results: readonly ReadResult[];
}

export type Answer = { readonly read: ReadSource } | { readonly analysis: Analysis | null };
