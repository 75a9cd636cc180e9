/** A figure that moves: one state a frame, each with what it says. All frames are made by the engine when the site is built. */
import type { ChartDescription, ChartOrigin } from "../../engine/chart/types.ts";

export interface Frame {
  /** Where the slider stands, with its unit: "64 users". */
  readonly at: string;
  /** What the figure shows here, in one sentence. */
  readonly says: string;
  /** Name by which a <Point> moves the figure here; several stand apart by spaces. */
  readonly name?: string;
  /** Values of this state, written out; the same names in each frame, so that they make a table. */
  readonly readings: readonly (readonly [name: string, value: string])[];
  /** One above the other; the same kinds in each frame, on the same axes. */
  readonly panels: readonly ChartDescription[];
}

export interface MovingFigure {
  readonly title: string;
  /** What the slider moves: "Users". */
  readonly slider: string;
  readonly origin: ChartOrigin;
  readonly frames: readonly Frame[];
  /** The frame that makes the figure's point by itself: on paper, without JavaScript, and at the beginning. */
  readonly still: number;
  /** Milliseconds a frame when played; a figure without is only moved by hand. */
  readonly play?: number;
}

/** All names of a frame. */
export function namesOf({ name }: Pick<Frame, "name">): readonly string[] {
  return name === undefined || name === "" ? [] : name.split(" ");
}

/** Throws for a figure that could not be drawn, or whose frames do not belong together. */
export function checkFigure(figure: MovingFigure): MovingFigure {
  const { title, frames, still } = figure;
  const fault = (what: string): never => {
    throw new Error(`figure "${title}": ${what}`);
  };
  const first = frames[0] ?? fault("has no frames");
  if (frames[still] === undefined) fault(`its still is frame ${still} of ${frames.length}`);
  const kinds = first.panels.map(({ kind }) => kind).join();
  const names = first.readings.map(([name]) => name).join();
  frames.forEach(({ panels, readings }, i) => {
    if (panels.map(({ kind }) => kind).join() !== kinds) fault(`frame ${i} has other panels than the first`);
    if (readings.map(([name]) => name).join() !== names) fault(`frame ${i} has other readings than the first`);
  });
  const named = frames.flatMap(namesOf);
  if (new Set(named).size < named.length) fault("two frames have one name");
  return figure;
}
