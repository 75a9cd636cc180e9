/** `npm run accuracy -- --replay DIR [--json]`: replays real vLLM runs in the simulator and prints how far off it is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../src/engine/run.ts";
import type { Server } from "../src/engine/server.ts";
import { percentile } from "../src/engine/metrics/percentile.ts";
import { simulate } from "../src/engine/simulate/simulate.ts";
import { engineGeneration } from "../src/engine/step/engines.ts";
import { parameters } from "../src/engine/step/parameters.ts";
import type { RooflineParameters } from "../src/engine/step/roofline.ts";
import { script } from "../src/engine/workload/expand.ts";
import { minimise } from "./accuracy/minimise.ts";
import { withProfile } from "./accuracy/profiled.ts";

/** Requests whose outcome the host constants are fitted on; the rest are scored. */
const FITTED_ON = 100;

/** Host overheads of an engine generation: seconds a step, a sequence in a step, and a layer's kernel launches. */
const HOST_CONSTANTS = ["step", "sequence", "launch"] as const;

interface Recorded {
  readonly input_toks: number;
  readonly output_toks: number;
  readonly queued_ts: number;
  readonly first_token_ts: number;
  readonly last_token_ts: number;
}

interface ServerFile {
  readonly gpu_id: string;
  readonly model_id: string;
  readonly tp: number;
  readonly dp: number;
  readonly ep: number;
  readonly weight_dtype: Server["weights"];
  readonly kv_dtype: Server["kv"];
  readonly kv_blocks: number | null;
  readonly block_size: number;
  readonly max_num_seqs: number;
  readonly max_num_batched_tokens: number;
  readonly vllm_version: string;
}

/** Seconds of each request, in order of arrival. */
export interface Times {
  readonly ttft: Float64Array;
  readonly tpot: Float64Array;
  readonly e2e: Float64Array;
}

/** Signed relative errors of the simulated figure against the measured one. */
export interface ReplayErrors {
  readonly ttftMean: number;
  readonly ttftP99: number;
  readonly tpotMean: number;
  readonly e2eMean: number;
}

export interface ReplayResult {
  readonly folder: string;
  readonly fitted: ReplayErrors;
  readonly transferred: ReplayErrors;
}

/** vLLM's default share of GPU memory: 0.90 until 0.19, 0.92 after (vllm/config/cache.py). */
function memoryShare(version: string, meta: { engine_kwargs?: { gpu_memory_utilization?: number } }): number {
  const given = meta.engine_kwargs?.gpu_memory_utilization;
  if (given !== undefined) return given;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 0 || minor > 19 ? 0.92 : 0.9;
}

function readFolder(folder: string): { server: Server; requests: Recorded[] } {
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const s = JSON.parse(read("server.json")) as ServerFile;
  const meta = JSON.parse(read("meta.json")) as { engine_kwargs?: { gpu_memory_utilization?: number } };
  const requests = read("requests.jsonl")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Recorded)
    .sort((a, b) => a.queued_ts - b.queued_ts);
  const server: Server = {
    model: s.model_id,
    gpu: s.gpu_id,
    tensorParallel: s.tp,
    dataParallel: s.dp,
    expertParallel: s.ep,
    weights: s.weight_dtype,
    kv: s.kv_dtype,
    engine: engineGeneration("vllm", s.vllm_version) as string,
    version: s.vllm_version,
    scheduler: {
      blockSize: s.block_size,
      maxNumSeqs: s.max_num_seqs,
      maxNumBatchedTokens: s.max_num_batched_tokens,
      gpuMemoryUtilization: memoryShare(s.vllm_version, meta),
      ...(s.kv_blocks !== null && { numGpuBlocks: s.kv_blocks }),
    },
  };
  return { server, requests };
}

function timesOf(
  n: number,
  tokens: (i: number) => number,
  at: (i: number) => number,
  first: (i: number) => number,
  last: (i: number) => number,
): Times {
  const ttft = Float64Array.from({ length: n }, (_, i) => first(i) - at(i));
  const e2e = Float64Array.from({ length: n }, (_, i) => last(i) - at(i));
  const tpot = Float64Array.from({ length: n }, (_, i) =>
    tokens(i) > 1 ? (last(i) - first(i)) / (tokens(i) - 1) : NaN,
  );
  return { ttft, tpot, e2e };
}

function measuredTimes(requests: readonly Recorded[]): Times {
  const r = (i: number): Recorded => requests[i] as Recorded;
  return timesOf(
    requests.length,
    (i) => r(i).output_toks,
    (i) => r(i).queued_ts,
    (i) => r(i).first_token_ts,
    (i) => r(i).last_token_ts,
  );
}

function simulatedTimes(run: Run): Times {
  const { requests: q } = run;
  return timesOf(
    q.count,
    (i) => q.outputTokens[i] as number,
    (i) => q.scheduled[i] as number,
    (i) => q.first[i] as number,
    (i) => q.last[i] as number,
  );
}

function mean(values: Float64Array): number {
  const known = values.filter((v) => !Number.isNaN(v));
  return known.reduce((a, b) => a + b, 0) / known.length;
}

function errors(simulated: Times, measured: Times, from: number, to: number): ReplayErrors {
  const off = (of: (t: Times) => number): number => of(simulated) / of(measured) - 1;
  const part = (column: Float64Array): Float64Array => column.subarray(from, to);
  return {
    ttftMean: off((t) => mean(part(t.ttft))),
    ttftP99: off((t) => percentile(part(t.ttft), 99)),
    tpotMean: off((t) => mean(part(t.tpot))),
    e2eMean: off((t) => mean(part(t.e2e))),
  };
}

/** A set with other host constants for one engine generation. */
function withHost(base: RooflineParameters, engine: string, constants: readonly number[]): RooflineParameters {
  const changed = HOST_CONSTANTS.map((name, k) => {
    const value = constants[k] as number;
    return [`${name}.${engine}`, { value, low: value, high: value, source: "fitted on the first requests of the run" }];
  });
  return { ...base, name: `${base.name} + host`, values: { ...base.values, ...Object.fromEntries(changed) } };
}

function withoutFrontEnd(base: RooflineParameters, engine: string): RooflineParameters {
  const none = { value: 0, low: 0, high: 0, source: "times begin at the scheduler" };
  return { ...base, values: { ...base.values, [`ingress.${engine}`]: none } };
}

function hostPrior({ values }: RooflineParameters, engine: string): number[] {
  return HOST_CONSTANTS.map((name) => (values[`${name}.${engine}`] ?? values[`${name}.default`])?.value ?? 0);
}

/** A real run and its two simulations; requests from `head` on were not fitted on. */
export interface Played {
  readonly folder: string;
  readonly server: Server;
  readonly head: number;
  readonly measured: Times;
  readonly fitted: Times;
  readonly transferred: Times;
}

/** Replays one folder: as predicted without seeing it, and with host constants fitted on its first requests. */
export function playFolder(folder: string): Played {
  const { server, requests } = readFolder(folder);
  const start = (requests[0] as Recorded).queued_ts;
  const workload = script(
    requests.map((r) => ({ at: r.queued_ts - start, prompt: r.input_toks, output: r.output_toks })),
  );
  const measured = measuredTimes(requests);
  const n = requests.length;
  const head = Math.min(FITTED_ON, Math.floor(n / 3));
  const replay = (set: RooflineParameters): Times => simulatedTimes(simulate({ ...server, parameters: set }, workload));
  const engine = server.engine as string;
  // `queued_ts` is taken behind the front end.
  const base = withoutFrontEnd(withProfile(parameters.fitted, server), engine);
  const prior = hostPrior(base, engine).map((value) => Math.max(value, 1e-7));
  const loss = (logs: readonly number[]): number => {
    const e = errors(replay(withHost(base, engine, logs.map(Math.exp))), measured, 0, head);
    // A weak pull towards what other runs of this engine showed keeps constants apart that this run can't tell apart.
    const pull = logs.reduce((sum, log, k) => sum + ((log - Math.log(prior[k] as number)) / 2) ** 2, 0);
    return 4 * e.tpotMean ** 2 + 4 * e.e2eMean ** 2 + e.ttftMean ** 2 + 0.25 * e.ttftP99 ** 2 + 1e-5 * pull;
  };
  const best = minimise(loss, prior.map(Math.log));
  return {
    folder: folder.split("/").filter(Boolean).at(-1) ?? folder,
    server,
    head,
    measured,
    fitted: replay(withHost(base, engine, best.map(Math.exp))),
    transferred: replay(base),
  };
}

/** How far both simulations of a run are off. */
export function replayErrors({ folder, head, measured, fitted, transferred }: Played): ReplayResult {
  const n = measured.ttft.length;
  return {
    folder,
    fitted: errors(fitted, measured, head, n),
    transferred: errors(transferred, measured, head, n),
  };
}

/** Every folder below `directory` that holds a run, played. */
export function playAll(directory: string): Played[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .filter((folder) => readdirSync(folder).includes("requests.jsonl"))
    .sort()
    .map(playFolder);
}

export function printReplay(directory: string, json: boolean): void {
  const runs = playAll(directory).map(replayErrors);
  if (json) {
    console.log(JSON.stringify({ runs }));
    return;
  }
  const percent = (x: number): string => `${x >= 0 ? "+" : ""}${(100 * x).toFixed(1)} %`.padStart(9);
  for (const { folder, ...kinds } of runs) {
    console.log(folder);
    for (const [kind, e] of Object.entries(kinds)) {
      console.log(
        `  ${kind.padEnd(12)} TTFT mean${percent(e.ttftMean)}  p99${percent(e.ttftP99)}   TPOT mean${percent(e.tpotMean)}   E2E mean${percent(e.e2eMean)}`,
      );
    }
  }
}
