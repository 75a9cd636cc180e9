/** Lesson 7: eight GPUs as one group, two or four. */
import { decodeStep, gpu } from "../../../engine/index.ts";
import { line } from "../../../engine/chart/index.ts";
import type { StepCost } from "../../../engine/step/types.ts";
import { count, number, time } from "../../format.ts";
import { kept } from "../kept.ts";
import type { MovingFigure } from "../moving.ts";

const h100 = gpu("h100-sxm-80");

/** A decode step of a 70B in fp8 over so many GPUs, with a link of so many GB/s between each two; context near none. */
export const step = kept((tp: number, batch: number, gbps: number): StepCost =>
  decodeStep(
    {
      model: "llama-3.1-70b",
      gpu: { ...h100, link: { name: `${gbps} GB/s`, bytesPerSecond: gbps * 1e9 } },
      weights: "fp8",
      tensorParallel: tp,
      parameters: "course-tp-v1",
    },
    { batch, context: 64 },
  ),
);

export const plans = [
  { name: "one group of 8", tp: 8, copies: 1 },
  { name: "two groups of 4", tp: 4, copies: 2 },
  { name: "four groups of 2", tp: 2, copies: 4 },
] as const;
type Plan = (typeof plans)[number];

/** Seconds of a step of a plan with so many sequences in all. */
export function stepOf({ tp, copies }: Plan, sequences: number, gbps: number): number {
  return step(tp, sequences / copies, gbps).seconds;
}

function tokensOf(plan: Plan, sequences: number, gbps: number): number {
  return sequences / stepOf(plan, sequences, gbps);
}

/** The fewest sequences at which the later of two plans writes more. */
export const crossover = kept((first: number, later: number, gbps: number): number => {
  const [a, b] = [plans[first]!, plans[later]!];
  for (let n = 8; n <= 4096; n++) if (tokensOf(b, n, gbps) > tokensOf(a, n, gbps)) return n;
  return Infinity;
});

/** Seconds of a step of one sequence over so many GPUs, on NVLink. */
export function alone(tp: number): number {
  return step(tp, 1, 450).seconds;
}

const sequences = [8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048];
const links = [
  { gbps: 450, name: "NVLink, 450 GB/s" },
  { gbps: 32, name: "PCIe 4, 32 GB/s" },
] as const;

const best = (n: number, gbps: number): Plan =>
  plans.reduce((a: Plan, b) => (tokensOf(b, n, gbps) > tokensOf(a, n, gbps) ? b : a));

export function split(): MovingFigure {
  return {
    title: "Split or copy: a 70B in fp8 on eight GPUs",
    slider: "Sequences in all",
    origin: { kind: "calculated" },
    still: sequences.indexOf(256),
    play: 1000,
    frames: sequences.map((n) => ({
      name: `seq-${n}`,
      at: `${count(n)} sequences`,
      says: `With ${count(n)} sequences, ${best(n, 450).name} writes most on NVLink and ${best(n, 32).name} on PCIe 4.`,
      readings: [
        ["most tokens on NVLink", best(n, 450).name],
        ["most tokens on PCIe 4", best(n, 32).name],
        ...plans.map((plan): readonly [string, string] => [
          `a step of ${plan.name}, NVLink`,
          time(stepOf(plan, n, 450)),
        ]),
      ],
      panels: links.map(({ gbps, name }) =>
        line({
          title: name,
          x: { label: "Sequences in all", scale: "log" },
          y: { label: "Tokens per second, all GPUs" },
          series: plans.map((plan) => ({
            name: plan.name,
            points: sequences.map((x) => ({ x, y: tokensOf(plan, x, gbps) })),
          })),
          marks: [{ x: n, label: number(n) }],
        }),
      ),
    })),
  };
}
