import { chart, param, type Run } from "perflab";
import { chats, longest, pool, residents, serve, type Allocator } from "./traffic.ts";

/** Slots that a chat of so many tokens takes out of the pool. */
export function held(tokens: number, allocator: Allocator): number {
  if (allocator === "powerOfTwo") return 2 ** Math.ceil(Math.log2(tokens));
  if ("reserve" in allocator) return allocator.reserve;
  return tokens; // Does a block hold half a block?
}

/** Share of the slots taken by these chats that hold no token, 0 to 1. */
export function wasted(tokens: readonly number[], allocator: Allocator): number {
  return 0; // Yours to write.
}

/** How many of these chats are in before the first that finds too few slots. First come, first served. */
export function fits(tokens: readonly number[], allocator: Allocator, slots: number): number {
  return Math.floor(slots / longest); // Right for one allocator.
}

/** How many times as many tokens a second the quick server writes. */
export function gain(slow: Run, quick: Run): number {
  return residents(quick) / residents(slow); // Is a chat in the batch as good as a token written?
}

const seed = 1;
const paged = { block: param("block") };
const served = { reserve: { reserve: longest }, paged };
const names = Object.keys(served) as (keyof typeof served)[];
const shapes: Record<string, Allocator> = { reserve: served.reserve, "power of two": "powerOfTwo", paged };
const now = chats(500, seed);

chart.bars({
  title: "Who takes how much",
  y: { label: "Share of the slots taken that is empty", unit: "%" },
  categories: Object.keys(shapes),
  series: [{ name: "wasted", values: Object.values(shapes).map((shape) => 100 * wasted(now, shape)) }],
});
chart.line({
  title: "Chats in the batch",
  x: { label: "Time", unit: "s" },
  y: { label: "Chats" },
  series: names.map((name) => {
    const { t, batch } = serve(served[name], seed).timeline ?? { t: [], batch: [] };
    return { name, points: Array.from(t, (x, k) => ({ x, y: batch[k] })) };
  }),
});
const chosen = param<keyof typeof served>("allocator");
chart.blocks(serve(served[chosen], seed), { title: `Slots that hold a token: ${chosen}` });
for (const name of names) {
  const run = serve(served[name], seed);
  console.log(
    `${name}: ${fits(now, served[name], pool)} chats fit, ${residents(run)} were in at once, ` +
      `${gain(serve(served.reserve, seed), run).toFixed(2)} times the tokens a second.`,
  );
}

// For the prediction, whatever the controls say.
export const pagedGain = gain(serve({ reserve: longest }, seed), serve({ block: 16 }, seed));
