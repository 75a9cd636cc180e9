/** The estimator's state: what is typed, what came out, what stands beside it, and all of it in the address. */
import { batch, computed, signal } from "@preact/signals";
import { packedOrNull, readHash, unpacked, writeHash } from "../tools/hash-state.ts";
import { WorkerJob, WorkerStopped } from "../tools/worker-job.ts";
import { answer, type Answer } from "./answer.ts";
import { examples } from "./examples.ts";
import { fromParams, isEmpty, MOST_COMPARED, toParams, untouched, type FieldName, type Typed } from "./fields.ts";
import { ratesOf, type Plan, type Problems } from "./plan.ts";
import { read } from "./read.ts";
import type { Refined, RefineQuestion } from "./refine.ts";

/** A pause after which what was typed is simulated. */
const PAUSE = 350;
const SEED = 1;

export type Simulation =
  | { readonly kind: "none" }
  | { readonly kind: "running"; readonly share: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly text: string }
  | { readonly kind: "done"; readonly refined: Refined };

export class EstimatorState {
  readonly typed = signal<Typed>(untouched);
  /** Configurations kept to compare with. */
  readonly kept = signal<readonly Typed[]>([]);
  readonly simulation = signal<Simulation>({ kind: "none" });
  /** What the finder keeps in the address. */
  readonly finder = signal("");
  readonly linkLacks = signal<string | null>(null);
  readonly problem = signal<string | null>(null);
  readonly today = new Date().toISOString().slice(0, 10);
  readonly read = computed(() => read(this.typed.value, this.today));
  readonly empty = computed(() => isEmpty(this.typed.value));
  /** What was simulated of this very plan; null until it is. */
  readonly refined = computed(() => (this.simulation.value.kind === "done" ? this.simulation.value.refined : null));
  readonly answer = computed<Answer | null>(() => {
    const { plan } = this.read.value;
    return plan && answer(plan, this.refined.value?.safe ?? undefined);
  });
  readonly #job = new WorkerJob<RefineQuestion, Refined>(
    () => new Worker(new URL("./estimator-worker.ts", import.meta.url), { type: "module", name: "estimator" }),
  );
  #asked = 0;
  #pause = 0;

  get problems(): Problems {
    return this.read.value.problems;
  }

  /** What the address holds. */
  async restore(): Promise<void> {
    const hash = readHash();
    try {
      const typed = await unpackedConfig(fromParams(hash));
      const kept = await Promise.all(
        hash
          .getAll("beside")
          .slice(0, MOST_COMPARED - 1)
          .map((text) => unpackedConfig(fromParams(new URLSearchParams(text)))),
      );
      batch(() => {
        this.typed.value = typed;
        this.kept.value = kept;
        this.finder.value = hash.get("find") ?? "";
        this.problem.value = null;
      });
    } catch {
      this.problem.value = "This link is damaged: a part of it is missing. Ask for it again.";
    }
    void this.simulate();
  }

  set(change: Partial<Record<FieldName, string>>): void {
    this.typed.value = { ...this.typed.peek(), ...change };
    void this.#remember();
    clearTimeout(this.#pause);
    this.#drop();
    this.#pause = setTimeout(() => void this.simulate(), PAUSE) as unknown as number;
  }

  setFinder(text: string): void {
    this.finder.value = text;
    void this.#remember();
  }

  example(id: string): void {
    const { typed } = examples.find((each) => each.id === id)!;
    this.set({ ...untouched, ...typed });
  }

  clear(): void {
    this.set(untouched);
  }

  keep(): void {
    if (this.kept.peek().length >= MOST_COMPARED - 1) return;
    this.kept.value = [...this.kept.peek(), this.typed.peek()];
    void this.#remember();
  }

  forget(index: number): void {
    this.kept.value = this.kept.peek().filter((_, i) => i !== index);
    void this.#remember();
  }

  /** A kept one becomes the one at hand, and takes its place. */
  swap(index: number): void {
    const other = this.kept.peek()[index]!;
    this.kept.value = this.kept.peek().map((each, i) => (i === index ? this.typed.peek() : each));
    this.set(other);
  }

  /** Of the plan at hand, its busiest hour on one replica. */
  async simulate(): Promise<void> {
    const question = questionOf(this.read.peek().plan);
    this.#drop();
    if (question === null) return;
    const asked = ++this.#asked;
    const told = (simulation: Simulation) => {
      if (asked === this.#asked) this.simulation.value = simulation;
    };
    told({ kind: "running", share: 0 });
    try {
      const refined = await this.#job.ask(question, (share) => told({ kind: "running", share }));
      told({ kind: "done", refined });
    } catch (error) {
      if (error instanceof WorkerStopped) told({ kind: "stopped" });
      else told({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
    }
  }

  /** At the reader's wish. */
  stop(): void {
    this.#job.stop();
    this.#asked++;
    this.simulation.value = { kind: "stopped" };
  }

  /** What is being simulated is not what is typed any more. */
  #drop(): void {
    if (this.simulation.peek().kind === "running") this.#job.stop();
    this.#asked++;
    this.simulation.value = { kind: "none" };
  }

  async #remember(): Promise<void> {
    const lacking: string[] = [];
    const pack = async (typed: Typed): Promise<URLSearchParams> => {
      const packed = typed.config === "" ? "" : await packedOrNull(typed.config);
      if (packed === null) lacking.push("a config.json that is too long for a link");
      return toParams(typed, packed ?? "");
    };
    const [typed, kept] = [this.typed.peek(), this.kept.peek()];
    const hash = await pack(typed);
    for (const each of kept) hash.append("beside", (await pack(each)).toString());
    if (this.finder.peek() !== "") hash.set("find", this.finder.peek());
    if (typed !== this.typed.peek() || kept !== this.kept.peek()) return;
    writeHash(hash);
    this.linkLacks.value = lacking.length > 0 ? `It lacks ${lacking[0]}.` : null;
  }
}

/** Null where there is nothing to simulate. */
export function questionOf(plan: Plan | null): RefineQuestion | null {
  if (!plan?.own) return null;
  const { resolved, server } = plan.own;
  const own = answer({ ...plan, api: null }).own;
  if (!own?.peak) return null;
  const holds = own.memory.cacheTokens / resolved.dataParallel;
  const longest = resolved.scheduler.maxModelLen ?? resolved.model.maxContext;
  return {
    server,
    load: plan.load,
    objective: plan.objective,
    context: Math.floor(Math.min(longest, holds)),
    rate: ratesOf(plan.load).peak,
    replicas: resolved.replicas,
    seed: SEED,
  };
}

async function unpackedConfig(typed: Typed): Promise<Typed> {
  return typed.config === "" ? typed : { ...typed, config: await unpacked(typed.config) };
}
