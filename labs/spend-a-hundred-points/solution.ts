import { chart } from "perflab";
import { levers, measure, type Clocks, type Lever } from "./levers.ts";

const all = Object.keys(levers) as Lever[];
const budget = 100;
/** The p99 of the gaps between tokens may not be longer. Seconds. */
const smooth = 0.06;

/** What you would do, in this order. */
export const plan: Lever[] = ["reuse", "keepAlive", "fp8", "shortPrompts", "largeSteps"];

/** Points that these cost together. */
export function spent(done: readonly Lever[]): number {
  return done.reduce((sum, lever) => sum + levers[lever].points, 0);
}

/** Seconds that a lever takes off the p99 of TTFT for each of its points, once `done` is done. */
export function perPoint(lever: Lever, done: readonly Lever[], see: (done: readonly Lever[]) => Clocks): number {
  return (see(done).ttft - see([...done, lever]).ttft) / levers[lever].points;
}

/** The lever to pull next: affordable, streams stay smooth, and most seconds a point. undefined if none helps. */
export function next(done: readonly Lever[], see: (done: readonly Lever[]) => Clocks): Lever | undefined {
  const open = all.filter(
    (lever) =>
      !done.includes(lever) &&
      spent([...done, lever]) <= budget &&
      see([...done, lever]).itl <= smooth &&
      perPoint(lever, done, see) > 0,
  );
  return open.sort((a, b) => perPoint(b, done, see) - perPoint(a, done, see))[0];
}

const see = (done: readonly Lever[]) => measure(done);
const before = see([]);
const after = see(plan);
chart.bars({
  title: "Before and after",
  y: { label: "p99", unit: "s" },
  categories: ["first token", "gap between tokens"],
  series: [
    { name: "today", values: [before.ttft, before.itl] },
    { name: `your plan, ${spent(plan)} points`, values: [after.ttft, after.itl] },
  ],
});
const left = all.filter((lever) => !plan.includes(lever));
if (left.length > 0) {
  chart.bars({
    title: plan.length === 0 ? "What each lever saves by itself" : "What each lever would still save",
    y: { label: "Off the p99 of TTFT", unit: "s" },
    categories: left.map((lever) => `${levers[lever].name} (${levers[lever].points})`),
    series: [{ name: "on top of your plan", values: left.map((lever) => after.ttft - see([...plan, lever]).ttft) }],
  });
}
chart.table({
  title: `On top of your plan, with ${budget - spent(plan)} points left`,
  columns: ["Lever", "Points", "TTFT p99, ms", "ITL p99, ms", "saved a point, ms"],
  rows: left.map((lever) => {
    const { ttft, itl } = see([...plan, lever]);
    const saved = perPoint(lever, plan, see);
    return [
      levers[lever].name,
      levers[lever].points,
      Math.round(ttft * 1000),
      Math.round(itl * 1000),
      Number((saved * 1000).toFixed(1)),
    ];
  }),
});
console.log(`Next: ${next(plan, see) ?? "nothing that helps, keeps streams smooth and can be paid"}.`);

// For the prediction: fewer passages, before and after the cache.
export const savedAfterMs = (see(["reuse"]).ttft - see(["reuse", "shortPrompts"]).ttft) * 1000;
