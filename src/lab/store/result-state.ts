/** What a run shows: status, charts, console, notes and problems. A new run takes the place of the old one piece by piece, so that nothing jumps. */
import { batch, signal } from "@preact/signals-core";
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";
import type { ConsoleLine } from "../protocol.ts";
import type { LabProblem } from "../session.ts";

/** The most charts a page shows of a run; a lab keeps to it by itself. */
const mostCharts = 24;

/** A place for a chart: one for each kind and title, redrawn where it stands. */
export interface ChartSlot {
  readonly description: ChartDescription;
  readonly origin: ChartOrigin;
  /** False while it still shows the run before. */
  readonly fresh: boolean;
  /** Which of the run's charts it is. */
  readonly order: number;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

export class ResultState {
  readonly status = signal("");
  readonly progress = signal<Progress | null>(null);
  readonly problems = signal<readonly LabProblem[]>([]);
  readonly notes = signal<readonly string[]>([]);
  readonly charts = signal<readonly ChartSlot[]>([]);
  readonly lines = signal<readonly ConsoleLine[]>([]);
  /** Console lines that were not kept. */
  readonly dropped = signal(0);
  /** Charts that this run has drawn. */
  #drawn = 0;
  #printed = false;

  /** A run begins: what is on screen stays until there is something newer. */
  begin(): void {
    this.#drawn = 0;
    this.#printed = false;
    batch(() => {
      this.charts.value = this.charts.peek().map((chart) => ({ ...chart, fresh: false }));
      this.problems.value = [];
      this.notes.value = [];
    });
  }

  chart(description: ChartDescription, origin: ChartOrigin): void {
    const charts = this.charts.peek();
    const at = charts.findIndex(({ description: d }) => d.kind === description.kind && d.title === description.title);
    const known = charts[at];
    if (known === undefined && charts.length >= mostCharts) return;
    const order = known?.fresh ? known.order : this.#drawn++;
    const slot = { description, origin, fresh: true, order };
    this.charts.value = known === undefined ? [...charts, slot] : charts.with(at, slot);
  }

  print(lines: readonly ConsoleLine[], dropped: number): void {
    batch(() => {
      this.lines.value = this.#printed ? [...this.lines.peek(), ...lines] : lines;
      this.dropped.value = (this.#printed ? this.dropped.peek() : 0) + dropped;
    });
    this.#printed = true;
  }

  /** A run has ended. Where it ended well, what it did not draw or print again goes; else the old charts stay, greyed. */
  end(well: boolean): void {
    batch(() => {
      this.progress.value = null;
      if (!this.#printed) this.print([], 0);
      if (well)
        this.charts.value = this.charts
          .peek()
          .filter(({ fresh }) => fresh)
          .sort((a, b) => a.order - b.order);
    });
  }
}
