/** Turns what the engines left in the columns into a Run, as the client saw it. */
import type { Run } from "../../run.ts";
import type { Server } from "../../server.ts";
import type { Workload } from "../../workload/types.ts";
import { fetchesPrompts } from "../build.ts";
import type { Setup } from "../setup.ts";
import type { Ending } from "./endings.ts";
import type { Load } from "../clients/load.ts";
import type { Replica } from "../replicas/replica.ts";
import { status, type Requests } from "../requests.ts";

/** Version of the simulator's rules, kept with every run. */
export const SIMULATOR_VERSION = "1";

interface Parts {
  readonly server: Server;
  readonly seed: number;
  readonly workload: Workload;
  readonly setup: Setup;
  readonly load: Load;
  readonly replicas: readonly Replica[];
  readonly rtt: number;
  readonly ending: Ending | undefined;
}

export function assembleRun({ server, seed, workload, setup, load, replicas, rtt, ending }: Parts): Run {
  const { requests: r, model, recorder } = setup;
  const n = load.rows;
  const half = rtt / 2;
  let end = 0;
  for (const replica of replicas) end = Math.max(end, replica.clock);
  const busySeconds = replicas.reduce((sum, replica) => sum + replica.busy, 0);
  const busy = end > 0 ? busySeconds / (end * replicas.length) : 0;
  const scheduled = load.scheduledAt.slice(0, n);
  const started = load.startedAt.slice(0, n);
  const headers = shifted(r.arrived, n, half);
  const first = shifted(r.first, n, half);
  const closed = shifted(r.closed, n, half);
  const { itl, chunks, timeline } = recorder.columns(model, busy);
  if (chunks && half > 0) for (let k = 0; k < chunks.t.length; k++) chunks.t[k] = (chunks.t[k] as number) + half;
  return {
    origin: { kind: "simulated", server, seed },
    workload,
    versions: { simulator: SIMULATOR_VERSION, parameters: setup.server.parameters.name },
    ...(ending && { ended: ending }),
    requests: {
      count: n,
      scheduled,
      started,
      headers,
      firstEvent: first.slice(),
      first,
      last: shifted(r.last, n, half),
      closed,
      promptTokens: r.prompt.slice(0, n),
      cachedTokens: r.cached.slice(0, n),
      outputTokens: r.generated.slice(0, n),
      tokenSource: new Uint8Array(n),
      status: r.status.slice(0, n),
      preemptions: r.preemptions.slice(0, n),
      replica: r.replica.slice(0, n),
    },
    ...(chunks && { chunks }),
    itl,
    explain: explainColumns(r, n, setup),
    timeline,
  };
}

function shifted(column: Float64Array, n: number, by: number): Float64Array {
  const out = column.slice(0, n);
  if (by > 0) for (let i = 0; i < n; i++) out[i] = (out[i] as number) + by;
  return out;
}

function explainColumns(r: Requests, n: number, setup: Setup): NonNullable<Run["explain"]> {
  const interference = new Float64Array(n).fill(NaN);
  const decode = new Float64Array(n).fill(NaN);
  const fetches = fetchesPrompts(setup);
  for (let i = 0; i < n; i++) {
    const first = r.first[i] as number;
    const transfer = r.transfer[i] as number;
    interference[i] = first - (r.admitted[i] as number) - (r.prefill[i] as number) - (r.preemption[i] as number);
    if (fetches) interference[i] = (interference[i] as number) - transfer;
    if (r.status[i] !== status.succeeded) continue;
    decode[i] =
      (r.last[i] as number) -
      first -
      (r.decodeInterference[i] as number) -
      (r.decodePreemption[i] as number) -
      (fetches ? 0 : transfer);
  }
  return {
    ...(setup.server.disaggregated && { [fetches ? "fetch" : "transfer"]: r.transfer.slice(0, n) }),
    queue: r.queue.slice(0, n),
    prefill: r.prefill.slice(0, n),
    interference,
    preemption: r.preemption.slice(0, n),
    decode,
    decodeInterference: r.decodeInterference.slice(0, n),
    decodePreemption: r.decodePreemption.slice(0, n),
  };
}
