/** An hour of recorded conversations (Mooncake), served one at a time from prefix caches of growing size. */
import { expand, script, simulate, trace } from "../../../engine/index.ts";
import { line } from "../../../engine/chart/index.ts";
import type { Server } from "../../../engine/server.ts";
import { registerShippedTraces } from "../../../engine/workload/traces/all.ts";
import { count, number, percent } from "../../format.ts";
import type { Frame, MovingFigure } from "../moving.ts";

/** The trace speaks of blocks of 512 tokens, so the cache has such too. */
const block = 512;
/** Blocks of the cache; the last is more than the hour has. */
export const rooms = [1000, 3000, 10_000, 200_000] as const;
const everything = rooms[3];
/** Seconds of a point in the figure. */
const window = 300;

export interface Replayed {
  /** Share of the prompt blocks that are found. */
  readonly share: number;
  /** The same, window by window. */
  readonly course: readonly { readonly x: number; readonly y: number }[];
}

const known = new Map<number, Replayed>();

/** The prompts, with answers of one token: what answers add to the cache nobody asks for again under this trace’s numbers. */
function recordedHour() {
  registerShippedTraces();
  return script(expand(trace("mooncake-conversation")).map((request) => ({ ...request, output: 1 })));
}

/** Replays the hour against a cache of so many blocks. */
export function replayed(server: Server, room: number): Replayed {
  const before = known.get(room);
  if (before !== undefined) return before;
  const scheduler = { numGpuBlocks: room + 1, blockSize: block, maxNumSeqs: 1, maxNumBatchedTokens: 131_072 };
  const { requests } = simulate({ ...server, parameters: "ideal", scheduler }, recordedHour());
  const found: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < requests.count; i++) {
    const at = Math.floor((requests.scheduled[i] ?? 0) / window);
    found[at] = (found[at] ?? 0) + (requests.cachedTokens[i] ?? 0) / block;
    all[at] = (all[at] ?? 0) + Math.ceil((requests.promptTokens[i] ?? 0) / block);
  }
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const course = all.map((asked, k) => ({ x: ((k + 1) * window) / 60, y: (100 * (found[k] ?? 0)) / asked }));
  const replayed = { share: sum(found) / sum(all), course };
  known.set(room, replayed);
  return replayed;
}

export function replay(server: Server, bytesPerToken: number): MovingFigure {
  const gigabytes = (room: number) => (room * block * bytesPerToken) / 1e9;
  const frames = rooms.map((room): Frame => {
    const { share, course } = replayed(server, room);
    const tokens = room === everything ? "all there is" : `${count(room * block)} tokens`;
    return {
      name: room === everything ? "everything" : `room-${room}`,
      at: tokens,
      says: `A cache with room for ${tokens} finds ${percent(share)} of the prompt blocks.`,
      readings: [
        ["found", percent(share)],
        ["memory, for an 8B model", room === everything ? "more than anyone has" : `${number(gigabytes(room))} GB`],
      ],
      panels: [
        line({
          title: "An hour of conversations, replayed",
          x: { label: "Minutes into the hour" },
          y: { label: "Prompt blocks found", unit: "%" },
          series: [
            { name: "without end", points: replayed(server, everything).course },
            { name: "this cache", points: course },
          ],
        }),
      ],
    };
  });
  return {
    title: "12,031 recorded requests against a prefix cache",
    slider: "Room in the cache",
    origin: { kind: "simulated", seed: 0 },
    frames,
    still: 0,
    play: 1500,
  };
}
