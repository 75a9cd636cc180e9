/** Chart.js axes with our ticks, our labels and our titles, so that both renderers read the same. */
import type { Scale as ChartScale } from "chart.js";
import { roomyTicks, type Scale } from "../scale.ts";
import { FONT_SIZE, textWidth } from "../surface.ts";
import type { Theme } from "./theme.ts";

function common(scale: Scale, theme: Theme) {
  return {
    type: scale.log ? "logarithmic" : "linear",
    min: scale.low,
    max: scale.high,
    ticks: {
      color: theme.colour("muted"),
      font: { size: FONT_SIZE, family: theme.family },
      maxRotation: 0,
      autoSkip: false,
      callback: (value: string | number) => scale.label(Number(value)),
    },
  };
}

export function xAxis(scale: Scale, theme: Theme) {
  return {
    ...common(scale, theme),
    grid: { display: false },
    border: { color: theme.colour("line-strong") },
    title: {
      display: true,
      text: `${scale.title} →`,
      align: "end",
      color: theme.colour("body"),
      font: { size: FONT_SIZE, family: theme.family },
    },
    afterBuildTicks(axis: ChartScale) {
      axis.ticks = roomyTicks(scale, axis.width || 400, textWidth).map((value) => ({ value }));
    },
  };
}

export function yAxis(scale: Scale, theme: Theme) {
  return {
    ...common(scale, theme),
    grid: { color: theme.colour("line"), drawTicks: false },
    border: { display: false },
    afterBuildTicks(axis: ChartScale) {
      axis.ticks = roomyTicks(scale, axis.height || 240, () => FONT_SIZE).map((value) => ({ value }));
    },
  };
}
