/** The first requests of a load on one engine, step by step, as the lessons' player shows them. */
import type { ChartDescription } from "../../engine/chart/types.ts";
import { script, expand } from "../../engine/workload/expand.ts";
import type { RequestTable } from "../../engine/workload/request-table.ts";
import { schedulerPlayer } from "../figures/scheduler-player.ts";
import type { MovingFigure } from "../figures/moving.ts";
import type { Setup } from "./configure.ts";
import { workloadOf } from "./picture.ts";

/** Few and short enough that each step can be looked at. */
export const watched = { requests: 12, answer: 40 } as const;

/** Throws InputError for prompts that alone take thousands of steps. */
export function stepByStep({ server, load }: Setup, table: RequestTable | undefined): MovingFigure {
  const { replicas: _, disaggregated: __, ...engine } = server;
  const workload = workloadOf(load, table, watched.requests);
  const requests = expand(workload).map(({ cancelAfter: _, ...request }) => ({
    ...request,
    // Who waits for an earlier answer comes at once: the player shows one batch being filled.
    at: Number.isNaN(request.at) ? 0 : request.at,
    output: Math.min(watched.answer, request.output),
  }));
  const figure = schedulerPlayer({
    server: engine,
    workload: { ...script(requests), seed: workload.seed ?? 0 },
    title: `The first ${requests.length} requests, step by step`,
  });
  const trim = trimmed(figure);
  return { ...figure, frames: figure.frames.map((frame) => ({ ...frame, panels: frame.panels.map(trim) })) };
}

/** A dozen requests leave most of a large cache free for the whole time: the map ends where nobody ever holds a block. */
function trimmed({ frames }: MovingFigure): (panel: ChartDescription) => ChartDescription {
  let used = 0;
  for (const panel of frames.flatMap(({ panels }) => panels))
    if (panel.kind === "blocks") used = Math.max(used, panel.spec.owners.findLastIndex((owner) => owner >= 0) + 1);
  return (panel) => {
    if (panel.kind !== "blocks") return panel;
    const { owners, columns, blocksPerCell } = panel.spec;
    const shown = Math.min(owners.length, columns * (Math.ceil(used / columns) + 1));
    const left = (owners.length - shown) * blocksPerCell;
    if (left === 0) return panel;
    return {
      ...panel,
      spec: { ...panel.spec, owners: owners.slice(0, shown) },
      note: `${left.toLocaleString("en-GB")} more blocks stay free all the time and are not drawn.`,
    };
  };
}
