/** Our own definitions. */
import { gaps, timesOf, tokenGaps, TOKENS } from "../record.ts";
import { ranks } from "../rank.ts";
import { known, perGap, type DefinitionRules } from "./types.ts";

/**
 * TTFT ends at the first event that carries content, reasoning or a tool call; an empty role chunk is no token.
 * TPOT = (last − first) ÷ (tokens that showed − 1). ICL are raw gaps between chunks, ITL the same per token. E2E ends at the last
 * token. A reply of one token has no TPOT, and meets any bound on it.
 */
export const perflab: DefinitionRules = {
  from: "started",
  rank: ranks.linear,
  missing: 0,
  span: { from: "scheduled", to: "closed" },
  measure: (record, zero) => ({
    ttft: known(record.first - zero),
    tpot: perGap(record.first, record.last, record.visibleTokens),
    e2e: known(record.last - zero),
    itl: tokenGaps(record, TOKENS) ?? [],
    icl: gaps(timesOf(record, TOKENS) ?? []),
    outputTokens: record.outputTokens,
  }),
  approximate: ({ countedChunks }) =>
    countedChunks
      ? [
          "tpot, itl, outputTokens: the server gave no usage, so chunks were counted as tokens; a chunk may hold several",
        ]
      : [],
};
