/** How the KV cache grows with the context, for one user and for many, until the GPU is full. */
import { decodeStep, kvBytes, memoryBudget, resolveServer } from "../../engine/index.ts";
import { line } from "../../engine/chart/index.ts";
import type { Server } from "../../engine/server.ts";
import { count, number, percent } from "../format.ts";
import type { MovingFigure } from "./moving.ts";

interface Options {
  readonly server: Server;
  /** Tokens, growing. */
  readonly contexts: readonly number[];
  /** Numbers of users, a line each. */
  readonly users: readonly number[];
  /** The context of the still. */
  readonly still: number;
  readonly title?: string;
}

/** Frames are named "context-8192" and so on, and "full" is the first at which the largest number of users does not fit. */
export function kvGrowth({ server, contexts, users, still, title = "Memory of one replica" }: Options): MovingFigure {
  const { model, kv } = resolveServer(server);
  const memory = memoryBudget(server);
  const kvOf = (context: number) => kvBytes(model, context, kv);
  const most = Math.max(...users);
  const full = contexts.find((context) => memory.maxSequences(context) < most);
  const series = users.map((n) => ({
    name: n === 1 ? "1 user" : `${count(n)} users`,
    points: contexts.map((context) => ({ x: context, y: (memory.weights + n * kvOf(context)) / 1e9 })),
  }));
  return {
    title,
    slider: "Context",
    origin: { kind: "calculated" },
    still: contexts.indexOf(still),
    play: 700,
    frames: contexts.map((context) => {
      const fit = memory.maxSequences(context);
      const batch = Math.max(1, Math.min(most, fit));
      const step = decodeStep(server, { batch, context });
      return {
        name: `context-${context}${context === full ? " full" : ""}`,
        at: `${count(context)} tokens`,
        says: `At ${count(context)} tokens one user's cache takes ${number(kvOf(context) / 1e9)} GB. Beside ${number(memory.weights / 1e9)} GB of weights there is room for ${fit === 0 ? "none" : count(fit)}.`,
        readings: [
          ["cache of one user", `${number(kvOf(context) / 1e9)} GB`],
          ["users that fit", count(fit)],
          [`KV's share of a step`, `${percent((step.parts["kv"] ?? 0) / step.seconds)} at batch ${count(batch)}`],
        ],
        panels: [
          line({
            title,
            x: { label: "Context of each user", unit: "tokens", scale: "log" },
            y: { label: "Weights and caches", unit: "GB", scale: "log" },
            series,
            marks: [
              { y: memory.usable / 1e9, label: "what there is" },
              { x: context, label: `${count(context)} tokens` },
            ],
          }),
        ],
      };
    }),
  };
}
