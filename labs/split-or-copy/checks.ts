import { decodeStep, gpu } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { links, model, plans, startUp, working, type Plan } from "./plans.ts";

type Talking = (tp: number, batch: number, link: number) => number;
type Of = (plan: Plan, sequences: number, link: number) => number;
type Crossover = (first: Plan, later: Plan, link: number) => number;

const [eight, four, two] = plans as [Plan, Plan, Plan];

/** By the engine, with a link of any speed. */
function costOf(tp: number, batch: number, link: number) {
  const h100 = gpu("h100-sxm-80");
  return decodeStep(
    {
      model: "llama-3.1-70b",
      gpu: { ...h100, link: { name: "a link", bytesPerSecond: link } },
      weights: "fp8",
      tensorParallel: tp,
      parameters: "course-tp-v1",
    },
    { batch, context: 64 },
  );
}
const stepOf = ({ tp, copies }: Plan, sequences: number, link: number) => costOf(tp, sequences / copies, link).seconds;

function firstAt(first: Plan, later: Plan, link: number): number {
  // Bytes grow with the batch and start-ups do not, so two of the engine's answers give the talk of any batch.
  const step = ({ tp, copies }: Plan) => {
    const [one, two] = [1, 2].map((batch) => costOf(tp, batch, link).parts.communication) as [number, number];
    return (n: number) => working(tp, n / copies) + one + (n / copies - 1) * (two - one);
  };
  const [before, after] = [step(first), step(later)];
  for (let n = 8; n <= 1024; n++) if (after(n) < before(n)) return n;
  return Infinity;
}

const us = (seconds: number) => `${(1e6 * seconds).toFixed(1)} µs`;
const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * b;

export default [
  check("Two all-reduces a layer, each of which sends nearly everything twice", (lab) => {
    const talking = exportedFunction<Talking>(lab, "talking(tp, batch, link)");
    const drawnLink = (20 + (lab.seed % 400)) * 1e9;
    for (const [tp, batch, link] of [
      [8, 64, links["PCIe 4"]],
      [2, 1 + (lab.seed % 300), drawnLink],
      [4, 100, links.NVLink],
      [8, 1 + (lab.seed % 50), drawnLink],
      [1, 64, links["PCIe 4"]],
    ] as const) {
      const answer = talking(tp, batch, link);
      const right = costOf(tp, batch, link).parts.communication;
      const bytes = batch * model.hidden * model.bytes;
      const show = {
        seen: `${us(answer)} for ${batch} sequences over ${tp} GPUs at ${(link / 1e9).toFixed(0)} GB/s`,
        expected: us(right),
      };
      that(tp > 1 || answer === 0, { ...show, why: "A GPU on its own has nobody to talk to." });
      if (tp === 1) continue;
      that(!near(answer, right / 2), {
        ...show,
        why: "That is half of it. A layer adds up twice, after attention and after its feed-forward part.",
        hint: "2 × layers all-reduces a step.",
      });
      that(!near(answer, 2 * model.layers * (startUp + bytes / link)) || tp === 2, {
        ...show,
        why: "In an all-reduce each GPU sends (tp − 1)/tp of the bytes to have its part added up, and as much again to spread the sums.",
        hint: "2 × (tp − 1) ÷ tp × bytes.",
      });
      that(!near(answer, 2 * model.layers * (startUp + (2 * (tp - 1) * bytes) / link)), {
        ...show,
        why: "Each GPU handles only its own part, one of tp, in each exchange.",
        hint: "2 × (tp − 1) ÷ tp × bytes.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: `seconds of talking for ${batch} sequences over ${tp} GPUs at ${(link / 1e9).toFixed(0)} GB/s:`,
        why: "2 × layers × (start-up + 2 (tp − 1)/tp × batch × hidden × bytes ÷ link).",
      });
    }
  }),

  check("Copies share the sequences, and add up their tokens", (lab) => {
    const step = exportedFunction<Of>(lab, "step(plan, sequences, link)");
    const tokensPerSecond = exportedFunction<Of>(lab, "tokensPerSecond(plan, sequences, link)");
    const sequences = 16 + 8 * (lab.seed % 120);
    for (const plan of plans)
      for (const link of [links.NVLink, links["PCIe 4"]]) {
        const right = stepOf(plan, sequences, link);
        const answer = step(plan, sequences, link);
        const name = `${sequences} sequences on ${plan.name}`;
        that(plan.copies === 1 || !near(answer, costOf(plan.tp, sequences, link).seconds), {
          seen: `a step of ${us(answer)} with ${name}`,
          expected: us(right),
          why: "That puts all sequences into the batch of each copy. A copy sees its share of them.",
          hint: "sequences ÷ plan.copies.",
        });
        close(answer, right, {
          relative: 1e-6,
          what: `seconds of a step with ${name}:`,
          why: "Working and talking, for the batch of one copy.",
        });
        const tokens = tokensPerSecond(plan, sequences, link);
        const show = {
          seen: `${tokens.toFixed(0)} tokens a second with ${name}`,
          expected: (sequences / right).toFixed(0),
        };
        that(plan.copies === 1 || !near(tokens, sequences / plan.copies / right), {
          ...show,
          why: "That is one copy. The others write at the same time.",
        });
        that(plan.copies === 1 || !near(tokens, (sequences * plan.copies) / right), {
          ...show,
          why: "That counts every sequence once a copy. Each is in one copy only.",
        });
        close(tokens, sequences / right, {
          relative: 1e-6,
          what: `tokens a second with ${name}:`,
          why: "Every sequence gets one token a step.",
        });
      }
  }),

  check("Pairs overtake the group of eight at 528 sequences on NVLink, and at 92 on PCIe 4", (lab) => {
    const crossover = exportedFunction<Crossover>(lab, "crossover(first, later, link)");
    const drawnLink = (25 + (lab.seed % 300)) * 1e9;
    for (const [first, later, link] of [
      [eight, two, links.NVLink],
      [eight, two, links["PCIe 4"]],
      [four, two, drawnLink],
      [two, { ...two, name: "four single GPUs of eight", tp: 1 }, links.NVLink],
    ] as const) {
      const answer = crossover(first, later, link);
      const right = firstAt(first, later, link);
      const show = {
        seen: `${answer} sequences, from ${first.name} to ${later.name} at ${(link / 1e9).toFixed(0)} GB/s`,
        expected: `${right}`,
      };
      that(right < Infinity || answer === Infinity, {
        ...show,
        why: "The second never writes more than the first, so there is no such number.",
      });
      that(right === Infinity || answer !== right - 1, {
        ...show,
        why: "There the first still writes as much. Asked is where the second writes more.",
      });
      that(answer === right, {
        ...show,
        why: "With few sequences the larger group reads its weights sooner. With many the talking decides.",
        hint: "Try 8, 9, 10 … and give back the first at which the second writes more.",
      });
    }
  }),
];
