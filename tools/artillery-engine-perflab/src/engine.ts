/** Artillery's engine `perflab`: each virtual user starts our client with its slice of one schedule. */
import { measureFromNode } from "../../../src/endpoint/node/measure-from-node.ts";
import type { EndedRequest } from "../../../src/engine/benchmark/load-options.ts";
import { loadOf } from "../../../src/server/commands/bench.ts";
import { measureOptionsOf } from "../../../src/server/commands/measuring.ts";
import { saveRun } from "../../../src/server/commands/run-file.ts";
import { shardOptionsOf } from "../../../src/server/commands/shard-options.ts";
import { targetOf } from "../../../src/server/commands/target-options.ts";
import { flagsOf, sliceOf, type EngineConfig, type WorkerPhase } from "./script.ts";

/** What Artillery gives an engine and hears from it (its core/runner.ts, 2.0.34). */
interface Emitter {
  emit(event: "started"): void;
  emit(event: "counter" | "histogram", name: string, value: number): void;
  emit(event: "rate" | "error", name: string): void;
}
interface Script {
  readonly config: {
    readonly target: string;
    readonly perflab?: EngineConfig;
    readonly phases?: readonly WorkerPhase[];
  };
}
interface Scenario {
  readonly flow: readonly Readonly<Record<string, unknown>>[];
}
type Done = (error: Error | null, context: unknown) => void;

export default class PerflabEngine {
  readonly #script: Script;
  #users = 0;

  constructor(script: Script) {
    this.#script = script;
  }

  createScenario({ flow }: Scenario, events: Emitter): (context: unknown, done: Done) => void {
    return (context, done) => {
      events.emit("started");
      const ordinal = this.#users++;
      this.#run(flow, ordinal, events).then(
        () => done(null, context),
        (error: Error) => {
          // The message is the only place where Artillery shows it.
          process.stderr.write(`perflab: ${error.message}\n`);
          events.emit("error", error.name);
          done(error, context);
        },
      );
    };
  }

  async #run(flow: Scenario["flow"], ordinal: number, events: Emitter): Promise<void> {
    const { target, perflab = {}, phases = [] } = this.#script.config;
    const slice = sliceOf(perflab, phases[0] ?? {}, ordinal);
    for (const step of flow) {
      const bench = step["bench"];
      if (typeof bench !== "object" || bench === null)
        throw new Error(`a step of the engine perflab is \`bench:\` with options of perflab bench, not ${Object.keys(step).join(", ")}`);
      const flags = flagsOf(bench as Readonly<Record<string, unknown>>, target, perflab, slice);
      const { workload, saying } = await loadOf(flags);
      const endpoint = await targetOf(flags);
      const part = await shardOptionsOf(flags, endpoint, saying, new AbortController().signal);
      const run = await measureFromNode(endpoint, workload, {
        ...measureOptionsOf(flags),
        ...saying,
        ...part,
        onRequest: (ended) => report(ended, events),
      });
      if (typeof flags.saveResult === "string") await saveRun(run, flags.saveResult, flags.format);
      if (run.origin.kind === "measured") events.emit("histogram", "perflab.client_lag", run.origin.clientLag * 1000);
    }
  }
}

/** Live, into Artillery's own histograms: ms, as its others. */
function report({ ttft, tpot, e2e, outputTokens, failure }: EndedRequest, events: Emitter): void {
  events.emit("counter", "perflab.requests", 1);
  events.emit("rate", "perflab.request_rate");
  if (failure) {
    events.emit("counter", "perflab.failed", 1);
    events.emit("error", `perflab.${failure}`);
    return;
  }
  events.emit("counter", "perflab.output_tokens", outputTokens);
  for (const [name, value] of Object.entries({ ttft, tpot, e2e }))
    if (!Number.isNaN(value)) events.emit("histogram", `perflab.${name}`, value * 1000);
}
