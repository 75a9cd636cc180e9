import { check, close, exportedFunction, that } from "perflab/checks";
import { cacheRoomOf, machineOf, type Machine } from "./machine.ts";

type Step = (
  m: Machine,
  batch: number,
  context: number,
) => { reading: number; arithmetic: number; caches: number; seconds: number };
type Knee = (m: Machine, context: number) => number;
type FirstLimit = (m: Machine, context: number, cacheRoom: number) => unknown;

/** A machine that nobody sells, on which a knee exists up to 300 tokens of context or more. */
function madeUp(seed: number): Machine {
  const bandwidth = (1 + (seed % 9)) * 1e12;
  const parameters = (2 + (seed % 13)) * 1e9;
  const bytesPerWeight = 1 + (seed % 2);
  const batch = 60 + (seed % 500); // where its knee will be
  return {
    flops: (2 * batch * bandwidth) / bytesPerWeight,
    bandwidth,
    parameters,
    bytesPerWeight,
    kvPerToken: (parameters * bytesPerWeight) / batch / (300 + (seed % 200)),
  };
}

const cases = (seed: number) =>
  [machineOf("h100-sxm-80", "bf16"), madeUp(seed), madeUp(seed + 7)].map((m, k) => ({
    m,
    batch: 3 + ((seed + 31 * k) % 900),
    context: 50 + ((seed * 3 + 977 * k) % 6000),
  }));

const kneeOf = (m: Machine) => (m.bytesPerWeight * m.flops) / (2 * m.bandwidth);
/** Context beyond which a sequence's cache takes longer to read than its arithmetic takes. */
const lastContext = (m: Machine) => (2 * m.parameters * m.bandwidth) / (m.flops * m.kvPerToken);

export default [
  check("Each sequence of the batch needs its own arithmetic", (lab) => {
    const step = exportedFunction<Step>(lab, "step(m, batch, context)");
    for (const { m, batch, context } of cases(lab.seed)) {
      const { arithmetic } = step(m, batch, context);
      const right = (2 * m.parameters * batch) / m.flops;
      const seen = `${us(arithmetic)} of arithmetic for a batch of ${batch}`;
      that(!near(arithmetic, right / batch), {
        seen,
        expected: us(right),
        why: "That is the arithmetic of one sequence. Each of the batch multiplies its own vector with every weight.",
        hint: "Which factor is missing in arithmetic?",
      });
      that(!near(arithmetic, right / 2), {
        seen,
        expected: us(right),
        why: "A weight is multiplied and the product is added to a sum: two operations, not one.",
      });
      close(arithmetic, right, {
        relative: 1e-6,
        what: `arithmetic of a batch of ${batch}, in seconds:`,
        why: "2 FLOP for each parameter and each sequence, at the GPU's FLOP/s.",
      });
    }
  }),

  check("Weights are read once, caches once for each sequence", (lab) => {
    const step = exportedFunction<Step>(lab, "step(m, batch, context)");
    for (const { m, batch, context } of cases(lab.seed)) {
      const { reading, caches } = step(m, batch, context);
      const weights = (m.parameters * m.bytesPerWeight) / m.bandwidth;
      that(!near(reading, weights * batch), {
        seen: `${us(reading)} to read the weights for a batch of ${batch}`,
        expected: us(weights),
        why: "The batch shares the weights. They are read once a step, however many sequences there are.",
      });
      close(reading, weights, {
        relative: 1e-6,
        what: "reading, in seconds:",
        why: "Every parameter's bytes, once, at the GPU's bandwidth.",
      });
      const right = (batch * context * m.kvPerToken) / m.bandwidth;
      that(!near(caches, right / batch), {
        seen: `${us(caches)} to read the caches of ${batch} sequences`,
        expected: us(right),
        why: "That is one cache. Nobody shares caches, so a step reads as many as there are sequences.",
      });
      close(caches, right, {
        relative: 1e-6,
        what: `caches of ${batch} sequences with ${context} tokens each, in seconds:`,
        why: "batch · context · kvPerToken bytes, at the GPU's bandwidth.",
      });
    }
  }),

  check("Of reading and multiplying, only the longer is waited for", (lab) => {
    const step = exportedFunction<Step>(lab, "step(m, batch, context)");
    for (const { m, batch, context } of cases(lab.seed)) {
      const reading = (m.parameters * m.bytesPerWeight) / m.bandwidth;
      const arithmetic = (2 * m.parameters * batch) / m.flops;
      const caches = (batch * context * m.kvPerToken) / m.bandwidth;
      const { seconds } = step(m, batch, context);
      that(!near(seconds, reading + arithmetic + caches), {
        seen: `${us(seconds)}, the sum of all three parts`,
        expected: us(Math.max(reading, arithmetic) + caches),
        why: "While one part of the weights is multiplied, the next is on its way. The two overlap.",
        hint: "Math.max.",
      });
      close(seconds, Math.max(reading, arithmetic) + caches, {
        relative: 1e-6,
        what: `seconds of a step of ${batch} sequences with ${context} tokens each:`,
        why: "The longer of reading and arithmetic, and then the caches.",
      });
    }
  }),

  check("Without context the knee is FLOP/s ÷ bytes/s: 295 on an H100, 148 with a byte a weight", (lab) => {
    const knee = exportedFunction<Knee>(lab, "knee(m, context)");
    const machines: [string, Machine][] = [
      ["an H100 with bf16 weights", machineOf("h100-sxm-80", "bf16")],
      ["an H100 with weights of one byte", machineOf("h100-sxm-80", "w8a16")],
      ["a made-up GPU", madeUp(lab.seed)],
    ];
    for (const [name, m] of machines) {
      const answer = knee(m, 1);
      const right = kneeOf(m);
      const bytesForgotten = m.bytesPerWeight === 1 && Math.abs(answer - 2 * right) <= 2;
      that(!bytesForgotten, {
        seen: `${answer} for ${name}`,
        expected: `${Math.ceil(right)}`,
        why: "These weights take one byte each, so they are read in half the time, and arithmetic catches up with half the batch.",
        hint: "The knee is where `reading` and `arithmetic` of your own step are equal.",
      });
      close(answer, right, {
        absolute: 2,
        what: `knee of ${name} at 1 token of context, in sequences:`,
        why: "There arithmetic takes as long as reading the weights. Parameters cancel.",
        hint: "reading ÷ the arithmetic of one sequence.",
      });
    }
  }),

  check("Caches take the knee away: there is none at 4,096 tokens", (lab) => {
    const knee = exportedFunction<Knee>(lab, "knee(m, context)");
    const h100 = machineOf("h100-sxm-80", "bf16");
    const m = madeUp(lab.seed + 3);
    const far = Math.ceil(lastContext(m) * (1.1 + (lab.seed % 5)));
    for (const [machine, context] of [
      [h100, 4096],
      [h100, 450],
      [m, far],
    ] as const) {
      const answer = knee(machine, context);
      that(answer === Infinity, {
        seen: `a knee at ${answer} for ${context} tokens of context`,
        expected: "Infinity",
        why: `With ${context} tokens a sequence's cache takes longer to read than its arithmetic takes, and a larger batch has more of both. No batch gets there.`,
        hint: "Compare caches and arithmetic of a single sequence.",
      });
    }
    const close_ = Math.floor(lastContext(m) * 0.9);
    for (const [machine, context] of [
      [h100, 380],
      [m, close_],
    ] as const) {
      close(knee(machine, context), kneeOf(machine), {
        absolute: 2,
        what: `knee at ${context} tokens of context:`,
        why: "Here the cache of a sequence is still quicker to read than its arithmetic is done, so the knee is where it was.",
        hint: "Caches decide whether there is a knee, not where it is.",
      });
    }
  }),

  check("The memory may be full before", (lab) => {
    const firstLimit = exportedFunction<FirstLimit>(lab, "firstLimit(m, context, cacheRoom)");
    const h100 = machineOf("h100-sxm-80", "bf16");
    const room = cacheRoomOf("h100-sxm-80", "bf16");
    const m = madeUp(lab.seed + 5);
    const context = 20 + (lab.seed % 200);
    const sequences = Math.ceil(kneeOf(m));
    const cases = [
      [h100, 64, room, "arithmetic", Infinity],
      [h100, 4096, room, "memory", 103],
      [m, context, (sequences + 3) * context * m.kvPerToken, "arithmetic", sequences + 3],
      [m, context, (sequences - 3) * context * m.kvPerToken, "memory", sequences - 3],
    ] as const;
    for (const [machine, tokens, bytes, right, most] of cases) {
      const answer = firstLimit(machine, tokens, bytes);
      that(answer === right, {
        seen: `"${String(answer)}" at ${tokens} tokens of context and ${(bytes / 1e9).toPrecision(3)} GB for caches`,
        expected: `"${right}"`,
        why:
          right === "arithmetic"
            ? "The knee comes while there is still room for more sequences."
            : `There is memory for ${most} sequences, and the knee is not among them.`,
        hint: "How many sequences fit? Is the knee one of them?",
      });
    }
  }),
];

function near(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-6 * Math.abs(expected);
}

function us(seconds: number): string {
  return `${(seconds * 1e6).toPrecision(4)} µs`;
}
