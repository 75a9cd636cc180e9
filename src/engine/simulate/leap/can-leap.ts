/** Whether a run leaves nothing for which every sequence must be looked at in every step. */
import { kvGroups } from "../../estimate/kv-groups.ts";
import type { Setup } from "../setup.ts";

/** Longest answer that the calendar has room for, tokens. */
const LONGEST = 1 << 20;

/**
 * Step by step stay: other schedulers and allocators; speculation, whose draws differ by sequence; pauses; time-outs and
 * cancellation, which may end anyone; priorities; a prompt threshold, under which several prompts are half computed at once;
 * attention windows, behind which everyone gives blocks back in steps of their own; pipelines, whose batches share their blocks.
 */
export function canLeap(setup: Setup): boolean {
  const { server, requests, segments, policy } = setup;
  const { scheduler } = server;
  if (policy || server.batching !== "continuous" || server.kvAllocator !== "paged") return false;
  if (kvGroups(server)) return false;
  if (server.speculation || server.pauses || server.disaggregated) return false;
  if (server.pipelineParallel > 1 || (server.expertParallel > 1 && server.dataParallel > 1)) return false;
  if (scheduler.policy !== "fcfs" || scheduler.longPrefillTokenThreshold > 0 || scheduler.timeout !== undefined)
    return false;
  if (scheduler.prefillScheduleInterval > 1 || scheduler.watermark > 0) return false;
  if (
    !scheduler.schedulerReserveFullIsl ||
    scheduler.maxNumScheduledTokens !== undefined ||
    scheduler.maxNumActiveSeqs !== undefined
  )
    return false;
  if (segments && scheduler.enablePrefixCaching) return false;
  for (let i = 0; i < requests.count; i++) {
    if ((requests.output[i] as number) > LONGEST || requests.cancels[i] === 1) return false;
  }
  return true;
}
