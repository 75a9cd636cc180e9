import { chart, param, summarize, type Run } from "perflab";
import { rates, serve } from "./traffic.ts";

/** What users see at one load. Seconds. */
export interface Seen {
  /** Mean time per output token. */
  readonly tpot: number;
  /** p99 of the time to first token. */
  readonly ttft: number;
}

/** Tokens that a step gives on average, if each of `drafts` is right with chance `acceptance` once those before it were. */
export function expectedTokens(acceptance: number, drafts: number): number {
  return 1 + drafts * acceptance; // Is the fifth right if the first was wrong?
}

/** How many drafts of 1 to 16 make a lone stream fastest, if each costs `draftCost` of a step. */
export function bestDrafts(acceptance: number, draftCost: number): number {
  return 16; // Yours to write.
}

export function see(run: Run): Seen {
  const { tpot, ttft } = summarize(run, { window: "all" });
  return { tpot: tpot.mean, ttft: ttft.p(99) };
}

/** Whether speculation should stay on: streams flow faster, and first tokens still keep `promise` seconds at p99. */
export function keepOn(off: Seen, on: Seen, promise: number): boolean {
  return true; // It is always two to three times as fast, they say.
}

const draft = { acceptance: param("acceptance"), draftTokens: param("drafts"), draftCost: param("cost") / 100 };
const promise = 0.5;
const rows = rates.map((rate) => ({ rate, off: see(serve(rate, undefined, 1)), on: see(serve(rate, draft, 1)) }));
for (const [title, of] of [
  ["Time per token, on and off", "tpot"],
  ["The first token, on and off", "ttft"],
] as const) {
  chart.line({
    title,
    x: { label: "Requests per second" },
    y: { label: of === "tpot" ? "Mean TPOT" : "TTFT p99", unit: "s" },
    series: (["off", "on"] as const).map((name) => ({
      name,
      points: rows.map((row) => ({ x: row.rate, y: row[name][of] })),
    })),
  });
}
chart.line({
  title: "A stream that is alone",
  x: { label: "Drafts a step" },
  y: { label: "Times as fast" },
  series: [
    {
      name: `acceptance ${draft.acceptance}, a draft costs ${param("cost")} % of a step`,
      points: Array.from({ length: 16 }, (_, i) => ({
        x: i + 1,
        y: expectedTokens(draft.acceptance, i + 1) / (1 + (i + 1) * draft.draftCost),
      })),
    },
  ],
  marks: [{ x: bestDrafts(draft.acceptance, draft.draftCost), label: "best" }],
});
for (const { rate, off, on } of rows) {
  const said = keepOn(off, on, promise) ? "keep it on" : "turn it off";
  console.log(`${rate} requests a second: TPOT ${ms(off.tpot)} off, ${ms(on.tpot)} on: ${said}.`);
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}

// For the prediction: a draft that is right half of the time, whatever the sliders say.
const middling = { acceptance: 0.5, draftTokens: 5, draftCost: 0.1 };
export const tpotOnMs = see(serve(20, middling, 1)).tpot * 1000;
