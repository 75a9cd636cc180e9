/** MLPerf inference, loadgen's Server scenario (mlcommons/inference, 2026). */
import { gaps, timesOf, tokenGaps, TOKENS } from "../record.ts";
import { mlperfRank } from "../rank.ts";
import { known, perGap, type DefinitionRules } from "./types.ts";

/**
 * Latency and TTFT count from when the request was scheduled to leave. TPOT = (latency − TTFT) ÷ (tokens − 1).
 * A percentile is `sorted[⌊n·p⌋]`.
 */
export const mlperf: DefinitionRules = {
  from: "scheduled",
  rank: mlperfRank,
  missing: "fails",
  span: { from: "scheduled", to: "last" },
  measure: (record, zero) => ({
    ttft: known(record.first - zero),
    tpot: perGap(record.first, record.last, record.visibleTokens),
    e2e: known(record.last - zero),
    itl: tokenGaps(record, TOKENS) ?? [],
    icl: gaps(timesOf(record, TOKENS) ?? []),
    outputTokens: record.outputTokens,
  }),
  approximate: ({ single, failed }) => [
    ...(single > 0 ? [`tpot: replies of one token (${single}), which loadgen calls errors, are left out`] : []),
    ...(failed > 0 ? [`all: loadgen calls a run with failures (${failed}) invalid`] : []),
  ],
};
