/** `npm run bench:engine [-- --json]`: how fast the simulator and the estimator are, beside inference-lab in one process. */
import { availableParallelism, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { simulate } from "../src/engine/simulate/simulate.ts";
import { loadPeer, runPeer } from "./engine/inference-lab.ts";
import { budgetLoads, ruleLoads, server, workloadOf, type Load } from "./engine/loads.ts";
import { estimateRow } from "./estimate-row.ts";
import { median, print, type Row } from "./report.ts";

const REQUESTS = 10_000;
const REPEATS = 9;
const PEER_REPEATS = 3;

/** Median seconds of a call, after one that warms up. */
function seconds(repeats: number, call: () => void): number {
  call();
  return warmSeconds(repeats, call);
}

function warmSeconds(repeats: number, call: () => void): number {
  const times: number[] = [];
  for (let k = 0; k < repeats; k++) {
    const start = performance.now();
    call();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

function requestSteps(tokens: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < tokens.length; i++) sum += tokens[i] as number;
  return sum;
}

/**
 * Request-steps per second of ours and of the peer's, and their ratio. Both have run before; then they take turns, so that whatever
 * else the machine does slows both: a run of the peer's between nine of ours, and the median of the turns.
 */
function sideBySide(load: Load): { ours: number; theirs: number; ratio: number } {
  const workload = workloadOf(load, REQUESTS);
  const steps = requestSteps(simulate(server, workload).requests.outputTokens);
  const theirSteps = requestSteps(runPeer(load, REQUESTS).distributions.output_lengths);
  warmSeconds(REPEATS, () => void simulate(server, workload));
  const turns = Array.from({ length: PEER_REPEATS }, () => {
    const ours = steps / warmSeconds(REPEATS, () => void simulate(server, workload));
    const theirs = theirSteps / warmSeconds(1, () => void runPeer(load, REQUESTS));
    return { ours, theirs, ratio: ours / theirs };
  });
  return {
    ours: median(turns.map((turn) => turn.ours)),
    theirs: median(turns.map((turn) => turn.theirs)),
    ratio: median(turns.map((turn) => turn.ratio)),
  };
}

function speedRows(loads: readonly Load[]): Row[] {
  const rows: Row[] = [];
  const ratios: number[] = [];
  for (const load of loads) {
    const { ours, theirs, ratio } = sideBySide(load);
    ratios.push(ratio);
    rows.push({
      id: `sim.requestStepsPerSecond.${load.id}`,
      value: ours,
      unit: "request-steps/s",
      peer: "inference-lab 0.2.1",
      peerValue: theirs,
      ratio,
      note: `${load.rate.toFixed(1)} requests/s`,
    });
    rows.push({
      id: `sim.vsInferenceLab.${load.id}`,
      value: ratio,
      unit: "ratio",
      peer: "inference-lab 0.2.1",
      peerValue: theirs,
      ratio,
    });
  }
  const geomean = Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);
  rows.push({
    id: "sim.vsInferenceLab.geomean",
    value: geomean,
    unit: "ratio",
    peer: null,
    peerValue: null,
    ratio: geomean,
  });
  return rows;
}

/** What vLLM's other rules cost beside the plain load: planning ahead, drafts, attention windows, priorities. */
function ruleRows(load: Load): Row[] {
  return ruleLoads(load, REQUESTS).map(({ id, server, workload, note }) => {
    const steps = requestSteps(simulate(server, workload).requests.outputTokens);
    return {
      id: `sim.requestStepsPerSecond.${id}`,
      value: steps / seconds(PEER_REPEATS, () => void simulate(server, workload)),
      unit: "request-steps/s",
      peer: null,
      peerValue: null,
      ratio: null,
      note,
    };
  });
}

/** Time per request from a thousand to a million requests, at the middle load, and the memory of the largest. */
function sizeRows(load: Load): Row[] {
  const rows: Row[] = [];
  const perRequest = new Map<number, number>();
  for (const requests of [1000, 10_000, 100_000, 1_000_000]) {
    const workload = workloadOf(load, requests);
    const each = seconds(requests > 100_000 ? 3 : REPEATS, () => void simulate(server, workload)) / requests;
    perRequest.set(requests, each);
    rows.push({
      id: `sim.microsecondsPerRequest.${requests}`,
      value: each * 1e6,
      unit: "µs",
      peer: null,
      peerValue: null,
      ratio: null,
    });
  }
  const ratio = (perRequest.get(1_000_000) as number) / (perRequest.get(10_000) as number);
  rows.push({ id: "sim.linearity.1M", value: ratio, unit: "ratio", peer: null, peerValue: null, ratio });
  const peak = process.resourceUsage().maxRSS * 1024;
  rows.push({
    id: "sim.memory.1M",
    value: peak / 1e6,
    unit: "MB",
    peer: null,
    peerValue: null,
    ratio: null,
    note: "peak of this process",
  });
  return rows;
}

loadPeer();
const loads = budgetLoads();
const rows = [...speedRows(loads), ...ruleRows(loads[1] as Load), ...sizeRows(loads[1] as Load), estimateRow()];
console.error(`load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`);
print("engine", rows, process.argv.includes("--json"));
