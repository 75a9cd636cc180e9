/** Proves a lab in this tab: compiled by the page's compiler, run in the sandbox that learners get. Changed solutions are for check:labs, which has a parser for them. */
import { CompileClient } from "../../lab/compile/client.ts";
import { faultsOf, learnerModules, modulesFor } from "../../lab/compile/lab-code.ts";
import { fetchTrace } from "../../lab/fetch-trace.ts";
import type { Fault } from "../../lab/fault.ts";
import { readLab, type LabSources } from "../../lab/lab-sources.ts";
import type { LabReport, Prover } from "../../lab/proof.ts";
import { proveLab } from "../../lab/prove.ts";
import { Sandbox } from "../../lab/sandbox/sandbox.ts";
import { someSeeds } from "../../lab/seeds.ts";
import type { LabUrls } from "../../lab/setup.ts";
import { tracesOf } from "../../lab/traces.ts";
import { runTrial } from "../../lab/trial.ts";

export const seeds = someSeeds(5);

export interface Proof {
  readonly report: LabReport | null;
  readonly faults: readonly Fault[];
  /** Seconds. */
  readonly took: number;
}

export interface ProofWatch {
  /** Stops it: what is under way is ended, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Hears of every run that has ended. */
  onRun?(done: number): void;
}

/** `texts`: the lab's files by name. */
export async function proveInTab(
  id: string,
  texts: Readonly<Record<string, string>>,
  urls: LabUrls,
  { signal, onRun }: ProofWatch = {},
): Promise<Proof> {
  const began = performance.now();
  const took = () => (performance.now() - began) / 1000;
  const { sources, faults } = readLab(id, (file) => texts[file]);
  if (sources === undefined) return { report: null, faults, took: took() };
  const tools = toolsFor(sources, urls, signal, onRun);
  try {
    const proof = proveLab(sources, tools, { seeds, mutants: null, thorough: false });
    const report = await (signal === undefined ? proof : Promise.race([proof, aborted(signal)]));
    return { report, faults: [...faults, ...report.faults], took: took() };
  } finally {
    tools.dispose();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );
}

/** Compiler and sandbox of one proof, so that stopping it stops nothing else on the page. */
export function toolsFor(
  sources: LabSources,
  urls: LabUrls,
  signal?: AbortSignal,
  onRun?: (done: number) => void,
): Prover & { dispose(): void } {
  const compiler = new CompileClient({ worker: urls.compileWorker, wasm: urls.compileWasm }, learnerModules);
  const sandbox = new Sandbox(urls.sandbox);
  let done = 0;
  const shipped = urls.traces ?? {};
  return {
    async compile(file, code) {
      const result = await compiler.compile({ ...sources.files, "main.ts": code }, modulesFor(file));
      return result.ok ? { compiled: result.compiled } : { faults: faultsOf(result.problems, sources.at, file) };
    },
    async run(job) {
      signal?.throwIfAborted();
      const names = tracesOf(sources.definition.traces, `${job.code}\n${job.checks ?? ""}`, Object.keys(shipped));
      const traces = await Promise.all(names.map((name) => fetchTrace(name, shipped[name]!)));
      signal?.throwIfAborted();
      const trial = await runTrial(sandbox, { ...job, traces });
      onRun?.(++done);
      return trial;
    },
    dispose() {
      compiler.dispose();
      sandbox.dispose();
    },
  };
}
