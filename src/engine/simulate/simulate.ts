/** `simulate`: the clients, the router and the replicas, and the loop that lets time pass between them. */
import { resolveServer } from "../resolve.ts";
import { InputError } from "../errors.ts";
import { checkOptions, optionsOf } from "../options.ts";
import type { Run } from "../run.ts";
import type { Server } from "../server.ts";
import type { StepModel } from "../step/types.ts";
import type { RequestTable } from "../workload/request-table.ts";
import { drawTable } from "../workload/table.ts";
import type { Workload } from "../workload/types.ts";
import { buildReplica, modelOf, refuseTooLong, replicaCount } from "./build.ts";
import type { Setup } from "./setup.ts";
import { endings, type Ending } from "./record/endings.ts";
import { loadOf, type Load } from "./clients/load.ts";
import { Recorder } from "./record/recorder.ts";
import type { Replica } from "./replicas/replica.ts";
import { Requests } from "./requests.ts";
import { assembleRun } from "./record/result.ts";
import { routerOf, type Router } from "./replicas/router.ts";
import type { SimulateOptions } from "./types.ts";

/**
 * Serves a workload on a simulated server. Same server, workload and seed: same bits, in every JavaScript engine. A workload
 * that can never finish gives the partial Run, with `ended` saying why. Throws InputError on bad input.
 */
export function simulate(server: Server, workload: Workload, options: SimulateOptions = {}): Run {
  return run(server, workload, options, false);
}

/**
 * The same, visiting every sequence in every step: what the faster way is tested against. `model` puts another price on steps, to
 * compare schedules with simulators that have a cost model of their own.
 */
export function simulateStepwise(
  server: Server,
  workload: Workload,
  options: SimulateOptions = {},
  model?: StepModel,
): Run {
  return run(server, workload, options, true, model);
}

const simulateOptions = optionsOf<SimulateOptions>({ policy: "anything", record: "anything", onProgress: "anything" });

function checkSimulateOptions(options: SimulateOptions): void {
  checkOptions("options", options, simulateOptions);
  const { policy, record, onProgress } = options;
  if (policy !== undefined && typeof policy !== "function")
    throw new InputError("options.policy", policy, "a function: (state) => ({ decode, prefill })");
  if (record !== undefined && record !== "requests" && record !== "chunks")
    throw new InputError("options.record", record, '"requests" or "chunks"');
  if (onProgress !== undefined && typeof onProgress !== "function")
    throw new InputError("options.onProgress", onProgress, "a function: (fraction) => true, or false to stop");
}

function run(server: Server, workload: Workload, options: SimulateOptions, stepwise: boolean, priced?: StepModel): Run {
  checkSimulateOptions(options);
  const resolved = resolveServer(server);
  refuseTooLong(server.scheduler?.maxModelLen, resolved);
  const seed = workload?.seed ?? 0;
  const table = drawTable(workload, seed);
  const requests = fill(table);
  const count = replicaCount(resolved);
  const model = priced ?? modelOf(resolved);
  // The network and the engine's front end, half of it on the way in. A price of the caller's own knows no front end.
  const outside = resolved.rtt + (priced ? 0 : resolved.ingress);
  const setup: Setup = {
    server: resolved,
    model,
    requests,
    segments: table.segments,
    recorder: new Recorder(count, options.record === "chunks" ? table : undefined),
    seed,
    stepwise,
    ...(options.policy && { policy: options.policy }),
  };
  const replicas: Replica[] = [];
  for (let k = 0; k < count; k++) replicas.push(buildReplica(setup, k));
  const load = loadOf(table, workload);
  const loop = new Loop(load, routerOf(resolved, count, table.segments), replicas, requests, outside);
  const ending =
    explained(loop.run(options.onProgress), options) ?? (table.endless ? endings.endless(loop.waiting) : undefined);
  for (const replica of replicas) replica.settle();
  return assembleRun({ server, seed, workload, setup, load, replicas, rtt: outside, ending });
}

/** Under a learner's policy a dead end is the policy's doing. */
function explained(ending: Ending | undefined, options: SimulateOptions): Ending | undefined {
  return ending?.reason === "neverFits" && options.policy ? endings.idlePolicy() : ending;
}

/** The table's requests as columns that the engines fill in. */
function fill(table: RequestTable): Requests {
  const requests = new Requests(table.count);
  requests.count = table.count;
  requests.prompt.set(table.prompt);
  requests.output.set(table.output);
  if (table.priority) requests.priority.set(table.priority);
  if (table.cancelAfter) {
    // Seconds from departure for now; a time once the request has left.
    requests.deadline.set(table.cancelAfter);
    for (let i = 0; i < table.count; i++) requests.cancels[i] = (table.cancelAfter[i] as number) < Infinity ? 1 : 0;
  }
  return requests;
}

class Loop {
  readonly #load: Load;
  readonly #router: Router;
  readonly #replicas: readonly Replica[];
  readonly #requests: Requests;
  readonly #half: number;
  #done = 0;

  constructor(load: Load, router: Router, replicas: readonly Replica[], requests: Requests, rtt: number) {
    this.#load = load;
    this.#router = router;
    this.#replicas = replicas;
    this.#requests = requests;
    this.#half = rtt / 2;
  }

  get waiting(): number {
    return this.#replicas.reduce((sum, replica) => sum + replica.load, 0);
  }

  /** Runs to the end; returns why it ended early, if it did. */
  run(onProgress: SimulateOptions["onProgress"]): Ending | undefined {
    const load = this.#load;
    for (let turn = 0; ; turn++) {
      const arrival = load.peek() + this.#half;
      if (arrival === Infinity && this.#replicas.every((replica) => replica.idle)) return undefined;
      const stuck = this.#advance(arrival);
      if (stuck) return stuck;
      if ((turn & 255) === 0 && onProgress?.(this.#done / this.#requests.count) === false) return endings.stopped();
      if (load.peek() + this.#half === arrival && arrival < Infinity) this.#deliver(arrival);
    }
  }

  /** Lets the replicas run until the next arrival, or until something ended that may cause one. */
  #advance(arrival: number): Ending | undefined {
    const replicas = this.#replicas;
    if (!this.#load.reactive) {
      for (const replica of replicas) {
        if (!replica.advance(arrival, false)) return endings.stuck(this.#requests, replica.stuckOn);
        this.#done += replica.ended.length;
      }
      return undefined;
    }
    for (;;) {
      let first: Replica | undefined;
      let second = Infinity;
      for (const replica of replicas) {
        if (replica.idle || replica.clock >= arrival) continue;
        if (!first || replica.clock < first.clock) {
          second = first?.clock ?? Infinity;
          first = replica;
        } else second = Math.min(second, replica.clock);
      }
      if (!first) return undefined;
      const until = Math.min(arrival, second === first.clock ? second + 1e-12 : second);
      if (!first.advance(until, true)) return endings.stuck(this.#requests, first.stuckOn);
      const { ended } = first;
      for (let k = 0; k < ended.length; k++) {
        const i = ended.at(k) as number;
        this.#done++;
        this.#load.ended(i, (this.#requests.closed[i] as number) + this.#half);
      }
      if (ended.length > 0 && this.#load.peek() + this.#half < arrival) return undefined;
    }
  }

  /** The next request leaves its client and reaches a replica. */
  #deliver(now: number): void {
    const i = this.#load.take();
    if (i < 0) return;
    this.#requests.deadline[i] = now + (this.#requests.deadline[i] as number);
    const replicas = this.#replicas;
    const chosen =
      replicas.length === 1
        ? 0
        : this.#router(
            i,
            replicas.map((r) => r.load),
          );
    const replica = replicas[chosen] as Replica;
    if (!replica.submit(i, now)) {
      this.#done++;
      this.#load.ended(i, now + this.#half);
    }
  }
}
