/** Kubernetes inference-perf (source of August 2026), chat API. */
import { chunkKinds } from "../../run.ts";
import { gaps, timesOf, tokenGaps } from "../record.ts";
import { ranks } from "../rank.ts";
import { known, perGap, type DefinitionRules } from "./types.ts";

/**
 * Only `delta.content` is a token: reasoning and tool calls are not, so its TTFT is others' time to first output token,
 * and it exists only with at least two token times. Tokens of one chunk share its time. Latency runs to the stream's end.
 */
export const inferencePerf: DefinitionRules = {
  from: "started",
  rank: ranks.linear,
  missing: "fails",
  span: { from: "zero", to: "closed" },
  measure(record, zero) {
    const content = timesOf(record, chunkKinds.content);
    const first = content ? (content[0] ?? NaN) : record.first;
    const last = content ? (content.at(-1) ?? NaN) : record.last;
    const outputTokens = record.chunks ? contentTokens(record.chunks) : record.outputTokens;
    return {
      ttft: outputTokens >= 2 ? known(first - zero) : undefined,
      tpot: perGap(first, last, outputTokens),
      e2e: known(record.closed - zero),
      itl: tokenGaps(record, chunkKinds.content) ?? [],
      icl: gaps(content ?? []),
      outputTokens,
    };
  },
  approximate: ({ measured, chunks, notTokenized }) => [
    ...(measured && notTokenized
      ? ["tokens, tpot, itl: inference-perf tokenises every chunk again; we take the tokens that the server reported"]
      : []),
    ...(measured && !chunks
      ? ["ttft, tpot, tokens: chunks were not kept, so reasoning and tool calls can't be told from content"]
      : []),
  ],
};

function contentTokens({ tokens, kind }: { tokens: Uint16Array; kind: Uint16Array }): number {
  let sum = 0;
  for (let k = 0; k < tokens.length; k++) if (kind[k] & chunkKinds.content) sum += tokens[k];
  return sum;
}
