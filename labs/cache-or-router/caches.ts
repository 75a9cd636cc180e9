/** An hour of recorded conversations as blocks of text, and a fleet of four servers, each with a cache of its own. */
import { expand, sample, trace, uniform } from "perflab";

/** Leading blocks of 512 tokens of each prompt, by the number that the trace gives to equal text: so many requests from one on. */
export function recorded(from: number, requests: number): number[][] {
  const all = expand({ ...trace("mooncake-conversation"), requests: from + requests });
  return all.slice(from).map(({ prompt }) => (typeof prompt === "number" ? [] : prompt.map(({ id }) => Number(id))));
}

/** Servers of the fleet. */
export const servers = 4;
const prefixes = 200;

/** Which of 200 system prompts each request begins with; number k is asked for 1 ÷ k times as often as the first. */
export function asked(requests: number, seed: number): number[] {
  const up: number[] = [];
  for (let k = 1, sum = 0; k <= prefixes; k++) up.push((sum += 1 / k));
  const top = up[prefixes - 1] ?? 1;
  return Array.from(sample(uniform(0, 1e9), requests, seed), (drawn) => {
    const at = (drawn / 1e9) * top;
    const found = up.findIndex((sum) => sum > at);
    return found < 0 ? prefixes - 1 : found;
  });
}

/** A number from 0 to 1 for a prefix and a server, the same every time, and without a pattern. */
export function weight(prefix: number, server: number): number {
  let word = Math.imul(prefix + 1, 0x9e3779b1) ^ Math.imul(server + 1, 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
  return ((word ^ (word >>> 16)) >>> 0) / 2 ** 32;
}

/** Picks the server for a prefix. `sent`: how many requests each server has had. */
export type Router = (prefix: number, sent: readonly number[]) => number;

/** Sends each request where the router says, to servers that remember their last `capacity` prefixes. */
export function fleet(requests: readonly number[], route: Router, capacity: number) {
  const caches = Array.from({ length: servers }, () => new Set<number>());
  const sent = caches.map(() => 0);
  let found = 0;
  for (const prefix of requests) {
    const to = route(prefix, sent);
    const cache = caches[to];
    if (cache === undefined) throw new Error(`There is no server ${to}: they are 0 to ${servers - 1}.`);
    sent[to] = (sent[to] ?? 0) + 1;
    if (cache.delete(prefix)) found++;
    cache.add(prefix);
    for (const oldest of cache) {
      if (cache.size <= capacity) break;
      cache.delete(oldest);
    }
  }
  /** `busiest`: requests of the server that had most, over a fair share. */
  return { rate: found / requests.length, sent, busiest: (Math.max(...sent) * servers) / requests.length };
}

/** Server 0, 1, 2, 3, 0 … */
export const roundRobin: Router = (_, sent) => sent.reduce((a, b) => a + b, 0) % servers;
