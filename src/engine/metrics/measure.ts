/** Applies a definition to the requests of a run that count, and collects what it says. */
import { InputError } from "../errors.ts";
import { checkOptions, optionsNamed } from "../options.ts";
import { requireRun } from "./require-run.ts";
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
    return record.status === "succeeded" ? { record, metrics: rules.measure(record, record[from]) } : { record };
  });
  const approximate = rules.approximate(facts(run, requests));
  if (which === "steady" && !steady)
    approximate.push(
      "window: load was never steady (all requests left before the first finished); the whole run counts",
    );
  return { rules, window, requests, approximate };
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
