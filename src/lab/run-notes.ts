/** What stands under the results, in sentences: the lab's own remarks, how a run's requests ended and why, what to try, and what it cost. */
import { selfHostedCost } from "../engine/estimate/cost.ts";
import { summarize } from "../engine/metrics/summarize.ts";
import { statuses, type RequestFailure, type Run } from "../engine/run.ts";
import type { TargetPrice } from "../endpoint/target.ts";
import type { RunOutcome } from "./session.ts";

/** What to try where a failure's own sentence says only what happened. */
const advice: Readonly<Record<string, string>> = {
  cut: "Look at the server's log, and for a proxy in between that ends long answers.",
  empty: "Look at the server's log, and ask it for one answer by hand.",
  reset: "Run it again with fewer users at a time, to see whether load is what breaks it.",
  "timeout-stall": "Look at the server's load, and lower yours.",
  "timeout-total": "Ask for shorter answers, or lower the load.",
  "error-in-stream": "The server's log says more.",
};

/** Notes of the last Runs of a press; a sweep makes many. */
const mostRuns = 12;

/** Everything to be said under the results of one press of Run. */
export function notesOf({ notes, runs, price }: Pick<RunOutcome, "notes" | "runs" | "price">): readonly string[] {
  const said = runs.slice(-mostRuns).map((run, i) => [runName(run, runs.length, i), runNotes(run, price)] as const);
  const several = runs.length > 1 ? [`This run made ${runs.length} Runs; "Last runs" shows the last of them.`] : [];
  const spoken = said.flatMap(([name, texts]) => texts.map((text) => (runs.length > 1 ? `${name}: ${text}` : text)));
  return [...notes, ...(spoken.length > 0 ? several : []), ...spoken];
}

function runName(run: Run, of: number, i: number): string {
  return `Run ${Math.max(0, of - mostRuns) + i + 1} of ${of}${run.origin.kind === "measured" ? "" : ", simulated"}`;
}

/**
 * One sentence or two a note; requests that failed for one reason share a note. A simulated run speaks only where it ended
 * early, or where not all of its requests succeeded.
 */
export function runNotes(run: Run, price?: TargetPrice): readonly string[] {
  const ended = run.ended === undefined ? [] : [`It ended early: ${run.ended.message}`];
  if (run.origin.kind !== "measured") return allSucceeded(run) && ended.length === 0 ? [] : [endings(run), ...ended];
  return [endings(run), ...ended, ...failures(run), ...costs(run, price)];
}

function allSucceeded({ requests }: Run): boolean {
  return requests.status.every((code) => statuses[code] === "succeeded");
}

function endings({ requests }: Run): string {
  const ended = statuses.map(() => 0);
  for (const code of requests.status) ended[code]!++;
  const counts = statuses.flatMap((status, code) => {
    const count = ended[code]!;
    return count === 0 ? [] : [`${count} ${words[status]}`];
  });
  return `Of ${requests.count} requests, ${counts.join(", ")}.`;
}

const words: Readonly<Record<(typeof statuses)[number], string>> = {
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "were cancelled",
  timedOut: "timed out",
  refused: "were refused",
  unsent: "were not sent",
};

/** Reasons that get a note of their own. */
const mostReasons = 10;

function failures({ failures: failed = [] }: Run): readonly string[] {
  // Answers that differ only in a count broke alike.
  const alike = new Map<string, RequestFailure[]>();
  for (const failure of failed) {
    const name = `${failure.kind} ${failure.message.replaceAll(/\d+/g, "#")}`;
    const group = alike.get(name);
    if (group === undefined) alike.set(name, [failure]);
    else group.push(failure);
  }
  return [...alike.values()].slice(0, mostReasons).map((group) => {
    const { kind, message } = group[0]!;
    const who = group.length === 1 ? "One request" : `${group.length} requests, the first of them`;
    return `${who}: ${message} ${advice[kind] ?? ""}`.trim();
  });
}

function costs(run: Run, price?: TargetPrice): readonly string[] {
  if (price === undefined || !run.requests.status.includes(statuses.indexOf("succeeded"))) return [];
  const { succeeded, outputTokensPerSecond, duration } = summarize(run);
  if ("gpuHour" in price) {
    const { gpuHour, gpus } = price;
    const total = (gpuHour * gpus * duration) / 3600;
    const each = outputTokensPerSecond > 0 ? selfHostedCost({ gpuHour, gpus, outputTokensPerSecond }) : undefined;
    return [
      `At your $${gpuHour} per GPU-hour and ${gpus} GPU${gpus === 1 ? "" : "s"}, the ${duration.toFixed(1)} s cost ${usd(total)}: ` +
        `${usd(total / succeeded)} per request that succeeded${each === undefined ? "" : `, ${usd(each.perMillionOutputTokens)} per million output tokens`}.`,
    ];
  }
  let input = 0;
  let output = 0;
  run.requests.status.forEach((code, i) => {
    if (statuses[code] !== "succeeded") return;
    input += run.requests.promptTokens[i] ?? 0;
    output += run.requests.outputTokens[i] ?? 0;
  });
  const total = (input * price.input + output * price.output) / 1e6;
  return [
    `At your token prices, the requests that succeeded cost ${usd(total)}: ${usd(total / succeeded)} per request` +
      `${output > 0 ? `, ${usd((total / output) * 1e6)} per million output tokens with their input` : ""}.`,
  ];
}

function usd(amount: number): string {
  return `$${amount.toLocaleString("en-GB", { maximumSignificantDigits: 3 })}`;
}
