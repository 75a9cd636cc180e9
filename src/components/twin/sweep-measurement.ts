/** A sweep measured from the page: what it will send, said before, then load after load until it is done or stopped. */
import { computed, signal } from "@preact/signals";
import { toJsonl } from "../../engine/metrics/interchange/index.ts";
import type { Run } from "../../engine/run.ts";
import type { Workload } from "../../engine/workload/types.ts";
import { allotmentOf, DEFAULT_WARMUP } from "../../endpoint/allotment.ts";
import type { EndpointTarget } from "../../endpoint/target.ts";
import { dollars } from "../../lab/spend.ts";
import { measurer } from "../lab/measurer.ts";
import { readTyped } from "../tools/read-typed.ts";
import { rowOfRun } from "./read-sweep.ts";
import type { TwinState } from "./twin-state.ts";

export const usualSweep = { loads: "1, 2, 4, 8, 16", prompt: "512", output: "64", requests: "10" } as const;
export type SweepField = keyof typeof usualSweep;

/** Times its users that a load has requests, so that most of them meet the others. */
const rounds = 3;
const mostRequests = 2000;

export class SweepMeasurement {
  readonly typed = signal<Readonly<Record<SweepField, string>>>(usualSweep);
  readonly plan = computed(() => planOf(this.typed.value));
  /** What is asked before anything is sent; null while nothing is asked. */
  readonly question = signal<string | null>(null);
  /** What is being measured, in words; null while nothing is. */
  readonly now = signal<{ readonly text: string; readonly share: number } | null>(null);
  readonly said = signal("");
  readonly runs = signal<readonly Run[]>([]);
  #abort = new AbortController();

  type(part: Partial<Record<SweepField, string>>): void {
    this.typed.value = { ...this.typed.peek(), ...part };
    this.question.value = null;
  }

  /** Says what would be sent, and asks. */
  ask(target: EndpointTarget): void {
    const plan = this.plan.peek();
    if (!("workloads" in plan)) return;
    const count = (n: number) => Math.ceil(n).toLocaleString("en-GB");
    const all = plan.workloads.map((workload) => allotmentOf(workload));
    const requests = all.reduce((sum, each) => sum + each.requests, 0);
    const tokens = all.reduce((sum, each) => sum + each.tokens, 0);
    const price =
      target.price && "input" in target.price ? Math.max(target.price.input, target.price.output) : undefined;
    const cost = price === undefined ? "" : `, at most ${dollars((tokens * price) / 1e6)},`;
    this.question.value = `This sends ${count(requests)} requests with up to ${count(tokens)} tokens${cost} to ${target.label}, ${plan.workloads.length} loads one after another, warm-ups included.`;
  }

  async measure(target: EndpointTarget, state: TwinState): Promise<void> {
    const plan = this.plan.peek();
    this.question.value = null;
    if (!("workloads" in plan)) return;
    this.#abort = new AbortController();
    const { signal: stopped } = this.#abort;
    this.said.value = "";
    const failures: string[] = [];
    try {
      for (const [i, workload] of plan.workloads.entries()) {
        if (stopped.aborted) break;
        const users = plan.users[i]!;
        const say = (share: number) => {
          const text = `${users} ${users === 1 ? "user" : "users"}, load ${i + 1} of ${plan.workloads.length}`;
          this.now.value = { text, share: (i + share) / plan.workloads.length };
        };
        say(0);
        const { requests, tokens } = allotmentOf(workload);
        const run = await measurer.measure(target, workload, {
          warmup: DEFAULT_WARMUP,
          signal: stopped,
          budget: { requests, tokens },
          onProgress: (done, of) => say(of > 0 ? done / of : 0),
          onLoading: () => undefined,
        });
        if (stopped.aborted) break;
        this.runs.value = [...this.runs.peek(), run];
        try {
          state.addRows([rowOfRun(run, `measured, ${target.label}`)]);
        } catch {
          const why = run.failures?.[0]?.message ?? "no request succeeded";
          failures.push(`${users} ${users === 1 ? "user" : "users"}: ${why}`);
        }
      }
      this.said.value = stopped.aborted
        ? "Stopped. Loads that were finished are in the table."
        : failures.length === 0
          ? "Measured: the points are in the table."
          : `Some loads gave no point. ${failures.join(" ")}`;
    } catch (error) {
      this.said.value = error instanceof Error ? error.message : String(error);
    } finally {
      this.now.value = null;
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  /** The runs in full, for perflab and the other tools of this site. */
  file(): string {
    return this.runs.peek().map(toJsonl).join("");
  }
}

type Plan =
  | { readonly workloads: readonly Workload[]; readonly users: readonly number[] }
  | { readonly problems: Readonly<Partial<Record<SweepField, string>>> };

function planOf(typed: Readonly<Record<SweepField, string>>): Plan {
  const problems: Partial<Record<SweepField, string>> = {};
  const users = typed.loads
    .split(/[\s,;]+/)
    .filter((text) => text !== "")
    .map(Number);
  if (users.length === 0 || users.length > 20 || users.some((n) => !Number.isInteger(n) || n < 1 || n > 1000))
    problems.loads = "up to 20 whole numbers from 1 to 1,000, with commas between them";
  const whole = (field: "prompt" | "output" | "requests", most: number): number => {
    const value = readTyped(typed[field]);
    if (!Number.isInteger(value) || value < 1 || value > most)
      problems[field] = `a whole number from 1 to ${most.toLocaleString("en-GB")}`;
    return value;
  };
  const prompt = whole("prompt", 100_000);
  const output = whole("output", 10_000);
  const requests = whole("requests", mostRequests);
  if (Object.keys(problems).length > 0) return { problems };
  return {
    users,
    workloads: users.map((n) => ({
      arrivals: { kind: "closed", users: n },
      prompt: { kind: "fixed", value: prompt },
      output: { kind: "fixed", value: output },
      requests: Math.min(mostRequests, Math.max(requests, rounds * n)),
    })),
  };
}
