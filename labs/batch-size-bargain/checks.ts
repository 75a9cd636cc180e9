import { decodeStep, memoryBudget, selfHostedCost, type Server } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };

type Row = Record<"tpot" | "perUser" | "total" | "cost", number>;
type Bargain = (batch: number, context: number, gpuHour: number) => Row;
type LargestBatch = (limit: number, context: number) => number;

const stepOf = (batch: number, context: number) => decodeStep(server, { batch, context }).seconds;

/** Batches, contexts and prices that no two seeds share. */
function cases(seed: number): readonly { batch: number; context: number; gpuHour: number }[] {
  return [0, 1, 2].map((k) => ({
    batch: 2 + ((seed + 37 * k) % 90),
    context: 300 + ((seed * 7 + 2903 * k) % 8000),
    gpuHour: 1 + ((seed + 5 * k) % 40) / 4,
  }));
}

/** The most users who fit and get their token in time: the time grows with the batch, so the answer can be halved towards. */
function mostUsers(limit: number, context: number): { batch: number; room: number } {
  const room = memoryBudget(server).maxSequences(context);
  let low = 0;
  let high = room;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stepOf(middle, context) <= limit) low = middle;
    else high = middle - 1;
  }
  return { batch: low, room };
}

export default [
  check("A step gives each user one token", (lab) => {
    const bargain = exportedFunction<Bargain>(lab, "bargain(batch, context, gpuHour)");
    for (const { batch, context, gpuHour } of cases(lab.seed)) {
      const { tpot, perUser } = bargain(batch, context, gpuHour);
      const step = stepOf(batch, context);
      that(!near(tpot, step * batch), {
        seen: `tpot of ${batch} users is ${ms(tpot)}, ${batch} steps`,
        expected: `${ms(step)}, one step`,
        why: "The users of a batch share one step. They do not queue up for a step each.",
        hint: "decodeStep has the batch in it already.",
      });
      that(!near(tpot, step / batch), {
        seen: `tpot of ${batch} users is ${ms(tpot)}, the step divided by ${batch}`,
        expected: `${ms(step)}, one step`,
        why: "A user waits for the whole step to get one token; the other tokens of the step are other people's.",
        hint: "Dividing the step by the batch gives the GPU's time per token, which no user sees.",
      });
      close(tpot, step, {
        relative: 0.001,
        what: `tpot of ${batch} users with ${context} tokens, in seconds:`,
        why: "One step writes one token for every user of the batch.",
      });
      close(perUser, 1 / step, {
        relative: 0.001,
        what: `perUser of ${batch} users with ${context} tokens:`,
        why: "A user gets one token per step.",
      });
    }
  }),

  check("The GPU writes a token for every user", (lab) => {
    const bargain = exportedFunction<Bargain>(lab, "bargain(batch, context, gpuHour)");
    for (const { batch, context, gpuHour } of cases(lab.seed)) {
      close(bargain(batch, context, gpuHour).total, batch / stepOf(batch, context), {
        relative: 0.001,
        what: `total of ${batch} users with ${context} tokens each, in tok/s:`,
        why: "In one step the GPU writes as many tokens as there are users in the batch.",
        hint: "perUser is what one user sees. How many users are there?",
      });
    }
  }),

  check("64 users: a bargain at 512 tokens, less of one at 8,192", (lab) => {
    const bargain = exportedFunction<Bargain>(lab, "bargain(batch, context, gpuHour)");
    for (const context of [512, 8192]) {
      const gain = bargain(64, context, 3).total / bargain(1, context, 3).total;
      close(gain, (64 * stepOf(1, context)) / stepOf(64, context), {
        relative: 0.08,
        what: `total for 64 users ÷ total for one, at ${context} tokens:`,
        why: "The weights are read once for all 64, the KV cache once for each.",
        hint: "The check before this one says what total is.",
      });
    }
  }),

  check("A million tokens cost the hour ÷ (tokens per second × 0.0036)", (lab) => {
    const bargain = exportedFunction<Bargain>(lab, "bargain(batch, context, gpuHour)");
    for (const { batch, context, gpuHour } of cases(lab.seed)) {
      const { cost } = bargain(batch, context, gpuHour);
      const total = batch / stepOf(batch, context);
      const { perMillionOutputTokens: right } = selfHostedCost({ gpuHour, gpus: 1, outputTokensPerSecond: total });
      that(!near(cost, right * batch), {
        seen: `$${cost.toFixed(2)} a million tokens, at ${batch} users and $${gpuHour} an hour`,
        expected: `$${right.toFixed(2)}`,
        why: "The GPU-hour buys the tokens of the whole batch, and this divides it by those of one user.",
        hint: "Which of perUser and total does the hour pay for?",
      });
      close(cost, right, {
        relative: 0.001,
        what: `cost of ${batch} users with ${context} tokens each at $${gpuHour} an hour, in USD:`,
        why: "An hour has 3,600 seconds and the price is for 1e6 tokens: $/h ÷ (tok/s × 3600) × 1e6.",
      });
    }
  }),

  check("largestBatch keeps the promise and stays within memory", (lab) => {
    const largestBatch = exportedFunction<LargestBatch>(lab, "largestBatch(limit, context)");
    const drawn = 1024 + 512 * (lab.seed % 12);
    const promises = [
      [0.03, 4096],
      [0.012, 4096],
      [0.004, 2048],
      [0.0075 + (lab.seed % 100) / 4000, drawn],
    ] as const;
    for (const [limit, context] of promises) {
      const { batch, room } = mostUsers(limit, context);
      const answer = largestBatch(limit, context);
      const promise = `largestBatch(${limit}, ${context}) is ${answer}`;
      that(typeof answer === "number" && answer <= room, {
        seen: promise,
        expected: `${batch}`,
        why: `There is memory for the KV caches of ${room} users only.`,
        hint: "bargain(…).fits says whether a batch fits.",
      });
      that(answer <= batch, {
        seen: promise,
        expected: `${batch}`,
        why:
          batch === 0
            ? "Even a single user waits longer than that for a token, so nobody can be promised it."
            : `With ${answer} users a token takes ${wait(answer, context)}, longer than promised.`,
        hint: "The limit is in seconds, and so is tpot.",
      });
      that(answer === batch, {
        seen: promise,
        expected: `${batch}`,
        why: `There is room for more: with ${batch} users a token still takes only ${wait(batch, context)}, and they fit.`,
        hint: "Count up from no user at all for as long as one more user is all right.",
      });
    }
  }),
];

function near(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-3 * Math.abs(expected);
}

function wait(batch: number, context: number): string {
  return batch >= 1 ? ms(stepOf(batch, context)) : "no time";
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}
