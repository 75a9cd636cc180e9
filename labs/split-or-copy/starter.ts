import { chart, param } from "perflab";
import { links, model, plans, startUp, working, type Link, type Plan } from "./plans.ts";

/** Seconds that a group of `tp` GPUs talks in one step for `batch` sequences, over a link of so many bytes a second. */
export function talking(tp: number, batch: number, link: number): number {
  if (tp === 1) return 0;
  const bytes = batch * model.hidden * model.bytes; // of one partial result
  return model.layers * (startUp + bytes / link); // How often a layer, and how much does each GPU send?
}

/** Seconds of one step when so many sequences are spread evenly over the copies of a plan. */
export function step(plan: Plan, sequences: number, link: number): number {
  const batch = sequences; // Do all copies see all of them?
  return working(plan.tp, batch) + talking(plan.tp, batch, link);
}

/** Output tokens a second of all copies together. */
export function tokensPerSecond(plan: Plan, sequences: number, link: number): number {
  return sequences / step(plan, sequences, link);
}

/** The fewest sequences, 8 or more, at which `later` writes more tokens a second than `first`; Infinity if none up to 1,024 do. */
export function crossover(first: Plan, later: Plan, link: number): number {
  return 8; // Yours to write.
}

const link = links[param<Link>("link")];
const sequences = param("sequences");
const counts = [8, 16, 32, 64, 128, 256, 512, 1024, 2048];
const tried = (plan: Plan) => counts.filter((n) => n >= 4 * plan.copies || n >= 8);
chart.line({
  title: "One user's pace against everybody's",
  x: { label: "Tokens a second for one user" },
  y: { label: "Tokens a second for all" },
  series: plans.map((plan) => ({
    name: plan.name,
    points: tried(plan).map((n) => ({ x: 1 / step(plan, n, link), y: tokensPerSecond(plan, n, link), label: `${n}` })),
  })),
});
chart.bars({
  title: `One step with ${sequences} sequences`,
  y: { label: "Time of a step", unit: "s" },
  categories: plans.map(({ name }) => name),
  stacked: true,
  series: [
    { name: "working", values: plans.map(({ tp, copies }) => working(tp, sequences / copies)) },
    { name: "talking", values: plans.map(({ tp, copies }) => talking(tp, sequences / copies, link)) },
  ],
});
const [eight, four, two] = plans as [Plan, Plan, Plan];
for (const [first, later] of [
  [eight, four],
  [four, two],
  [eight, two],
] as const)
  console.log(`From ${crossover(first, later, link)} sequences on, ${later.name} write more than ${first.name}.`);

// For the prediction, whatever the controls say.
export const onPcie = crossover(eight, two, links["PCIe 4"]);
