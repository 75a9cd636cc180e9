/** Marked places on a Chart.js chart, each a dashed rule with its label, and the names of points. */
import type { Chart, Plugin } from "chart.js";
import type { Point } from "../../../engine/chart/types.ts";
import { LABEL_SIZE, placeLabels } from "../draw/point-labels.ts";
import { FONT_SIZE } from "../surface.ts";
import type { Theme } from "./theme.ts";

export type Mark = { readonly x?: number; readonly y?: number; readonly label: string };

export function marksPlugin(marks: readonly Mark[], named: readonly Point[], theme: Theme): Plugin {
  return {
    id: "marks",
    afterDatasetsDraw(chart: Chart) {
      const { ctx, chartArea: area, scales } = chart;
      ctx.save();
      ctx.font = `${FONT_SIZE}px ${theme.family}`;
      ctx.strokeStyle = ctx.fillStyle = theme.colour("ink");
      let row = 0;
      const rule = (from: [number, number], to: [number, number]) => {
        ctx.setLineDash([2, 3]);
        ctx.beginPath();
        ctx.moveTo(...from);
        ctx.lineTo(...to);
        ctx.stroke();
      };
      const label = (text: string, x: number, y: number, align: CanvasTextAlign) => {
        ctx.textAlign = align;
        ctx.setLineDash([]);
        ctx.lineWidth = 3.5;
        ctx.strokeStyle = theme.colour("paper");
        ctx.strokeText(text, x, y);
        ctx.lineWidth = 1;
        ctx.strokeStyle = theme.colour("ink");
        ctx.fillText(text, x, y);
      };
      for (const mark of marks) {
        if (mark.x !== undefined) {
          const x = scales["x"].getPixelForValue(mark.x);
          if (x < area.left - 1 || x > area.right + 1) continue;
          rule([x, area.top], [x, area.bottom]);
          const toLeft = x + ctx.measureText(mark.label).width + 6 > area.right;
          label(mark.label, x + (toLeft ? -5 : 5), area.top + 11 + 15 * row++, toLeft ? "right" : "left");
        }
        if (mark.y !== undefined) {
          const y = scales["y"].getPixelForValue(mark.y);
          if (y < area.top - 1 || y > area.bottom + 1) continue;
          rule([area.left, y], [area.right, y]);
          label(mark.label, area.right, y - 5, "right");
        }
      }
      ctx.font = `${LABEL_SIZE}px ${theme.family}`;
      const places = named.map((p) => ({
        at: [scales["x"].getPixelForValue(p.x), scales["y"].getPixelForValue(p.y)] as const,
        label: p.label,
      }));
      ctx.fillStyle = theme.colour("muted");
      for (const { at, label: text } of placeLabels(places, area)) label(text, at[0], at[1], "left");
      ctx.restore();
    },
  };
}
