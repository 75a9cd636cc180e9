/** What a run leaves behind besides its per-request columns: gaps between tokens, token times, and the server over time. */
import type { ChunkColumns, ItlHistogram, Timeline } from "../../run.ts";
import type { StepFeatures, StepModel } from "../../step/types.ts";
import { GapHistogram } from "./histogram.ts";
import { TimelineSampler } from "./timeline.ts";
import { TokenTimes } from "./token-times.ts";

/** The part of an engine that the timeline shows. */
export interface Observed {
  readonly replica: number;
  readonly runningCount: number;
  readonly features: StepFeatures;
  readonly waiting: { readonly size: number };
  readonly kv: { readonly capacity: number; readonly free: number };
}

export class Recorder {
  readonly gaps = new GapHistogram();
  readonly timeline: TimelineSampler;
  readonly times: TokenTimes | undefined;

  constructor(replicas: number, chunks: { readonly output: Uint32Array } | undefined) {
    this.timeline = new TimelineSampler(replicas);
    this.times = chunks ? new TokenTimes(chunks.output) : undefined;
  }

  /** Request i received tokens [before, before + n) at time t; its previous token came at `previous` (NaN: none). */
  tokens(i: number, before: number, n: number, t: number, previous: number): void {
    if (before > 0) this.gaps.add(t - previous, 1);
    if (n > 1) this.gaps.add(0, n - 1);
    this.times?.add(i, before, n, t);
  }

  step(engine: Observed, t: number): void {
    if (this.timeline.due(engine.replica)) this.sample(engine, t);
  }

  sample(engine: Observed, t: number): void {
    const { features: f, kv } = engine;
    this.timeline.sample(engine.replica, t, f, kv.capacity - kv.free, engine.waiting.size, engine.runningCount);
  }

  columns(model: StepModel, busy: number): { itl: ItlHistogram; chunks?: ChunkColumns; timeline: Timeline } {
    const chunks = this.times?.toColumns();
    return { itl: this.gaps.toColumns(), ...(chunks && { chunks }), timeline: this.timeline.toColumns(model, busy) };
  }
}
