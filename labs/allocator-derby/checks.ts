import type { Run } from "perflab";
import { check, close, exportedFunction, that } from "perflab/checks";
import { chats, longest, pool, residents, serve, sum, type Allocator } from "./traffic.ts";

type Held = (tokens: number, allocator: Allocator) => number;
type Wasted = (tokens: readonly number[], allocator: Allocator) => number;
type Fits = (tokens: readonly number[], allocator: Allocator, slots: number) => number;
type Gain = (slow: Run, quick: Run) => number;

const allocators: readonly Allocator[] = [{ reserve: longest }, "powerOfTwo", { block: 16 }, { block: 256 }];

function rightHeld(tokens: number, allocator: Allocator): number {
  if (allocator === "powerOfTwo") {
    let size = 1;
    while (size < tokens) size *= 2;
    return size;
  }
  if ("reserve" in allocator) return allocator.reserve;
  return allocator.block * Math.floor((tokens + allocator.block - 1) / allocator.block);
}

const rightSlots = (tokens: readonly number[], allocator: Allocator) => tokens.map((n) => rightHeld(n, allocator));

function rightFits(tokens: readonly number[], allocator: Allocator, slots: number): number {
  let taken = 0;
  const beyond = tokens.findIndex((n) => (taken += rightHeld(n, allocator)) > slots);
  return beyond < 0 ? tokens.length : beyond;
}

function nameOf(allocator: Allocator): string {
  if (allocator === "powerOfTwo") return "powers of two";
  return "reserve" in allocator ? `${allocator.reserve} reserved` : `blocks of ${allocator.block}`;
}

export default [
  check("A chat takes whole blocks, the last one too", (lab) => {
    const held = exportedFunction<Held>(lab, "held(tokens, allocator)");
    const drawn = 17 + (lab.seed % 400);
    for (const allocator of allocators)
      for (const tokens of [16 * drawn, drawn, 16 * drawn + 1, 512, 513, 1].filter((n) => n <= longest)) {
        const right = rightHeld(tokens, allocator);
        const answer = held(tokens, allocator);
        const what = `${tokens} tokens, ${nameOf(allocator)}:`;
        const show = { seen: `${what} ${answer} slots`, expected: `${right}` };
        const paged = typeof allocator === "object" && "block" in allocator;
        that(!(paged && answer === tokens && right !== tokens), {
          ...show,
          why: "Memory is handed out by the block. The last one is taken whole, however little stands in it.",
          hint: "Count blocks, rounded up, and then their slots.",
        });
        that(!(paged && answer === right + allocator.block), {
          ...show,
          why: "A chat that fills its blocks exactly has no block begun.",
          hint: "Math.ceil.",
        });
        that(!(paged && answer === right / allocator.block && answer !== right), {
          ...show,
          why: "That is the number of blocks. Each has slots.",
        });
        close(answer, right, {
          absolute: 0,
          what,
          why: "What is reserved is reserved; a power of two is at least the tokens; blocks are whole.",
        });
      }
  }),

  check("What is wasted is a share of what was taken, over all chats together", (lab) => {
    const wasted = exportedFunction<Wasted>(lab, "wasted(tokens, allocator)");
    const now = chats(200, lab.seed);
    for (const allocator of allocators) {
      const slots = rightSlots(now, allocator);
      const right = 1 - sum(now) / sum(slots);
      const answer = wasted(now, allocator);
      const show = { seen: `${percent(answer)} with ${nameOf(allocator)}`, expected: percent(right) };
      that(answer !== 0, {
        ...show,
        why: "Some slots are empty with every allocator.",
        hint: "held says what is taken.",
      });
      that(!near(answer, 1 - right), { ...show, why: "That is the share which holds tokens." });
      that(!near(answer, sum(slots) / sum(now) - 1), {
        ...show,
        why: "That is waste per token that is held. Ask what part of the memory taken is empty.",
        hint: "Divide by what is taken.",
      });
      const mean = sum(slots.map((taken, i) => 1 - (now[i] ?? 0) / taken)) / now.length;
      that(near(mean, right) || !near(answer, mean), {
        ...show,
        why: "A mean of the chats’ shares lets a chat of five tokens count as much as one of a thousand.",
        hint: "Add up first, then divide.",
      });
      close(answer, right, {
        relative: 1e-6,
        what: `wasted with ${nameOf(allocator)}:`,
        why: "One less the tokens held over the slots taken.",
      });
    }
  }),

  check("Chats come in by turns, until one finds too few slots", (lab) => {
    const fits = exportedFunction<Fits>(lab, "fits(tokens, allocator, slots)");
    const waiting = chats(900, lab.seed + 1);
    for (const allocator of allocators)
      for (const slots of [pool, 4096 + (lab.seed % 5000), 64 * 2048]) {
        const right = rightFits(waiting, allocator, slots);
        const answer = fits(waiting, allocator, slots);
        const show = { seen: `${answer} chats with ${nameOf(allocator)} in ${slots} slots`, expected: `${right}` };
        that(Number.isInteger(answer), { ...show, why: "Nobody is half in." });
        that(!(answer === Math.floor(slots / longest) && right !== answer), {
          ...show,
          why: `That would do if each took ${longest} slots.`,
          hint: "Take slots away chat by chat.",
        });
        that(answer !== right + 1, {
          ...show,
          why: "The last one that you let in does not fit; or one slot too few is as good as none.",
        });
        that(answer <= right, {
          ...show,
          why: "Whoever is at the head of the line and does not fit holds up those behind, the short ones too.",
          hint: "Stop at the first that does not fit.",
        });
        close(answer, right, {
          absolute: 0,
          what: `${nameOf(allocator)}, ${slots} slots:`,
          why: "Each chat takes what held says, and an exact fit is a fit.",
        });
      }
    const few = waiting.slice(0, 3);
    close(fits(few, { block: 16 }, pool), 3, { absolute: 0, what: "3 chats, all of the pool:", why: "They all fit." });
  }),

  check("Six times the chats is not six times the speed", (lab) => {
    const gain = exportedFunction<Gain>(lab, "gain(slow, quick)");
    const burst = 1 + (lab.seed % 1000);
    const [slow, quick] = [serve({ reserve: longest }, burst), serve({ block: 16 }, burst)];
    const right = speed(quick) / speed(slow);
    const answer = gain(slow, quick);
    const show = { seen: `${answer.toFixed(2)} times`, expected: `${right.toFixed(2)} times` };
    that(!near(answer, residents(quick) / residents(slow)), {
      ...show,
      why: "So many more chats are in the batch. A step with more of them takes longer, for it reads all of their caches.",
      hint: "Tokens written over seconds, for each server.",
    });
    that(!near(answer, 1 / right), { ...show, why: "That is the slow one over the quick one." });
    that(!near(answer, lastMean(slow) / lastMean(quick)), {
      ...show,
      why: "That compares how long a chat waits and writes in the mean. Throughput is all tokens over the time until the last one.",
      hint: "Math.max(...requests.last).",
    });
    close(answer, right, {
      relative: 1e-6,
      what: "quick ÷ slow:",
      why: "All output tokens of a run over the seconds until its last token.",
      hint: "requests.outputTokens and requests.last.",
    });
    close(gain(quick, slow), 1 / right, {
      relative: 1e-6,
      what: "the other way round:",
      why: "The second is the quick one.",
    });
  }),
];

function speed({ requests }: Run): number {
  return sum([...requests.outputTokens]) / Math.max(...requests.last);
}

function lastMean({ requests }: Run): number {
  return sum([...requests.last]) / requests.count;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.abs(b);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
