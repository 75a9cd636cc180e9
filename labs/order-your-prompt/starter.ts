import { chart, summarize } from "perflab";
import { foundShare, serve, tokens, traffic, type Parts } from "./assistant.ts";
import type { Json } from "./words.ts";

/** JSON in which equal values are equal text: the keys of each object in alphabetical order, at every depth. */
export function stable(value: Json): string {
  return JSON.stringify(value); // Writes keys in the order in which they were put in.
}

/** One prompt out of its parts: what most calls share comes first. */
export function template({ time, system, tools, document, question }: Parts): string {
  return [time, system, stable(tools), document, question].join("\n");
}

/** Tokens of a prompt that are found after another was served: whole leading blocks, and never the last token. */
export function cached(before: readonly string[], prompt: readonly string[]): number {
  return before.filter((token, i) => token === prompt[i]).length; // Is a token found wherever it stands?
}

const calls = traffic(1);
const prompts = calls.map((parts) => tokens(template(parts)));
const run = serve(prompts);
const asSent = serve(
  calls.map(({ time, system, tools, document, question }) =>
    tokens([time, system, JSON.stringify(tools), document, question].join("\n")),
  ),
);

const first = prompts.slice(0, 12);
const found = first.map((prompt, i) => Math.max(0, ...first.slice(0, i).map((before) => cached(before, prompt))));
chart.bars({
  title: "The first twelve prompts",
  y: { label: "Tokens" },
  categories: first.map((_, i) => `${i + 1}`),
  series: [
    { name: "found", values: found },
    { name: "computed", values: first.map((prompt, i) => prompt.length - found[i]) },
  ],
  stacked: true,
});
const ttft = (of: typeof run) => Array.from(of.requests.first, (t, i) => t - of.requests.started[i]);
chart.histogram({
  title: "Time to first token",
  x: { label: "TTFT", unit: "s" },
  samples: [
    { name: "time first", values: ttft(asSent) },
    { name: "your template", values: ttft(run) },
  ],
});
const late = summarize(run, { window: "all" }).ttft;
console.log(`${(100 * foundShare(run)).toFixed(1)} % of the prompt tokens were found.`);
console.log(
  `TTFT: ${(1000 * late.p(50)).toFixed(0)} ms in the median, ${(1000 * late.p(99)).toFixed(0)} ms at the p99.`,
);

// For the prediction.
export const lateFirstToken = 1000 * late.p(99);
