import { chart, param } from "perflab";
import { asked, fleet, recorded, roundRobin, type Router } from "./caches.ts";

/** Share of all blocks that a cache of so many blocks finds. What was used last is kept longest. */
export function hitRate(requests: readonly (readonly number[])[], capacity: number): number {
  const cache = new Set<number>(); // In order of use, oldest first.
  let found = 0;
  let all = 0;
  for (const blocks of requests) {
    const missing = blocks.findIndex((block) => !cache.has(block));
    found += missing < 0 ? blocks.length : missing;
    all += blocks.length;
    for (const block of blocks.toReversed()) {
      cache.add(block); // A block that is there already stays where it stood.
    }
    for (const oldest of cache) {
      if (cache.size <= capacity) break;
      cache.delete(oldest);
    }
  }
  return found / all;
}

/** The servers in the order in which a prefix likes them: always the same for it, and another for others. */
export function preference(prefix: number): number[] {
  return [0, 1, 2, 3]; // Yours to write: weight(prefix, server) is a number from 0 to 1.
}

/** The server that a prefix likes best, of those that stay within `bound` times a fair share of all requests, this one included. */
export function affinity(prefix: number, sent: readonly number[], bound: number): number {
  return preference(prefix)[0]; // However busy it is.
}

// How much does a bigger cache find?
const conversations = recorded(0, 2000);
const sizes = [100, 1000, 3000, 10_000, 50_000];
chart.line({
  title: "Blocks found again, recorded conversations",
  x: { label: "Tokens that the cache holds", scale: "log" },
  y: { label: "Blocks found", unit: "%" },
  series: [{ name: "one cache", points: sizes.map((x) => ({ x: x * 512, y: 100 * hitRate(conversations, x) })) }],
});

// How much does a router?
const bound = param("bound");
const requests = asked(20_000, 1);
const routers: Record<string, Router> = {
  "round-robin": roundRobin,
  affinity: (prefix, sent) => affinity(prefix, sent, Infinity),
  "bounded affinity": (prefix, sent) => affinity(prefix, sent, bound),
};
const each = Object.entries(routers).map(([name, route]) => ({
  name,
  route,
  ...fleet(requests, route, param("capacity")),
}));
chart.bars({
  title: "Four servers, one stream of requests",
  y: { label: "Prefixes found", unit: "%" },
  categories: each.map(({ name }) => name),
  series: [{ name: `${param("capacity")} prefixes a server`, values: each.map(({ rate }) => 100 * rate) }],
});
chart.table({
  title: "What each server gets",
  columns: ["Router", ...[1, 2, 3, 4].map((server) => `server ${server}`), "busiest ÷ fair share"],
  rows: each.map(({ name, sent, busiest }) => [name, ...sent, Number(busiest.toFixed(2))]),
});
for (const { name, route } of each)
  console.log(
    `${name}: ${[20, 40, 80].map((n) => `${(100 * fleet(requests, route, n).rate).toFixed(0)} % with ${n}`).join(", ")}.`,
  );

// For the prediction: 512,000 tokens.
export const foundPercent = 100 * hitRate(conversations, 1000);
