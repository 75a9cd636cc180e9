/** Shards that are too large to pool: their requests go through sketches, part by part, and are not kept. */
import { Sketch, type SketchJson } from "../../percentiles/sketch.ts";
import { statuses, type MergedFacts, type Run } from "../../run.ts";
import { measure } from "../measure.ts";

export const SKETCH_FORMAT = "perflab-sketch";
export const SKETCH_VERSION = 1;
export const sketchedMetrics = ["ttft", "tpot", "itl", "icl", "e2e"] as const;

/** What is kept of them; times in seconds, rates per second. */
export interface SketchFile {
  readonly format: typeof SKETCH_FORMAT;
  readonly version: typeof SKETCH_VERSION;
  readonly model: string;
  readonly target: string;
  readonly merged: MergedFacts;
  readonly counts: Readonly<Record<string, number>>;
  readonly duration: number;
  readonly requestsPerSecond: number;
  readonly outputTokensPerSecond: number;
  readonly totalTokensPerSecond: number;
  readonly metrics: Readonly<Record<(typeof sketchedMetrics)[number], SketchJson>>;
  readonly notes: readonly string[];
}

export class SketchedRun {
  readonly #sketches = {
    ttft: new Sketch(),
    tpot: new Sketch(),
    itl: new Sketch(),
    icl: new Sketch(),
    e2e: new Sketch(),
  } satisfies Record<(typeof sketchedMetrics)[number], Sketch>;
  readonly #counts = Object.fromEntries(["scheduled", ...statuses].map((name) => [name, 0]));
  readonly #notes = new Set<string>();
  #from = Infinity;
  #to = -Infinity;
  #outputTokens = 0;
  #promptTokens = 0;

  /** Some requests of a shard, by our own definitions. */
  add(part: Run): void {
    const { requests, window, approximate } = measure(part);
    for (const note of approximate) this.#notes.add(note.replace(/\d+ of \d+ /, "some "));
    if (part.requests.count > 0) {
      this.#from = Math.min(this.#from, window.from);
      this.#to = Math.max(this.#to, window.to);
    }
    for (const { record, metrics } of requests) {
      this.#counts["scheduled"]!++;
      this.#counts[record.status]!++;
      if (!metrics) continue;
      this.#outputTokens += metrics.outputTokens;
      this.#promptTokens += record.promptTokens;
      for (const name of ["ttft", "tpot", "e2e"] as const) {
        const value = metrics[name];
        if (value !== undefined) this.#sketches[name].add(Math.max(0, value));
      }
      for (const name of ["itl", "icl"] as const)
        for (const gap of metrics[name]) this.#sketches[name].add(Math.max(0, gap));
    }
  }

  /** `head`: of any of the shards; `notes`: what else a reader must know, by how long the run took, seconds. */
  file(
    { origin }: Pick<Run, "origin">,
    merged: MergedFacts,
    notes: (duration: number) => readonly string[] = () => [],
  ): SketchFile {
    const duration = Math.max(0, this.#to - this.#from);
    const rate = (amount: number): number => (duration > 0 ? amount / duration : 0);
    return {
      format: SKETCH_FORMAT,
      version: SKETCH_VERSION,
      model: origin.kind === "measured" ? origin.model : "",
      target: origin.kind === "measured" ? origin.target : "simulated",
      merged,
      counts: this.#counts,
      duration,
      requestsPerSecond: rate(this.#counts["succeeded"]!),
      outputTokensPerSecond: rate(this.#outputTokens),
      totalTokensPerSecond: rate(this.#outputTokens + this.#promptTokens),
      metrics: Object.fromEntries(
        sketchedMetrics.map((name) => [name, this.#sketches[name].toJSON()]),
      ) as unknown as SketchFile["metrics"],
      notes: [...notes(duration), ...this.#notes],
    };
  }
}
