/** What a measured run says about itself, in sentences: how its requests ended and why, what to try, and what it cost. */
import { selfHostedCost } from "../engine/estimate/cost.ts";
import { summarize } from "../engine/metrics/summarize.ts";
import { statuses, type RequestFailure, type Run } from "../engine/run.ts";
import type { TargetPrice } from "../endpoint/target.ts";

/** What to try where a failure's own sentence says only what happened. */
const advice: Readonly<Record<string, string>> = {
  cut: "Look at the server's log, and for a proxy in between that ends long answers.",
  empty: "Look at the server's log, and ask it for one answer by hand.",
  reset: "Run it again with fewer users at a time, to see whether load is what breaks it.",
  "timeout-stall": "Look at the server's load, and lower yours.",
  "timeout-total": "Ask for shorter answers, or lower the load.",
  "error-in-stream": "The server's log says more.",
};

/** One sentence or two a note; requests that failed for one reason share a note. Simulated runs have nothing to say. */
export function runNotes(run: Run, price?: TargetPrice): readonly string[] {
  if (run.origin.kind !== "measured") return [];
  return [
    endings(run),
    ...(run.ended === undefined ? [] : [run.ended.message]),
    ...failures(run),
    ...costs(run, price),
  ];
}

function endings({ requests }: Run): string {
  const ended = Array.from(requests.status, (code) => statuses[code]);
  const counts = statuses.flatMap((status) => {
    const count = ended.filter((each) => each === status).length;
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

function failures({ failures: failed = [] }: Run): readonly string[] {
  // Answers that differ only in a count broke alike.
  const alike = new Map<string, RequestFailure[]>();
  for (const failure of failed) {
    const name = `${failure.kind} ${failure.message.replaceAll(/\d+/g, "#")}`;
    alike.set(name, [...(alike.get(name) ?? []), failure]);
  }
  return [...alike.values()].map((group) => {
    const { kind, message } = group[0]!;
    const who = group.length === 1 ? "One request" : `${group.length} requests, the first of them`;
    return `${who}: ${message} ${advice[kind] ?? ""}`.trim();
  });
}

function costs(run: Run, price?: TargetPrice): readonly string[] {
  const { succeeded, outputTokensPerSecond, duration } = summarize(run);
  if (price === undefined || succeeded === 0) return [];
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
