import { check, close, exportedFunction, that } from "perflab/checks";
import type { Server } from "./server.ts";

/** A server that nobody has. */
function drawn(seed: number): Server {
  return { weights: 3 + (seed % 11), perSequence: (5 + (seed % 20)) / 100 };
}

const step = ({ weights, perSequence }: Server, batch: number) => weights + batch * perSequence;

const same = (a: number, b: number) => Math.abs(a - b) < 1e-6;

export default [
  check("A step reads the weights once", (lab) => {
    const stepTime = exportedFunction<(server: Server, batch: number) => number>(lab, "stepTime(server, batch)");
    const server = drawn(lab.seed);
    const batch = 2 + (lab.seed % 61);
    const answer = stepTime(server, batch);
    const right = step(server, batch);
    const show = { seen: `${answer} ms for a batch of ${batch}`, expected: `${right} ms` };
    that(!same(answer, batch * step(server, 1)), {
      ...show,
      why: "The weights are read once for the whole batch, not once for each sequence. That is why batching pays.",
    });
    that(!same(answer, step(server, 1)), {
      ...show,
      why: "The weights are shared, but each sequence has a KV cache of its own to read.",
    });
    close(answer, right, {
      absolute: 1e-6,
      what: `step of a batch of ${batch}, in ms:`,
      why: "The weights once, and a KV cache for each sequence.",
    });
  }),

  check("Who waits, waits for whole batches", (lab) => {
    const waitOf = exportedFunction<(server: Server, cap: number, tokens: number, place: number) => number>(
      lab,
      "waitOf(server, cap, tokens, place)",
    );
    const server = drawn(lab.seed + 1);
    const cap = 4 + (lab.seed % 13);
    const tokens = 50 + (lab.seed % 300);

    const lastOfFirst = waitOf(server, cap, tokens, cap);
    that(same(lastOfFirst, 0), {
      seen: `${lastOfFirst} ms at place ${cap}, with ${cap} in a batch`,
      expected: "0 ms",
      why: "This person still fits into the first batch, which starts at once.",
      hint: "At which place does the second batch begin?",
    });

    for (const batches of [2, 3 + (lab.seed % 4)]) {
      const place = batches * cap + 1;
      const answer = waitOf(server, cap, tokens, place);
      const right = batches * tokens * step(server, cap);
      const show = { seen: `${answer} ms at place ${place}, with ${cap} in a batch`, expected: `${right} ms` };
      that(!same(answer, right / tokens), {
        ...show,
        why: "That is one step for each batch. A batch takes a step for each token of its answers.",
      });
      that(!same(answer, batches * tokens * step(server, 1)), {
        ...show,
        why: "The batches before are full, so each of their steps reads as many KV caches as a batch holds.",
      });
      close(answer, right, {
        absolute: 1e-6,
        what: `wait at place ${place}, in ms:`,
        why: "Whole batches, each with as many steps as an answer has tokens.",
      });
    }
  }),

  check("The last answer ends when the last batch does", (lab) => {
    const lastEnds = exportedFunction<(server: Server, cap: number, tokens: number, people: number) => number>(
      lab,
      "lastEnds(server, cap, tokens, people)",
    );
    const server = drawn(lab.seed + 2);
    const cap = 4 + (lab.seed % 13);
    const tokens = 50 + (lab.seed % 300);
    for (const inLast of [1 + (lab.seed % (cap - 1)), cap]) {
      const people = 2 * cap + inLast;
      const answer = lastEnds(server, cap, tokens, people);
      const wait = 2 * tokens * step(server, cap);
      const right = wait + tokens * step(server, inLast);
      const show = { seen: `${answer} ms for ${people} people, with ${cap} in a batch`, expected: `${right} ms` };
      that(!same(answer, wait), {
        ...show,
        why: "That is when the last answer begins. It has to be written as well.",
      });
      that(inLast === cap || !same(answer, wait + tokens * step(server, cap)), {
        ...show,
        why: "The last batch has places free, and reads no KV cache for them.",
      });
      close(answer, right, {
        absolute: 1e-6,
        what: `end of the last of ${people} answers, in ms:`,
        why: "The wait, and then the steps of the last batch with those who are in it.",
      });
    }
  }),

  check("The largest batch that keeps the promise", (lab) => {
    const largestCap = exportedFunction<(server: Server, limit: number) => number>(lab, "largestCap(server, limit)");
    const server = drawn(lab.seed + 3);
    const right = 3 + (lab.seed % 97);
    const limit = step(server, right) + 0.6 * server.perSequence;
    const answer = largestCap(server, limit);
    const show = { seen: `${answer} with a limit of ${limit} ms`, expected: `${right}` };
    that(Number.isInteger(answer), {
      ...show,
      why: "max_num_seqs is a whole number.",
    });
    that(answer !== Math.floor(limit / server.perSequence), {
      ...show,
      why: "The weights take their part of the limit first. Only what is left is for the KV caches.",
    });
    that(answer <= right, {
      ...show,
      why: `With that many a full batch breaks the promise: its step takes ${step(server, answer)} ms.`,
    });
    close(answer, right, {
      absolute: 0,
      what: `largest max_num_seqs for ${limit} ms:`,
      why: "There is room for more: each sequence adds its KV cache to the step, and nothing else.",
    });
  }),
];
