/** NVIDIA AIPerf (source of October 2025, documentation to v0.13). */
import { gaps, timesOf, TOKENS } from "../record.ts";
import { ranks } from "../rank.ts";
import { known, perGap, type DefinitionRules } from "./types.ts";

/**
 * First and last token as ours. What it calls inter-token latency is one value a request, (latency − TTFT) ÷ (tokens − 1):
 * everyone else's TPOT; the real gaps are its inter-chunk latency. Rates run from the first request sent to the last
 * response. A request without a metric misses any bound on it.
 */
export const aiperf: DefinitionRules = {
  from: "started",
  rank: ranks.linear,
  missing: "fails",
  span: { from: "started", to: "last" },
  measure(record, zero) {
    const mean = perGap(record.first, record.last, record.visibleTokens);
    return {
      ttft: known(record.first - zero),
      tpot: mean,
      e2e: known(record.last - zero),
      itl: mean === undefined ? [] : [mean],
      icl: gaps(timesOf(record, TOKENS) ?? []),
      outputTokens: record.outputTokens,
    };
  },
  approximate: ({ measured, notTokenized }) =>
    measured && notTokenized ? ["tokens, tpot, itl: AIPerf tokenises the text again; we take the server's count"] : [],
};
