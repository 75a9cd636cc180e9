import { chart, param } from "perflab";
import { ours, type Server } from "./server.ts";

/** Milliseconds of one decode step of `batch` sequences. */
export function stepTime(server: Server, batch: number): number {
  return batch * (server.weights + server.perSequence);
}

/**
 * Milliseconds that the person at place `place` of the queue, counted from 1, waits until a batch takes them in. All ask at the
 * same moment for `tokens` tokens each, and at most `cap` are in a batch.
 */
export function waitOf(server: Server, cap: number, tokens: number, place: number): number {
  return 0; // yours
}

/** Milliseconds until the last of `people` has the last token. */
export function lastEnds(server: Server, cap: number, tokens: number, people: number): number {
  return 0; // yours
}

/** The largest `max_num_seqs` with which a full batch keeps a TPOT of `limit` milliseconds. At least one sequence does. */
export function largestCap(server: Server, limit: number): number {
  return 0; // yours
}

const caps = [4, 8, 16, 32, 64];
const people = param("people");
const tokens = param("tokens");
const seconds = (milliseconds: number) => milliseconds / 1000;
chart.bars({
  title: "When answers end",
  y: { label: "Time since all asked", unit: "s" },
  categories: caps.map((cap) => `at most ${cap}`),
  series: [
    { name: "first answer", values: caps.map((cap) => seconds(tokens * stepTime(ours, Math.min(cap, people)))) },
    { name: "last answer", values: caps.map((cap) => seconds(lastEnds(ours, cap, tokens, people))) },
  ],
});
for (const cap of caps) {
  console.log(
    "at most",
    cap,
    "TPOT",
    stepTime(ours, cap),
    "ms; the last waits",
    waitOf(ours, cap, tokens, people),
    "ms",
  );
}
console.log("largest max_num_seqs with a TPOT of 8 ms:", largestCap(ours, 8));

export const lastEndsAt16 = seconds(lastEnds(ours, 16, 200, 64));
