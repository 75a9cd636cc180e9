/** `npm run bench:client`: our client beside bare node:http, undici and fetch, against the emission log of the simulated endpoint. */
import { planOf } from "../src/engine/benchmark/plan.ts";
import { requestId } from "../src/engine/benchmark/request-id.ts";
import { runLoad } from "../src/engine/benchmark/load.ts";
import { bodyShapes, requestBody } from "../src/engine/benchmark/request-body.ts";
import { summarize } from "../src/engine/metrics/summarize.ts";
import type { Run } from "../src/engine/run.ts";
import { constant } from "../src/engine/workload/arrivals.ts";
import { fixed } from "../src/engine/workload/lengths.ts";
import type { Workload } from "../src/engine/workload/types.ts";
import { httpTransport } from "../src/endpoint/node/http-transport.ts";
import { monotonic, nodeClock } from "../src/endpoint/node/node-clock.ts";
import { warmOwnCode } from "../src/endpoint/node/warm-own-code.ts";
import { startBenchEndpoint, type BenchEndpoint } from "./client-endpoint.ts";
import { bareHttp, globalFetch, undici, type Peer } from "./client-peers.ts";

interface Row {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
}

interface Load {
  readonly streams: number;
  readonly lockstep: boolean;
  readonly ttft: number;
  readonly itl: number;
  readonly tokens: number;
}

interface Score {
  readonly p50: number;
  readonly p99: number;
  /** CPU of this process a chunk, µs. */
  readonly cpu: number;
  readonly chunksPerSecond: number;
}

/** Each load is kept up for so many lifetimes of a stream. */
const LIFETIMES = 2;
const TTFT = 0.1;
const TOKENS = 100;
const shape = bodyShapes("chat", true)[0]!;
const wantsJson = process.argv.includes("--json");
const quick = process.argv.includes("--quick");
const say = (text: string): void => void process.stderr.write(text);

const endpoint = await startBenchEndpoint();
const target = { label: "bench", baseUrl: endpoint.url, model: "bench" };
const rows: Row[] = [];
try {
  await bench();
} finally {
  endpoint.close();
}
process.stdout.write(
  wantsJson
    ? `${JSON.stringify({ bench: "client", rows })}\n`
    : `${rows.map(({ id, value, unit, peer, peerValue, ratio }) => `${id.padEnd(40)}${value.toPrecision(3).padStart(10)} ${unit.padEnd(4)}${peer === null ? "" : ` ${peer} ${peerValue!.toPrecision(3)} ratio ${ratio!.toPrecision(3)}`}`).join("\n")}\n`,
);
process.exit(0);

async function bench(): Promise<void> {
  warmOwnCode();
  await everyone({ streams: 16, lockstep: false, ttft: 0.02, itl: 0.005, tokens: 50 }, 1);
  for (const lockstep of [false, true]) {
    for (const streams of quick ? [128] : [1, 32, 128, 512]) {
      // 512 streams at 20 ms would be 25 thousand chunks a second, more than the endpoint itself can write on one core.
      const load = { streams, lockstep, ttft: TTFT, itl: streams > 128 ? 0.05 : 0.02, tokens: TOKENS };
      const trials = streams === 128 ? 3 : 1;
      record(load, await everyone(load, trials));
    }
  }
  await thousandStreams();
  await limitedClient();
}

/** Every client under the same load, in an order that rotates from trial to trial; medians. */
async function everyone(load: Load, trials: number): Promise<Map<string, Score>> {
  const clients: [string, () => Promise<Score>][] = [
    ["ours", () => ours(load)],
    ...[bareHttp, undici, globalFetch].map((make): [string, () => Promise<Score>] => [
      make().name,
      () => peer(make(), load),
    ]),
  ];
  const scores = new Map<string, Score[]>();
  for (let trial = 0; trial < trials; trial++) {
    for (let k = 0; k < clients.length; k++) {
      const [name, run] = clients[(k + trial) % clients.length]!;
      await endpoint.pace(load.ttft, load.itl, load.lockstep);
      scores.set(name, [...(scores.get(name) ?? []), await run()]);
    }
  }
  return new Map([...scores].map(([name, all]) => [name, medians(all)]));
}

function workloadOf(load: Load): Workload {
  const lifetime = load.ttft + load.itl * load.tokens;
  return {
    arrivals: constant(load.streams / lifetime),
    prompt: fixed(20),
    output: fixed(load.tokens),
    requests: Math.max(4, load.streams * LIFETIMES),
  };
}

async function ourRun(workload: Workload): Promise<Run> {
  const transport = httpTransport(target);
  const salt = Math.floor(Math.random() * 2 ** 31);
  const run = await runLoad(transport, nodeClock, undefined, workload, planOf(workload), {
    target: "bench",
    model: "bench",
    shape,
    salt,
  });
  transport.close();
  return run;
}

async function ours(load: Load): Promise<Score> {
  const cpu = process.cpuUsage();
  const began = monotonic();
  const run = await ourRun(workloadOf(load));
  const used = process.cpuUsage(cpu);
  const seconds = monotonic() - began;
  const first = new Map<string, number>();
  for (let i = 0; i < run.requests.count; i++) first.set(idOf(run, i), run.requests.first[i]! + run.measurement!.zero);
  return score(
    await excess(endpoint, first),
    used,
    run.requests.outputTokens.reduce((sum, n) => sum + n, 0),
    seconds,
  );
}

function idOf(run: Run, request: number): string {
  return requestId(run.measurement!.salt, request);
}

async function peer(client: Peer, load: Load): Promise<Score> {
  const workload = workloadOf(load);
  const plan = planOf(workload);
  const url = `${endpoint.url}/chat/completions`;
  const first = new Map<string, number>();
  const cpu = process.cpuUsage();
  const zero = monotonic();
  let chunks = 0;
  await Promise.all(
    plan.requests.map(
      (spec, i) =>
        new Promise<void>((resolve, reject) => {
          const body = requestBody(shape, "bench", [{ role: "user", content: `count ${i}` }], spec.output);
          nodeClock.at(zero + spec.at, () => {
            const id = `${client.name}-${zero}-${i}`;
            client.stream(url, id, body).then((heard) => {
              first.set(id, heard.first);
              chunks += heard.chunks;
              resolve();
            }, reject);
          });
        }),
    ),
  );
  const used = process.cpuUsage(cpu);
  const seconds = monotonic() - zero;
  await client.close();
  return score(await excess(endpoint, first), used, chunks, seconds);
}

/** Read minus emitted, of the first token of every stream, seconds. */
async function excess(from: BenchEndpoint, first: ReadonlyMap<string, number>): Promise<number[]> {
  const { requests } = await from.log();
  return requests.flatMap(({ requestId, first: emitted }) => {
    const read = first.get(requestId);
    return read === undefined ? [] : [read - emitted];
  });
}

function score(excesses: readonly number[], cpu: NodeJS.CpuUsage, chunks: number, seconds: number): Score {
  return {
    p50: quantile(excesses, 0.5),
    p99: quantile(excesses, 0.99),
    cpu: (cpu.user + cpu.system) / chunks,
    chunksPerSecond: chunks / seconds,
  };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

function medians(scores: readonly Score[]): Score {
  const of = (pick: (score: Score) => number): number => quantile(scores.map(pick), 0.5);
  return {
    p50: of((s) => s.p50),
    p99: of((s) => s.p99),
    cpu: of((s) => s.cpu),
    chunksPerSecond: of((s) => s.chunksPerSecond),
  };
}

/** Staggered rows carry the budget's ids; lockstep rows say so in theirs. */
function record({ streams, lockstep }: Load, scores: ReadonlyMap<string, Score>): void {
  const suffix = `${streams}${lockstep ? ".lockstep" : ""}`;
  const own = scores.get("ours")!;
  say(
    `${suffix.padEnd(14)} ${[...scores].map(([name, { p50, p99, cpu, chunksPerSecond }]) => `${name} ${(p50 * 1000).toFixed(2)}/${(p99 * 1000).toFixed(2)} ms ${cpu.toFixed(1)} µs (${Math.round(chunksPerSecond)}/s)`).join("  ")}\n`,
  );
  for (const [peerName, theirs] of scores) {
    if (peerName === "ours") continue;
    const tail = peerName === "node:http" ? "" : `.vs.${peerName}`;
    rows.push(row(`client.ttftExcess.p50.${suffix}${tail}`, own.p50 * 1000, "ms", peerName, theirs.p50 * 1000));
    rows.push(row(`client.ttftExcess.p99.${suffix}${tail}`, own.p99 * 1000, "ms", peerName, theirs.p99 * 1000));
    if (streams === (quick ? 128 : 512) && !lockstep)
      rows.push(row(`client.cpuPerChunk.us${tail}`, own.cpu, "µs", peerName, theirs.cpu));
  }
}

function row(
  id: string,
  value: number,
  unit: string,
  peerName: string | null = null,
  peerValue: number | null = null,
): Row {
  return { id, value, unit, peer: peerName, peerValue, ratio: peerValue === null ? null : value / peerValue };
}

/** A thousand streams at ten tokens a second: how long after its emission each chunk was stamped. */
async function thousandStreams(): Promise<void> {
  await endpoint.pace(TTFT, 0.1, false);
  const lifetime = TTFT + 0.1 * 60;
  const run = await ourRun({
    arrivals: constant(1000 / lifetime),
    prompt: fixed(20),
    output: fixed(60),
    requests: 1200,
  });
  const late: number[] = [];
  const times = new Map<number, number[]>();
  const { t, request, tokens } = run.chunks!;
  for (let k = 0; k < t.length; k++)
    if (tokens[k]! > 0) times.set(request[k]!, [...(times.get(request[k]!) ?? []), t[k]! + run.measurement!.zero]);
  for (let i = 0; i < run.requests.count; i += 10) {
    const emitted = await endpoint.emissions(idOf(run, i));
    times.get(i)?.forEach((time, k) => emitted[k] !== undefined && late.push(time - emitted[k]));
  }
  const served = run.requests.status.filter((status) => status === 0).length;
  rows.push(
    row("client.lateness.p50.1000", quantile(late, 0.5) * 1000, "ms"),
    row("client.lateness.p99.1000", quantile(late, 0.99) * 1000, "ms"),
    row("client.served.1000", served / run.requests.count, ""),
    row("client.peakInFlight.1000", run.measurement!.peakInFlight, ""),
  );
}

/** The client must notice when it is itself too slow: here its event loop is blocked for 30 ms out of every 50. */
async function limitedClient(): Promise<void> {
  await endpoint.pace(TTFT, 0.02, false);
  const block = setInterval(() => {
    const until = monotonic() + 0.03;
    while (monotonic() < until);
  }, 50);
  const run = await ourRun(workloadOf({ streams: 16, lockstep: false, ttft: TTFT, itl: 0.02, tokens: 50 }));
  clearInterval(block);
  rows.push(row("client.limited.detected", summarize(run).clientLimited ? 1 : 0, ""));
}
