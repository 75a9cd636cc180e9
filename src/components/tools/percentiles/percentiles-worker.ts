/** The analyser's worker: holds the tables, so that a million rows never cross to the page. */
import { analyse } from "../../../engine/percentiles/analyse.ts";
import { guessColumns } from "../../../engine/percentiles/columns.ts";
import { readInput, tableOfRun, type Input } from "../../../engine/percentiles/read-input.ts";
import { isKeepFile, readKeepFile } from "../../../lab/keep/keep-file.ts";
import type { Run } from "../../../engine/run.ts";
import { answerQuestions } from "../worker-job.ts";
import { textOfFile } from "./file-text.ts";
import type { Answer, Question, ReadSource, Slot, Source } from "./question.ts";

const held = new Map<Slot, { readonly name: string; readonly input: Input }>();

answerQuestions<Question, Answer>(async (question, progress) => {
  if (question.kind === "read") {
    const { source } = question;
    held.delete(question.slot);
    const input = await inputOf(source, progress);
    held.set(question.slot, { name: source.name, input });
    return { read: told(source.name, input) };
  }
  if (question.kind === "forget") {
    held.delete(question.slot);
    return { analysis: null };
  }
  const tables = (["a", "b"] as const).flatMap((slot) => {
    const set = held.get(slot);
    const table = set?.input.results[question.result[slot]]?.table;
    return set && table ? [{ name: `${slot.toUpperCase()}: ${set.name}`.slice(0, 80), table }] : [];
  });
  return { analysis: tables.length > 0 ? analyse(tables, question.settings) : null };
});

async function inputOf(source: Source, progress: (share: number) => void): Promise<Input> {
  if ("runs" in source) return ofRuns(source.runs, "A kept run");
  const text = "text" in source ? source.text : await textOfFile(source.file);
  if (!isKeepFile(text)) return readInput(text, progress);
  return ofRuns(
    (readKeepFile(text).kept.runData ?? []).flatMap(({ runs }) => runs),
    "Kept runs of this course",
  );
}

function ofRuns(runs: readonly Run[], source: string): Input {
  return {
    source,
    results: runs.map((run, i) => ({ label: `run ${i + 1}`, table: tableOfRun(run), missing: [], dropped: [] })),
  };
}

function told(name: string, { source, results }: Input): ReadSource {
  return {
    name,
    source,
    results: results.map(({ label, table, stated, missing, dropped }) => ({
      label,
      rows: table?.rows ?? 0,
      columns: table ? guessColumns(table) : [],
      ...(stated ? { stated } : {}),
      missing,
      dropped,
    })),
  };
}
