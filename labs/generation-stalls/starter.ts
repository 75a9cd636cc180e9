import { chart, param, script, simulate, type Run, type Server } from "perflab";

const base: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
/** A prompt goes before everything else, in one go. */
const inOneGo: Server = { ...base, batching: "prefillFirst" };
/** A step takes so many tokens: first one for each stream, then as much of a prompt as is left room for. */
const inPieces = (budget: number): Server => ({ ...base, scheduler: { maxNumBatchedTokens: budget } });
const budgets = [8192, 4096, 2048, 1024, 512, 256, 128];

/** Requests 0 to 7 are read as they stream; request 8 brings a prompt of so many tokens after half a second. */
function readersAnd(prompt: number, server: Server): Run {
  const readers = Array.from({ length: 8 }, () => ({ at: 0, prompt: 200, output: 400 }));
  return simulate(server, script([...readers, { at: 0.5, prompt, output: 50 }]), { record: "chunks" });
}

/** Seconds between one token of a request and its next. */
export function gaps(run: Run, request: number): number[] {
  const { t } = run.chunks!;
  const times = [...t]; // Whose tokens are these?
  return times.slice(1).map((time, i) => time - times[i]);
}

/** Seconds for which a request's stream stands still at worst. */
export function freeze(run: Run, request: number): number {
  const all = gaps(run, request);
  return all.reduce((sum, gap) => sum + gap, 0) / all.length; // Is that the worst?
}

/** The largest of `budgets` with which no reader waits longer than `limit` seconds, or 0 if there is none. */
export function largestBudget(limit: number, prompt: number): number {
  return budgets[0]; // Yours to write.
}

const prompt = param("prompt");
const schedulers = [
  { name: "in one go", run: readersAnd(prompt, inOneGo) },
  ...[2048, 512].map((budget) => ({ name: `pieces of ${budget}`, run: readersAnd(prompt, inPieces(budget)) })),
];
chart.line({
  title: "What one of the eight has received",
  x: { label: "Time since the answers began", unit: "s" },
  y: { label: "Tokens received" },
  series: schedulers.map(({ name, run }) => {
    const { t, request } = run.chunks!;
    const mine = [...t].filter((_, k) => request[k] === 0);
    return { name, points: mine.map((x, i) => ({ x, y: i + 1 })) };
  }),
});
chart.bars({
  title: "How long a reader's stream stands still",
  y: { label: "freeze(run, 0)", unit: "s" },
  categories: schedulers.map(({ name }) => name),
  series: [{ name: "one of the eight", values: schedulers.map(({ run }) => freeze(run, 0)) }],
});
chart.ecdf({
  title: "All gaps of the same reader",
  x: { label: "gaps(run, 0)", unit: "s", scale: "log" },
  samples: schedulers.map(({ name, run }) => ({ name, values: gaps(run, 0).filter((gap) => gap > 0) })),
});
const rows = budgets.map((budget) => ({ budget, run: readersAnd(prompt, inPieces(budget)) }));
chart.line({
  title: "What the pieces cost whom",
  x: { label: "Tokens in a step", scale: "log" },
  y: { label: "Time", unit: "s" },
  series: [
    { name: "freeze of a reader", points: rows.map(({ budget, run }) => ({ x: budget, y: freeze(run, 0) })) },
    {
      name: "TTFT of the long prompt",
      points: rows.map(({ budget, run }) => ({ x: budget, y: run.requests.first[8] - run.requests.started[8] })),
    },
  ],
});
for (const { name, run } of schedulers) {
  console.log(`${name}: the reader has the last token after ${run.requests.last[0].toFixed(2)} s.`);
}
console.log(`Within 50 ms: budgets up to ${largestBudget(0.05, prompt)} tokens a step.`);

// For the prediction: 32,000 tokens, whatever the slider says.
export const freezeMs = freeze(readersAnd(32_000, inOneGo), 0) * 1000;
