import { chart, decodeStep, memoryBudget, param, selfHostedCost, type Server } from "perflab";

const server: Server = { model: "llama-3.1-8b", gpu: "h100-sxm-80" };
const gpuHour = param("gpuHour"); // USD

// Yours to change.
const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const contexts = [...new Set([512, param("context")])];

/** `batch` users decode together, each with `context` tokens: what each of them sees, and what the GPU earns. */
export function bargain(batch: number, context: number, gpuHour: number) {
  // One step writes one token for every user of the batch, so this is each user's time per output token.
  const { seconds: tpot, bound } = decodeStep(server, { batch, context });
  const perUser = 1 / tpot; // tokens per second that one user sees
  const total = perUser; // tokens per second that the GPU writes. Is that so?
  const cost = selfHostedCost({ gpuHour, gpus: 1, outputTokensPerSecond: total }).perMillionOutputTokens; // USD
  const fits = batch <= memoryBudget(server).maxSequences(context);
  return { batch, context, tpot, perUser, total, cost, fits, bound };
}

/** How many users, each with `context` tokens, can one GPU hold and give a token every `limit` seconds? */
export function largestBatch(limit: number, context: number): number {
  return 1; // Yours to write.
}

export const slowdown = bargain(64, 4096, gpuHour).tpot / bargain(1, 4096, gpuHour).tpot;

const all = contexts.flatMap((context) => batches.map((batch) => bargain(batch, context, gpuHour)));
const rows = all.filter(({ fits }) => fits);

const overBatch = (value: "tpot" | "cost") =>
  contexts.map((context) => ({
    name: `${context} tokens of context`,
    points: rows.filter((row) => row.context === context).map((row) => ({ x: row.batch, y: row[value] })),
  }));

chart.line({
  title: "What each user waits for a token",
  x: { label: "Users in the batch", scale: "log" },
  y: { label: "Time per output token", unit: "s" },
  series: overBatch("tpot"),
});
chart.line({
  title: "What a million output tokens cost",
  x: { label: "Users in the batch", scale: "log" },
  y: { label: "Cost per million output tokens", unit: "USD", scale: "log" },
  series: overBatch("cost"),
});
chart.scatter({
  title: "The bargain: one user's speed against the whole GPU's",
  x: { label: "Speed of one user", unit: "tok/s" },
  y: { label: "Speed of the whole GPU", unit: "tok/s", scale: "log" },
  series: [...new Set(rows.map(({ context, bound }) => `${context} tokens, limited by ${bound}`))].map((name) => ({
    name,
    points: rows
      .filter(({ context, bound }) => name === `${context} tokens, limited by ${bound}`)
      .map(({ perUser, total, batch }) => ({ x: perUser, y: total, label: `${batch} users` })),
  })),
});

for (const context of contexts) {
  const tooMany = all.filter((row) => row.context === context && !row.fits).map(({ batch }) => batch);
  const room = memoryBudget(server).maxSequences(context);
  if (tooMany.length > 0) {
    console.log(`Not drawn: ${tooMany.join(" and ")} users with ${context} tokens each. There is memory for ${room}.`);
  }
}
console.log(`Users who get a token every 30 ms, with 4,096 tokens of context each: ${largestBatch(0.03, 4096)}`);
