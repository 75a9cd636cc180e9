/** A trace of one's own, from text: a table of arrivals and lengths, or the result file of a benchmark, which has measured times as well. */
import { InputError } from "../../engine/errors.ts";
import { readResults } from "../../engine/metrics/interchange/result-file.ts";
import { statuses, type Run } from "../../engine/run.ts";
import { readRecorded } from "../../engine/workload/recorded.ts";
import { readRecords, type Records } from "../../engine/workload/records.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { scriptTable } from "../../engine/workload/script-table.ts";
import type { RequestSpec } from "../../engine/workload/types.ts";
import { isKeepFile, readKeepFile } from "../../lab/keep/keep-file.ts";
import { samplesOf, type Samples } from "./samples.ts";

export interface OwnTrace {
  readonly name: string;
  /** What the file is, in words. */
  readonly what: string;
  readonly table: RequestTable;
  /** What the file's own server took, where it says. */
  readonly measured?: Samples;
  /** What was left out or guessed; sentences. */
  readonly said: readonly string[];
}

/** More would not be simulated while anybody waits. */
const mostRequests = 200_000;

/** Throws InputError that says the line and the column, or what the file lacks. */
export function readOwnTrace(name: string, text: string): OwnTrace {
  if (text.trim() === "") throw new InputError("the trace", "empty", "a table", "There is nothing in it");
  if (isKeepFile(text)) return fromRuns(name, "Kept runs of this course", keptRuns(text), []);
  const plain = plainTrace(text);
  if ("specs" in plain) {
    const what = plain.of === "plain" ? "A table of arrival, prompt and output" : `A trace as ${plain.of} has it`;
    return { name, what, ...cut(plain.specs) };
  }
  const read = resultsOf(text, plain);
  const runs = read.results.flatMap(({ run }) => run ?? []);
  const lacks = read.results.flatMap(({ missing }) => missing);
  return fromRuns(name, `${read.kind} of ${read.tool}`, runs, lacks);
}

/** Why a text is no table that we know; `broken` where it could not even be read as one. */
interface NoTable {
  readonly fault: InputError;
  readonly broken: boolean;
}

/** A file that no tool wrote is told of as the table that it is meant to be. */
function resultsOf(text: string, { fault, broken }: NoTable): ReturnType<typeof readResults> {
  try {
    return readResults(text);
  } catch (error) {
    throw error instanceof InputError && error.field !== "the file" && !broken ? error : fault;
  }
}

/** The table's requests; or, where its columns are none that we know, why. Throws InputError for a cell that is wrong. */
function plainTrace(text: string): ReturnType<typeof readRecorded> | NoTable {
  let records: Records | null = null;
  const unknown = (why: string) => new Unknown(`${why.charAt(0).toUpperCase()}${why.slice(1)}`);
  try {
    records = readRecords(text.replace(/^\uFEFF/, ""), (line, why) => {
      throw unknown(`line ${line}: ${why}`);
    });
    const { rows, lines } = records;
    return readRecorded(rows, {
      cell: (row, column, why) => {
        const line = lines[row] ?? row + 1;
        throw new InputError("the trace", column, why, `Line ${line}, column ${column}: it ${why}`);
      },
      table: (why) => {
        throw unknown(`it ${why}`);
      },
    });
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    return { fault: new InputError("the trace", "", "a table", error.message), broken: records === null };
  }
}

/** It is no table that we know; it may be a benchmark's file. */
class Unknown extends Error {}

function keptRuns(text: string): readonly Run[] {
  return (readKeepFile(text).kept.runData ?? []).flatMap(({ runs }) => runs);
}

function fromRuns(name: string, what: string, runs: readonly Run[], lacks: readonly string[]): OwnTrace {
  const run = runs.find(({ requests, untimed }) => requests.count > 0 && untimed === undefined);
  const problem = (why: string) => new InputError("the trace", name, "replayable", `${what}: ${why}`);
  if (run === undefined)
    throw problem(
      runs.some(({ requests }) => requests.count > 0)
        ? "it does not say when each request was sent, so there is nothing to replay"
        : `it holds no requests${lacks.length > 0 ? `. It lacks ${lacks.join("; ")}` : ""}`,
    );
  const { requests: r } = run;
  const specs: RequestSpec[] = [];
  let ended = 0;
  for (let i = 0; i < r.count; i++) {
    const at = r.scheduled[i]! >= 0 ? r.scheduled[i]! : r.started[i]!;
    if (!(at >= 0)) continue;
    if (statuses[r.status[i]!] !== "succeeded") ended++;
    specs.push({ at, prompt: Math.max(1, r.promptTokens[i]!), output: Math.max(1, r.outputTokens[i]!) });
  }
  if (specs.every(({ prompt }) => prompt === 1)) throw problem("it does not say how long the prompts were");
  if (specs.every(({ output }) => output === 1)) throw problem("it does not say how long the answers were");
  const { table, said } = cut(specs);
  const more = [
    ...(runs.length > 1 ? [`It holds ${runs.length} runs; the first that can be replayed is taken.`] : []),
    ...(ended > 0 ? [`${ended} requests did not succeed: they are replayed with the tokens that were counted.`] : []),
  ];
  const measured = run.origin.kind === "measured" ? { measured: samplesOf(run) } : {};
  return { name, what, table, ...measured, said: [...more, ...said] };
}

function cut(specs: readonly RequestSpec[]): Pick<OwnTrace, "table" | "said"> {
  const said =
    specs.length > mostRequests
      ? [
          `It has ${specs.length.toLocaleString("en-GB")} requests; the first ${mostRequests.toLocaleString("en-GB")} are taken.`,
        ]
      : [];
  const first = specs.length > mostRequests ? specs.toSorted((a, b) => a.at - b.at).slice(0, mostRequests) : specs;
  return { table: scriptTable(first), said };
}
