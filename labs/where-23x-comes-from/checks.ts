import { check, close, exportedFunction, that } from "perflab/checks";
import { answers, caps, secondsToServe, sum } from "./burst.ts";

type RowSteps = (outputs: readonly number[], slots: number) => number[];
type SlotUse = (outputs: readonly number[], slots: number) => number;
type Factor = (outputs: readonly number[], staticSlots: number, continuousSlots: number) => number;
type Split = (total: number, outputs: readonly number[]) => { scheduling: number; slots: number; rest: number };

/** Batch by batch, as long as its longest. */
function rightSteps(outputs: readonly number[], slots: number): number[] {
  const steps: number[] = [];
  for (let first = 0; first < outputs.length; first += slots) {
    const batch = outputs.slice(first, first + slots);
    steps.push(...batch.map(() => Math.max(...batch)));
  }
  return steps;
}

function rightFactor(outputs: readonly number[], staticSlots: number, continuousSlots: number): number {
  return (
    secondsToServe(rightSteps(outputs, staticSlots), "static", staticSlots) /
    secondsToServe(outputs, "continuous", continuousSlots)
  );
}

export default [
  check("No row of a static batch leaves before its longest answer is done", (lab) => {
    const rowSteps = exportedFunction<RowSteps>(lab, "rowSteps(outputs, slots)");
    const slots = 3 + (lab.seed % 6);
    const outputs = answers(512, lab.seed, 4 * slots + 2);
    const right = rightSteps(outputs, slots);
    const answer = rowSteps(outputs, slots);
    that(Array.isArray(answer) && answer.length === outputs.length, {
      seen: Array.isArray(answer) ? `${answer.length} rows for ${outputs.length} answers` : String(answer),
      expected: `${outputs.length} numbers`,
      why: "Each answer has a row of its own.",
    });
    that(!(sum(answer) === sum(outputs)), {
      seen: `${sum(answer)} tokens computed for ${sum(outputs)} wanted`,
      expected: `${sum(right)}`,
      why: "That is a batch whose rows leave when they are done. In a static batch they stay.",
      hint: "Which answer of a batch is the last?",
    });
    that(!answer.every((steps) => steps === Math.max(...outputs)), {
      seen: `${answer[0]} tokens in every row`,
      expected: right.join(", "),
      why: "That is the longest answer of all. A batch waits for its own longest only.",
      hint: "Batch by batch: outputs.slice(first, first + slots).",
    });
    right.forEach((steps, i) =>
      close(answer[i], steps, {
        absolute: 0,
        what: `row ${i}, in a batch of ${slots}:`,
        why: `The batch of request ${i} begins at ${i - (i % slots)}, and its longest answer decides.`,
        hint: "It begins at i − (i % slots).",
      }),
    );
  }),

  check("With 8 slots and exponential answers 37 % of the rows are wanted, with 32 a quarter", (lab) => {
    const slotUse = exportedFunction<SlotUse>(lab, "slotUse(outputs, slots)");
    const many = answers(100_000, lab.seed, 16_000);
    for (const slots of [8, 32]) {
      const harmonic = sum(Array.from({ length: slots }, (_, k) => 1 / (k + 1)));
      const answer = slotUse(many, slots);
      const seen = `${percent(answer)} of ${slots} slots`;
      that(answer !== 1, {
        seen,
        expected: percent(1 / harmonic),
        why: "Not every row computed is wanted.",
        hint: "rowSteps says what is computed, outputs what is wanted.",
      });
      that(!(Math.abs(answer - (1 - 1 / harmonic)) < 0.05), {
        seen,
        expected: percent(1 / harmonic),
        why: "That is the share nobody wanted.",
      });
      that(!(answer > 1), {
        seen,
        expected: percent(1 / harmonic),
        why: "A share is at most 1: what was wanted over what was computed.",
      });
      close(answer, 1 / harmonic, {
        relative: 0.05,
        what: `slot use with ${slots} slots:`,
        why: "The longest of n exponential answers has mean · (1 + 1/2 + … + 1/n) tokens.",
        hint: "Add up first, then divide. A mean of the batches' shares is something else.",
      });
      close(answer, sum(many) / sum(rightSteps(many, slots)), {
        relative: 1e-6,
        what: `slot use of these ${many.length} answers with ${slots} slots:`,
        why: "It is a share of tokens. A mean of the batches’ shares lets a short batch count as much as a long one.",
        hint: "Add up first, then divide.",
      });
    }
  }),

  check("Scheduling alone is worth 1.3, 1.7, 2.6 and 2.9 times, as answers spread", (lab) => {
    const factor = exportedFunction<Factor>(lab, "factor(outputs, staticSlots, continuousSlots)");
    caps.forEach((cap) => {
      const outputs = answers(cap, lab.seed);
      const right = rightFactor(outputs, 32, 32);
      const answer = factor(outputs, 32, 32);
      const seen = `${times(answer)} for answers of up to ${cap} tokens`;
      const expected = times(right);
      that(!near(answer, 1 / right), {
        seen,
        expected,
        why: "That is continuous over static in seconds. The fewer seconds, the more tokens in each.",
        hint: "Divide the long time by the short one.",
      });
      const rowsThatLeave = secondsToServe(outputs, "static", 32) / secondsToServe(outputs, "continuous", 32);
      that(!near(answer, rowsThatLeave), {
        seen,
        expected,
        why: "Here the static server computes only what was wanted. A real one goes on with rows whose answers are done.",
        hint: "Give it rowSteps(outputs, staticSlots).",
      });
      const paddedBoth =
        secondsToServe(rightSteps(outputs, 32), "static", 32) /
        secondsToServe(rightSteps(outputs, 32), "continuous", 32);
      that(!near(answer, paddedBoth), {
        seen,
        expected,
        why: "Here the continuous server computes padding as well. Its rows leave as soon as they are done.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: `continuous ÷ static at ${cap} tokens:`,
        why: "The same burst, served by either scheduler: seconds of the static one over seconds of the other.",
        hint: "secondsToServe(rows, batching, slots) gives the seconds.",
      });
    });
  }),

  check("The slots of the two schedulers are their own", (lab) => {
    const factor = exportedFunction<Factor>(lab, "factor(outputs, staticSlots, continuousSlots)");
    const [few, many] = [8 + (lab.seed % 9), 64 + 32 * (lab.seed % 4)];
    const outputs = answers(512, lab.seed, 200);
    const answer = factor(outputs, few, many);
    const right = rightFactor(outputs, few, many);
    const swapped = rightFactor(outputs, many, few);
    that(!near(answer, swapped), {
      seen: times(answer),
      expected: times(right),
      why: `That gives ${many} slots to the static server and ${few} to the other.`,
    });
    close(answer, right, {
      relative: 1e-6,
      what: `static with ${few} slots against continuous with ${many}:`,
      why: "Each server has slots of its own, and the rows of a static batch are padded by the batch they are in.",
      hint: "rowSteps takes staticSlots, and so does the static server.",
    });
  }),

  check("23 falls apart into scheduling, slots and what neither of them did", (lab) => {
    const split = exportedFunction<Split>(lab, "split(total, outputs)");
    const total = 20 + (lab.seed % 11);
    const outputs = answers(1536, lab.seed);
    const [scheduling, both] = [rightFactor(outputs, 32, 32), rightFactor(outputs, 32, 256)];
    const { scheduling: first, slots, rest } = split(total, outputs) ?? {};
    close(first, scheduling, {
      relative: 1e-6,
      what: "scheduling:",
      why: "Only the scheduler changes, from static to continuous, with 32 slots for each.",
      hint: "factor(outputs, 32, 32).",
    });
    that(!near(slots ?? NaN, both), {
      seen: `slots ${times(slots ?? NaN)}`,
      expected: times(both / scheduling),
      why: "That has scheduling in it a second time. Factors multiply, so divide it out.",
    });
    close(slots, both / scheduling, {
      relative: 1e-6,
      what: "slots:",
      why: "From 32 slots to 256, with the scheduler continuous before and after.",
      hint: "factor(outputs, 32, 256) ÷ scheduling.",
    });
    that(!near(rest ?? NaN, total - both), {
      seen: `rest ${times(rest ?? NaN)}`,
      expected: times(total / both),
      why: "Factors multiply. What is left of one is a quotient, not a difference.",
    });
    close(rest, total / both, {
      relative: 1e-6,
      what: "rest:",
      why: "The three must multiply to the total.",
      hint: "total ÷ (scheduling · slots).",
    });
  }),
];

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.abs(b);
}

function times(value: number): string {
  return `${value.toFixed(2)} times`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
