/** What no load can undercut: how long each request takes on a server that it has to itself. */
import { decodeFeatures, prefillFeatures } from "../estimate/features.ts";
import type { ResolvedServer } from "../server.ts";
import { stepModel } from "../step/model.ts";
import type { RequestTable } from "../workload/request-table.ts";
import type { Latencies } from "./goals.ts";
import { prefixOf, simulated } from "./traffic.ts";

/**
 * Lower bounds of the latencies of the requests that count, whatever else the server does. They hold because a step never gets cheaper by
 * what is added to it, and because work cut over several steps never costs less than in one: each step reads the weights again. So a first
 * token takes at least the way there and back and one step with all of the prompt that no cache can hold; each further token at least a step
 * alone, at the context after the prompt.
 */
export function alone(server: ResolvedServer, table: RequestTable): Latencies {
  const step = stepModel(server);
  const { blockSize, enablePrefixCaching } = server.scheduler;
  const outside = server.rtt + server.ingress;
  const n = table.count - simulated.warmUp;
  const latencies = { ttft: new Float64Array(n), tpot: new Float64Array(n), e2e: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    const i = simulated.warmUp + k;
    const prompt = table.prompt[i]!;
    const output = table.output[i]!;
    const shared = enablePrefixCaching ? blockSize * Math.floor(prefixOf(table, i) / blockSize) : 0;
    const cached = Math.min(shared, prompt - 1);
    const ttft = outside + step.seconds(prefillFeatures(1, prompt - cached, cached, step.window));
    const tpot = output > 1 ? step.seconds(decodeFeatures(1, prompt, step.window)) : NaN;
    latencies.ttft[k] = ttft;
    latencies.tpot[k] = tpot;
    latencies.e2e[k] = output > 1 ? ttft + (output - 1) * tpot : ttft;
  }
  return latencies;
}
