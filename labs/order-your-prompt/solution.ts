import { chart, summarize } from "perflab";
import { block, foundShare, serve, tokens, traffic, type Parts } from "./assistant.ts";
import type { Json } from "./words.ts";

/** JSON in which equal values are equal text: the keys of each object in alphabetical order, at every depth. */
export function stable(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(",")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => a.localeCompare(b, "en"));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${stable(inner)}`).join(",")}}`;
}

/** One prompt out of its parts: what most calls share comes first. */
export function template({ time, system, tools, document, question }: Parts): string {
  return [system, stable(tools), document, time, question].join("\n");
}

/** Tokens of a prompt that are found after another was served: whole leading blocks, and never the last token. */
export function cached(before: readonly string[], prompt: readonly string[]): number {
  const differs = prompt.findIndex((token, i) => token !== before[i]);
  const shared = Math.min(differs < 0 ? prompt.length : differs, prompt.length - 1);
  return Math.floor(shared / block) * block;
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
