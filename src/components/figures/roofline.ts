/** The roofline of one GPU, and where a decode step sits under it as the batch grows. */
import { decodeStep, rooflinePoint } from "../../engine/index.ts";
import { line } from "../../engine/chart/index.ts";
import type { Server } from "../../engine/server.ts";
import { count, number, percent, time } from "../format.ts";
import type { MovingFigure } from "./moving.ts";

interface Options {
  readonly server: Server;
  /** Tokens behind each sequence. */
  readonly context: number;
  readonly batches: readonly number[];
  /** The batch of the still. */
  readonly still: number;
  readonly title?: string;
}

/** Frames are named "batch-1", "batch-64" and so on. */
export function roofline({ server, context, batches, still, title = "Under the roof" }: Options): MovingFigure {
  const points = batches.map((batch) => {
    const step = decodeStep(server, { batch, context });
    return { batch, step, ...rooflinePoint(server, step) };
  });
  const { ridge } = points[0]!;
  const roofAt = points[0]!.attainable / points[0]!.intensity;
  const low = Math.min(...points.map(({ intensity }) => intensity)) / 2;
  const high = Math.max(ridge * 4, ...points.map(({ intensity }) => intensity * 2));
  const roof = [low, ridge, high].map((x) => ({ x, y: Math.min(roofAt * x, roofAt * ridge) / 1e12 }));
  const path = points.map(({ intensity, achieved }) => ({ x: intensity, y: achieved / 1e12 }));
  return {
    title,
    slider: "Batch",
    origin: { kind: "calculated" },
    still: batches.indexOf(still),
    play: 700,
    frames: points.map(({ batch, step, intensity, achieved, attainable }) => {
      const side = intensity < ridge ? "memory" : "arithmetic";
      return {
        name: `batch-${batch}`,
        at: `batch ${count(batch)}`,
        says: `${number(intensity)} operations for each byte read, against ${number(ridge)} at the ridge: the step waits for ${side}, and uses ${percent(achieved / (roofAt * ridge))} of the chip's arithmetic.`,
        readings: [
          ["operations per byte", number(intensity)],
          ["reached", `${number(achieved / 1e12)} TFLOP/s`],
          ["the roof here", `${number(attainable / 1e12)} TFLOP/s`],
          ["step", time(step.seconds)],
        ],
        panels: [
          line({
            title,
            x: { label: "Operations per byte moved", unit: "FLOP/B", scale: "log" },
            y: { label: "Arithmetic done", unit: "TFLOP/s", scale: "log" },
            series: [
              { name: "roof: bandwidth, then arithmetic", points: roof },
              { name: `decode at ${count(context)} tokens of context`, points: path },
            ],
            marks: [{ x: intensity, label: `batch ${count(batch)}` }],
          }),
        ],
      };
    }),
  };
}
