import { check, close, exportedFunction, that } from "perflab/checks";
import { asked, fleet, recorded, roundRobin, servers, weight } from "./caches.ts";

type HitRate = (requests: readonly (readonly number[])[], capacity: number) => number;
type Preference = (prefix: number) => number[];
type Affinity = (prefix: number, sent: readonly number[], bound: number) => number;

interface Rules {
  /** A block found again counts as used. */
  readonly refresh: boolean;
  /** Blocks after the first that is missing don't count. */
  readonly leading: boolean;
  /** The end of a text goes before its beginning. */
  readonly endsFirst: boolean;
}

function replay(requests: readonly (readonly number[])[], capacity: number, rules: Rules) {
  const cache = new Map<number, true>();
  const shares: number[] = [];
  let [found, all] = [0, 0];
  for (const blocks of requests) {
    const known = blocks.map((block) => cache.has(block));
    const first = known.indexOf(false);
    const here = rules.leading && first >= 0 ? first : known.filter(Boolean).length;
    found += here;
    all += blocks.length;
    if (blocks.length > 0) shares.push(here / blocks.length);
    for (const block of rules.endsFirst ? [...blocks].reverse() : blocks) {
      if (rules.refresh) cache.delete(block);
      cache.set(block, true);
    }
    for (const oldest of cache.keys()) {
      if (cache.size <= capacity) break;
      cache.delete(oldest);
    }
  }
  return { rate: found / all, meanShare: shares.reduce((a, b) => a + b, 0) / shares.length };
}

const asVllm: Rules = { refresh: true, leading: true, endsFirst: true };

function rightOrder(prefix: number): number[] {
  const order: number[] = [];
  for (let k = 0; k < servers; k++) {
    const left = [0, 1, 2, 3].filter((server) => !order.includes(server));
    order.push(left.reduce((best, server) => (weight(prefix, server) > weight(prefix, best) ? server : best)));
  }
  return order;
}

function rightServer(prefix: number, sent: readonly number[], bound: number): number {
  const most = Math.ceil((bound * (sent.reduce((a, b) => a + b, 0) + 1)) / servers);
  return rightOrder(prefix).find((server) => (sent[server] ?? 0) < most) ?? 0;
}

export default [
  check("What was used last is kept longest, and only what leads is found", (lab) => {
    const hitRate = exportedFunction<HitRate>(lab, "hitRate(requests, capacity)");
    const conversations = recorded(lab.seed % 1500, 400);
    // A prompt whose beginning differs and whose end does not: the recorded ones have none, since their numbers stand for all before.
    const [a, b, c, d, e] = [1, 2, 3, 4, 5].map((k) => k + (lab.seed % 1000)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const edited = [[a, b, c], [d, b, c], [a, b, e], [a], [d, b, c, e]];
    for (const [some, capacity] of [
      [edited, 10],
      [conversations, 100],
      [conversations, 1500],
    ] as const) {
      const right = replay(some, capacity, asVllm).rate;
      const answer = hitRate(some, capacity);
      const show = { seen: `${percent(answer)} found in ${capacity} blocks`, expected: percent(right) };
      const other = (rules: Partial<Rules>) => replay(some, capacity, { ...asVllm, ...rules }).rate;
      that(!is(answer, other({ refresh: false }), right), {
        ...show,
        why: "A block that is found again has been used again. Here it grows old from the day it came, and what everybody needs is thrown out.",
        hint: "A Set keeps a value where it was first added. Take it out before you add it.",
      });
      that(!is(answer, other({ leading: false }), right), {
        ...show,
        why: "A block depends on all the text before it. After the first that is missing nothing can be used.",
        hint: "findIndex says where the first missing one is.",
      });
      that(!is(answer, other({ endsFirst: false }), right), {
        ...show,
        why: "Here the beginning of a text is thrown out before its end, and an end without its beginning is worth nothing.",
        hint: "Add the last block first.",
      });
      that(!is(answer, replay(some, capacity, asVllm).meanShare, right), {
        ...show,
        why: "A mean of the requests’ shares lets a prompt of one block count as much as one of two hundred.",
      });
      that(!is(answer, replay(some, Infinity, asVllm).rate, right), {
        ...show,
        why: "That is a cache without an end. This one must let go of its oldest blocks.",
      });
      close(answer, right, {
        relative: 1e-9,
        what: `share found in ${capacity} blocks:`,
        why: "Blocks found at the head of each prompt over all blocks, with the least recently used thrown out beyond the capacity.",
      });
    }
  }),

  check("A prefix has an order of its own, always the same", (lab) => {
    const preference = exportedFunction<Preference>(lab, "preference(prefix)");
    const firsts = new Set<number>();
    for (let k = 0; k < 40; k++) {
      const prefix = (lab.seed + 7 * k) % 200;
      const answer = preference(prefix);
      const right = rightOrder(prefix);
      that(Array.isArray(answer) && [...answer].sort().join() === "0,1,2,3", {
        seen: Array.isArray(answer) ? answer.join(", ") : String(answer),
        expected: "each of the servers 0 to 3 once",
        why: "Whoever can’t go to the first must know where to go next.",
      });
      that(answer.join() !== [...right].reverse().join(), {
        seen: `${answer.join(", ")} for prefix ${prefix}`,
        expected: right.join(", "),
        why: "That begins with the smallest weight. The largest weight is what it likes best.",
      });
      firsts.add(answer[0] ?? -1);
      if (k > 20)
        that(firsts.size > 1, {
          seen: `every prefix likes server ${answer[0]} best`,
          expected: "a quarter of the prefixes each",
          why: "One server would get everything.",
          hint: "Sort the servers by weight(prefix, server).",
        });
      if (k > 20)
        that(answer.join() === right.join(), {
          seen: `${answer.join(", ")} for prefix ${prefix}`,
          expected: right.join(", "),
          why: "The server with the largest weight(prefix, server) comes first, then the others as their weights fall.",
        });
    }
  }),

  check("A prefix stays with its server, until that has more than its share", (lab) => {
    const affinity = exportedFunction<Affinity>(lab, "affinity(prefix, sent, bound)");
    for (let k = 0; k < 30; k++) {
      const prefix = (lab.seed + 13 * k) % 200;
      const bound = [Infinity, 1.25, 1][k % 3] ?? 1;
      const sent = [0, 1, 2, 3].map((server) => 100 + ((lab.seed + 31 * k * (server + 3)) % (k < 15 ? 40 : 120)));
      const fair = 25 + (lab.seed % 50);
      const spare = rightOrder(prefix)[2] ?? 0;
      if (k % 6 === 2) sent.fill(fair); // An even load: a bound of 1 has room for this request alone.
      if (k % 6 === 5) [0, 1, 2, 3].forEach((server) => (sent[server] = server === spare ? fair - 1 : fair)); // One place left.
      const right = rightServer(prefix, sent, bound);
      const answer = affinity(prefix, sent, bound);
      const said = `prefix ${prefix}, ${sent.join(", ")} requests sent, bound ${bound}`;
      const show = { seen: `server ${answer} for ${said}`, expected: `server ${right}` };
      const [first] = rightOrder(prefix);
      that(!(answer === first && answer !== right), {
        ...show,
        why: `Server ${first} is what this prefix likes best, and it has had ${bound} times its fair share.`,
        hint: "The next in its order that has room.",
      });
      that(!(answer === sent.indexOf(Math.min(...sent)) && answer !== right), {
        ...show,
        why: "That is the server with the least to do. Within the bound, the prefix goes where its blocks are.",
      });
      that(answer === right, {
        ...show,
        why: "The first in the prefix’s order that has had fewer than bound × all requests ÷ 4, this one counted and rounded up.",
        hint: "Math.ceil(bound · (sum of sent + 1) ÷ servers).",
      });
    }
  }),

  check("Four small caches with a router find what four large ones find without", (lab) => {
    const affinity = exportedFunction<Affinity>(lab, "affinity(prefix, sent, bound)");
    const requests = asked(12_000, lab.seed);
    const routed = (bound: number) => fleet(requests, (prefix, sent) => affinity(prefix, sent, bound), 20);
    const [free, held] = [routed(Infinity), routed(1.25)];
    const [blind, large] = [fleet(requests, roundRobin, 20), fleet(requests, roundRobin, 80)];
    that(Math.abs(free.rate - large.rate) < 0.03 && free.rate > blind.rate + 0.25, {
      seen: `${percent(free.rate)} with affinity, ${percent(blind.rate)} by turns, ${percent(large.rate)} by turns with caches four times as large`,
      expected: "affinity as good as the large caches",
      why: "By turns, each cache gets a quarter of the traffic and every prefix. With affinity it gets a quarter of the prefixes.",
    });
    that(held.busiest <= 1.26 && held.rate > 0.69, {
      seen: `${percent(held.rate)} found, the busiest server at ${held.busiest.toFixed(2)} times its share`,
      expected: "more than 69 %, and at most 1.25 times",
      why: "The bound gives up a few finds so that no server is overrun.",
    });
  }),
];

/** It is what another rule gives, and that differs from what is right. */
function is(answer: number, other: number, right: number): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b);
  return near(answer, other) && !near(other, right);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
