import { chart, param } from "perflab";
import { boxes, bytesOf, dollarsAnHour, memoryOf, model, nameOf, type Box } from "./boxes.ts";

/** Bytes of memory that are left for KV caches; 0 where the weights do not fit. */
export function cacheRoom(box: Box): number {
  const memory = box.count * memoryOf(box); // Is all of it ours?
  const weights = model.parameters * bytesOf[box.weights];
  return Math.max(0, memory - weights); // Does nothing else live there?
}

/** Chats of so many tokens that the box holds at once, each of them whole. */
export function usersOn(box: Box, context: number): number {
  const perToken = 2 * model.layers * model.heads * model.headDim * bytesOf[box.cache]; // Which heads?
  return Math.floor(cacheRoom(box) / (context * perToken));
}

/** The cheapest of these boxes that holds so many users; undefined where none does. */
export function cheapest(offers: readonly Box[], users: number, context: number): Box | undefined {
  return offers[0]; // Yours to write.
}

const users = param("users");
const context = param("context");
const allowed = { "bf16 only": 0, "fp8 weights too": 1, "fp8 caches too": 2 }[param<string>("formats")] ?? 0;
const fp8s = ({ weights, cache }: Box) => [weights, cache].filter((format) => format === "fp8").length;
const offers = boxes.filter((box) => fp8s(box) <= allowed);

const gb = (bytes: number) => bytes / 1e9;
const shown = offers.filter((box) => box.count <= 4 && fp8s(box) === allowed);
const memory = (box: Box) => box.count * memoryOf(box);
const used = (box: Box) => {
  const n = usersOn(box, context);
  return n > 0 ? (cacheRoom(box) * Math.min(users, n)) / n : 0;
};
chart.bars({
  title: `Where the memory goes, with ${users} users of ${context} tokens`,
  y: { label: "Memory of the box", unit: "GB" },
  categories: shown.map((box) => nameOf(box)),
  stacked: true,
  series: [
    { name: "weights", values: shown.map((box) => gb(Math.min(memory(box), model.parameters * bytesOf[box.weights]))) },
    { name: "caches of the users who fit", values: shown.map((box) => gb(used(box))) },
    { name: "room for more", values: shown.map((box) => gb(Math.max(0, cacheRoom(box) - used(box)))) },
  ],
});
chart.table({
  title: "What each box holds, and what it costs",
  columns: ["Box", "Room for caches, GB", "Users", "USD an hour"],
  rows: offers.map((box) => [
    nameOf(box),
    Number(gb(cacheRoom(box)).toFixed(1)),
    usersOn(box, context),
    Number(dollarsAnHour(box).toFixed(2)),
  ]),
});
const choice = cheapest(offers, users, context);
console.log(
  choice
    ? `Cheapest for ${users} users: ${nameOf(choice)}, $${dollarsAnHour(choice).toFixed(2)} an hour, holds ${usersOn(choice, context)}.`
    : `No box on offer holds ${users} users of ${context} tokens.`,
);

export const chatsOnTwo = usersOn({ gpu: "h100-sxm-80", count: 2, weights: "bf16", cache: "bf16" }, 2048);
