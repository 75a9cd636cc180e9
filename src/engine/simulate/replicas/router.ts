/** Which replica a request goes to. */
import type { ResolvedServer } from "../../server.ts";
import { hashWord } from "../../random.ts";
import type { Segments } from "../../workload/request-table.ts";

/** Picks a replica, given how many requests each has. */
export type Router = (request: number, loads: readonly number[]) => number;

/** Routing by the server's rule. All break ties towards the lowest number. */
export function routerOf(server: ResolvedServer, replicas: number, segments: Segments | undefined): Router {
  const { routing } = server;
  if (replicas === 1) return () => 0;
  if (routing === "round-robin") {
    let next = 0;
    return () => next++ % replicas;
  }
  if (routing === "least-loaded") return (_, loads) => leastLoaded(loads);
  return prefixAffinity(routing.loadBound, replicas, segments);
}

function leastLoaded(loads: readonly number[]): number {
  let best = 0;
  for (let k = 1; k < loads.length; k++) if ((loads[k] as number) < (loads[best] as number)) best = k;
  return best;
}

/**
 * Requests with the same first segment go to the same replica, by rendezvous hashing, unless it has been sent `loadBound` times
 * its fair share of all requests so far; then to the next in that prefix's own order of preference (after consistent hashing
 * with bounded loads, Mirrokni et al. 2018).
 */
function prefixAffinity(loadBound: number, replicas: number, segments: Segments | undefined): Router {
  const order = Array.from({ length: replicas }, (_, k) => k);
  const sent = new Float64Array(replicas);
  let total = 0;
  return (request) => {
    const id = segments ? (segments.id[segments.offset[request] as number] as number) : request;
    const most = Math.ceil((loadBound * ++total) / replicas);
    const weight = (k: number): number => hashWord(hashWord(0x9f3a21, id), k);
    order.sort((a, b) => weight(b) - weight(a) || a - b);
    const replica = order.find((k) => (sent[k] as number) < most) as number;
    sent[replica] = (sent[replica] as number) + 1;
    return replica;
  };
}
