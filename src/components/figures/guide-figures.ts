/** Examples of the figures kit, for the guide on writing a lesson. */
import { script } from "../../engine/index.ts";
import { kvGrowth } from "./kv-growth.ts";
import { server } from "./lesson-one.ts";
import type { MovingFigure } from "./moving.ts";
import { roofline } from "./roofline.ts";
import { schedulerPlayer } from "./scheduler-player.ts";

/** Eight chats reach a small server: a budget of 64 tokens a step, and a cache of 28 blocks. */
function scheduler(): MovingFigure {
  const chats = [
    { at: 0, prompt: 60, output: 14 },
    { at: 0, prompt: 40, output: 20 },
    { at: 0.01, prompt: 150, output: 10 },
    { at: 0.015, prompt: 30, output: 24 },
    { at: 0.04, prompt: 200, output: 8 },
    { at: 0.06, prompt: 20, output: 16 },
    { at: 0.07, prompt: 90, output: 12 },
    { at: 0.08, prompt: 48, output: 10 },
  ];
  return schedulerPlayer({
    server: { ...server, scheduler: { maxNumSeqs: 6, maxNumBatchedTokens: 64, numGpuBlocks: 29 } },
    workload: script(chats),
  });
}

export const figures: Readonly<Record<string, () => MovingFigure>> = {
  roofline: () => roofline({ server, context: 512, batches: [1, 2, 4, 8, 16, 32, 64, 128, 256], still: 64 }),
  kvGrowth: () =>
    kvGrowth({
      server,
      contexts: [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072],
      users: [1, 8, 64],
      still: 8192,
    }),
  scheduler,
};
