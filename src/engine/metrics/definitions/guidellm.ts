/** GuideLLM (source of August 2026). */
import { gaps, timesOf, TOKENS } from "../record.ts";
import { ranks } from "../rank.ts";
import { known, perGap, type DefinitionRules } from "./types.ts";

/**
 * Its TPOT is (last − start) ÷ tokens, with TTFT in it. Its inter-token latency is one value a request, weighted by the
 * request's gaps. Latency runs to the end of the stream. Percentiles are nearest-rank; a missing value counts as 0.
 */
export const guidellm: DefinitionRules = {
  from: "started",
  rank: ranks["nearest-rank"],
  filler: 0,
  missing: 0,
  span: { from: "started", to: "closed" },
  tpotFromStart: true,
  countsHidden: true,
  measure(record, zero) {
    const tokens = record.outputTokens;
    const mean = perGap(record.first, record.last, tokens);
    return {
      ttft: known(record.first - zero),
      tpot: tokens > 0 ? known((record.last - zero) / tokens) : undefined,
      e2e: known(record.closed - zero),
      itl: mean === undefined ? [] : [mean],
      itlWeight: tokens - 1,
      icl: gaps(timesOf(record, TOKENS) ?? []),
      outputTokens: tokens,
    };
  },
  approximate: ({ measured }) => [
    "rates: GuideLLM weighs rates by time; here they are totals over its measured span",
    ...(measured ? ["ttft, itl: GuideLLM reads the wall clock, which can step; ours is monotonic"] : []),
  ],
};
