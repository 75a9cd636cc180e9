/** Where a slider stands for a value, and back. */
import type { NumberKnob } from "./knobs.ts";

/** Positions of every slider: an arrow key moves it by one of them. */
export const positions = 200;

export function positionOf(value: number, { from, to, log }: NonNullable<NumberKnob["slide"]>): number {
  const share = log === true ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.round(positions * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)));
}

/** Rounded to what a reader would type: three digits, or whole where the knob is. */
export function valueAt(position: number, { slide, whole }: Pick<NumberKnob, "slide" | "whole">): number {
  const { from, to, log } = slide!;
  if (position <= 0) return from;
  if (position >= positions) return to;
  const share = position / positions;
  const exact = log === true ? from * (to / from) ** share : from + (to - from) * share;
  const rounded = Number(exact.toPrecision(3));
  return whole === true ? Math.round(rounded) : log === true ? rounded : Number(rounded.toFixed(3));
}
