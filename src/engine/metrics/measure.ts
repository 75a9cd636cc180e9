/** Applies a definition to the requests of a run that count, and collects what it says. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { requireRun } from "../valid-run.ts";
import type { Run } from "../run.ts";
import { rulesOf } from "./definitions/definitions.ts";
import type { DefinitionRules, RequestMetrics, RunFacts } from "./definitions/types.ts";
import { recordReader, type RawRecord } from "./record.ts";
import type { SummaryOptions } from "./types.ts";
import { steadyWindow, wholeRun, type Window } from "./window.ts";

export interface MeasuredRequest {
  readonly record: RawRecord;
  /** Present where the request succeeded. */
  readonly metrics?: RequestMetrics;
}

export interface Measured {
  readonly rules: DefinitionRules;
  readonly window: Window;
  readonly requests: readonly MeasuredRequest[];
  readonly approximate: readonly string[];
}

const summaryOptions = optionsNamed({ others: ["definition", "from", "window"] });

/** Throws InputError for an unknown option, definition, clock zero or window. */
export function measure(run: Run, options: SummaryOptions = {}): Measured {
  requireRun("run", run);
  checkOptions("options", options, summaryOptions);
  const { definition = "perflab", window: which = "all" } = options;
  const rules = rulesOf(definition);
  const from = options.from ?? rules.from;
  if (from !== "started" && from !== "scheduled") throw new InputError("from", from, '"started" or "scheduled"');
  if (which !== "steady" && which !== "all") throw new InputError("window", which, '"steady" or "all"');

  const steady = which === "steady" ? steadyWindow(run) : null;
  const window = steady ?? wholeRun(run, rules);
  const read = recordReader(run);
  const requests = window.requests.map((i): MeasuredRequest => {
    const record = read(i);
    if (record.status !== "succeeded") return { record };
    return { record, metrics: measurable(rules.measure(record, record[from]), record, rules) };
  });
  const approximate = [...rules.approximate(facts(run, requests)), ...untold(run, requests, rules)];
  if (which === "steady" && !steady)
    approximate.push(
      "window: load was never steady (all requests left before the first finished); the whole run counts",
    );
  return { rules, window, requests, approximate };
}

/** Without what an answer in one piece can't tell under any definition: when its first token came, and the times between its tokens. */
function measurable(metrics: RequestMetrics, record: RawRecord, rules: DefinitionRules): RequestMetrics {
  if (!Number.isNaN(record.first))
    return record.first < record.last || record.outputTokens <= 1 ? metrics : withoutGaps(metrics, rules);
  const { ttft: _, ...rest } = withoutGaps(metrics, rules);
  return rest;
}

/** All tokens came at one moment: the times between them are those of the last wire, not of the server. */
function withoutGaps(metrics: RequestMetrics, rules: DefinitionRules): RequestMetrics {
  const { tpot, ...rest } = metrics;
  return { ...rest, ...(rules.tpotFromStart && tpot !== undefined && { tpot }), itl: [], icl: [] };
}

/** What the requests could not tell, in words, whatever the definition. */
function untold(run: Run, requests: readonly MeasuredRequest[], rules: DefinitionRules): string[] {
  if (run.origin.kind !== "measured") return [];
  const done = requests.filter((r) => r.metrics).map((r) => r.record);
  const count = (is: (record: RawRecord) => boolean): number => done.filter(is).length;
  const of = (n: number): string => (n === done.length ? "the answers" : `${n} of ${done.length} answers`);
  const notes: string[] = [];
  const pieces = count((r) => Number.isNaN(r.first));
  if (pieces > 0)
    notes.push(
      !run.measurement
        ? `ttft, tpot, itl: when the first token came is not known of ${of(pieces)}`
        : run.measurement.streamed
          ? `ttft, tpot, itl: ${of(pieces)} came in one piece, which doesn't tell when their first token was there`
          : "ttft, tpot, itl: not measured, since whole answers were asked for instead of streams",
    );
  const unknown = count((r) => !Number.isNaN(r.first) && r.visibleTokens === 0 && r.outputTokens > 0);
  const hidden = count((r) => r.visibleTokens > 0 && r.visibleTokens < r.outputTokens);
  if (hidden > 0 && pieces < done.length)
    notes.push(
      rules.countsHidden
        ? `tpot: ${of(hidden)} hold tokens that are counted and never shown (hidden reasoning), and this tool divides by them too`
        : `tpot, itl: ${of(hidden)} hold tokens that are counted and never shown (hidden reasoning); times are over the shown ones, output tokens and cost over all`,
    );
  if (unknown > 0)
    notes.push(
      `tpot, itl: ${of(unknown)} hold more tokens than were shown, and the server doesn't say how many it hid${rules.countsHidden ? "; this tool divides by all of them" : ", so there is no time per token"}`,
    );
  const prompts = count((r) => r.promptSource === "asked");
  if (prompts > 0)
    notes.push(
      `promptTokens, totalTokensPerSecond: the server did not count the prompts of ${prompts === done.length ? "the requests" : `${prompts} of ${done.length} requests`}; the length that was asked for stands in`,
    );
  return notes;
}

function facts(run: Run, requests: readonly MeasuredRequest[]): RunFacts {
  const done = requests.filter((r) => r.metrics);
  return {
    measured: run.origin.kind === "measured",
    chunks: run.chunks !== undefined,
    notTokenized: done.some((r) => r.record.tokenSource !== "tokenizer"),
    countedChunks: done.some((r) => r.record.tokenSource === "chunks"),
    single: done.filter((r) => r.record.outputTokens <= 1).length,
    failed: requests.length - done.length,
  };
}
