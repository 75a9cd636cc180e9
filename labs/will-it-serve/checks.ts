import { memoryBudget } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { beside, boxes, bytesOf, dollarsAnHour, memoryOf, model, nameOf, takes, type Box } from "./boxes.ts";

type Room = (box: Box) => number;
type Users = (box: Box, context: number) => number;
type Cheapest = (offers: readonly Box[], users: number, context: number) => Box | undefined;

const twoInBf16: Box = { gpu: "h100-sxm-80", count: 2, weights: "bf16", cache: "bf16" };
const fourInBf16: Box = { ...twoInBf16, count: 4 };
const mixed: Box = { ...twoInBf16, weights: "fp8" };
const oneInBf16: Box = { ...twoInBf16, count: 1 };

/** By the engine, which knows the model by its own shape. */
function budgetOf(box: Box) {
  return memoryBudget({
    model: "llama-3.1-70b",
    gpu: box.gpu,
    tensorParallel: box.count,
    weights: box.weights,
    kv: box.cache,
    parameters: "course-h100-v1",
  });
}

const perTokenOf = (box: Box) => 2 * model.layers * model.kvHeads * model.headDim * bytesOf[box.cache];
const holds = (box: Box, context: number) => Math.floor(budgetOf(box).kv / (context * perTokenOf(box)));
const drawn = (seed: number, k: number): Box => boxes[(seed + 7 * k) % boxes.length]!;
const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
const near = (a: number, b: number) => Math.abs(a - b) <= 1e6;

export default [
  check("Two H100s leave a 70B in bf16 2.1 GB, and one leaves nothing", (lab) => {
    const cacheRoom = exportedFunction<Room>(lab, "cacheRoom(box)");
    for (const box of [twoInBf16, fourInBf16, oneInBf16, drawn(lab.seed, 0), drawn(lab.seed, 1)]) {
      const answer = cacheRoom(box);
      const right = budgetOf(box).kv;
      const all = box.count * memoryOf(box);
      const weights = model.parameters * bytesOf[box.weights];
      const seen = `${gb(answer)} on ${nameOf(box)}`;
      const show = { seen, expected: gb(right) };
      that(!near(answer, all - weights), {
        ...show,
        why: "That is everything but the weights. The server takes 92 % of a GPU's memory, and each GPU needs something beside.",
        hint: "`takes` and `beside` stand in boxes.ts.",
      });
      that(!near(answer, all * takes - weights) || near(answer, right), {
        ...show,
        why: "CUDA, buffers and activations want their part of every GPU, before the first cache.",
        hint: "box.count × beside.",
      });
      that(box.count === 1 || !near(answer, all * takes - weights - beside), {
        ...show,
        why: "Each GPU needs its 2 GB, not each box.",
        hint: "box.count × beside.",
      });
      that(!near(answer, all - weights - box.count * beside), {
        ...show,
        why: "The server takes 92 % of the memory, so that a spike does not end it.",
        hint: "Multiply the memory by `takes`, before anything is taken away.",
      });
      that(!(answer < 0), {
        ...show,
        why: "Where the weights do not fit, there is no room. There is no debt either.",
      });
      close(answer, right, {
        absolute: 5e6,
        what: `bytes left on ${nameOf(box)}:`,
        why: "92 % of the memory, less the weights, less 2 GB a GPU.",
      });
    }
  }),

  check("Three chats of 2,048 tokens fit there, and 216 on four", (lab) => {
    const usersOn = exportedFunction<Users>(lab, "usersOn(box, context)");
    const contexts = [2048, 16 * (64 + (lab.seed % 960))];
    for (const box of [twoInBf16, fourInBf16, oneInBf16, mixed, drawn(lab.seed, 2)])
      for (const context of contexts) {
        const answer = usersOn(box, context);
        const right = holds(box, context);
        const exact = budgetOf(box).kv / (context * perTokenOf(box));
        const show = { seen: `${answer} chats of ${context} tokens on ${nameOf(box)}`, expected: `${right}` };
        that(right === 0 || Math.abs(answer - Math.floor((exact * model.kvHeads) / model.heads)) > 0.5 * right, {
          ...show,
          why: `This caches all ${model.heads} heads. They share ${model.kvHeads} heads of K and V, and only those are cached.`,
          hint: "Lesson 2's ledger: 2 · layers · KV heads · head size · bytes.",
        });
        that(right === 0 || answer < 1.8 * right || answer === right, {
          ...show,
          why: "That is twice as many, or more. Both K and V are cached, in bytes of the cache's format, not of the weights'.",
          hint: "2 · layers · kvHeads · headDim · bytesOf[box.cache].",
        });
        that(Number.isInteger(answer), {
          ...show,
          why: "A chat is served when all of it fits. Part of a user is nobody.",
          hint: "Math.floor.",
        });
        that(Math.abs(answer - right) <= (exact > 2000 ? 1 : 0), {
          ...show,
          why: `${gb(budgetOf(box).kv)} of room, and ${gb(context * perTokenOf(box))} a chat.`,
          hint: "Round down: the last one needs all of its tokens.",
        });
      }
  }),

  check("cheapest holds the users it is asked for, and nothing that does is cheaper", (lab) => {
    const cheapest = exportedFunction<Cheapest>(lab, "cheapest(offers, users, context)");
    const offers = boxes.filter((_, k) => (k * 5 + lab.seed) % 3 > 0);
    const cases = [
      { offers: boxes, users: 50, context: 4096 },
      { offers: boxes.filter(({ weights }) => weights === "bf16"), users: 50, context: 4096 },
      { offers, users: 1 + (lab.seed % 400), context: 16 * (64 + (lab.seed % 960)) },
      { offers: boxes.toReversed(), users: 20 + (lab.seed % 50), context: 8192 },
    ];
    // Exactly as many as a box holds: it will do.
    const edge = drawn(lab.seed, 4);
    if (holds(edge, 4096) > 0) cases.push({ offers: [edge], users: holds(edge, 4096), context: 4096 });
    for (const { offers: list, users, context } of cases) {
      const answer = cheapest(list, users, context);
      const enough = list.filter((box) => holds(box, context) >= users);
      const least = Math.min(...enough.map(dollarsAnHour));
      const asked = `for ${users} users of ${context} tokens`;
      const best = enough.find((box) => dollarsAnHour(box) === least);
      const expected = best ? `${nameOf(best)}, $${least.toFixed(2)} an hour` : "undefined";
      that(best === undefined || answer !== undefined, {
        seen: `nothing ${asked}`,
        expected,
        why: `${enough.length} of the boxes on offer hold them.`,
        hint: "A box that holds exactly as many users as are asked for will do.",
      });
      if (answer === undefined) continue;
      that(list.includes(answer), {
        seen: String(answer),
        expected: `${expected}, one of the boxes on offer`,
        why: "Give back a box of the list.",
      });
      const seen = `${nameOf(answer)} ${asked}, $${dollarsAnHour(answer).toFixed(2)} an hour`;
      that(holds(answer, context) >= users, {
        seen,
        expected,
        why: `That box holds ${holds(answer, context)} of them.`,
        hint: "First keep the boxes that hold enough, then look at prices.",
      });
      that(dollarsAnHour(answer) <= least + 1e-9, {
        seen,
        expected,
        why: "It holds them, and so does something cheaper. The fewest GPUs are not always the fewest dollars, nor is the first that fits.",
        hint: "Of those that hold enough, the smallest dollarsAnHour.",
      });
    }
    that(cheapest(boxes, 1_000_000, 8192) === undefined, {
      seen: "a box for a million users",
      expected: "undefined",
      why: "Where nothing on offer holds them, say so.",
    });
  }),
];
