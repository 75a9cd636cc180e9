/** `vllm bench serve` (vllm/benchmarks/serve.py and endpoint_request_func.py, 2026). */
import { CHOICES, gaps, timesOf } from "../record.ts";
import { ranks } from "../rank.ts";
import { known, perGap, type DefinitionRules } from "./types.ts";

/**
 * The first chunk with a non-empty `choices` list is the first token, even the empty role chunk; every further one,
 * even the empty finish chunk, is one ITL. The clock starts after the cap on concurrency. Usage-only chunks and [DONE]
 * count for nothing. A reply of one token has TPOT 0 before an SLO.
 */
export const vllm: DefinitionRules = {
  from: "started",
  rank: ranks.linear,
  missing: 0,
  span: { from: "zero", to: "closed" },
  countsHidden: true,
  measure(record, zero) {
    const choices = timesOf(record, CHOICES) ?? [];
    const first = choices[0] ?? record.firstEvent;
    const last = choices.at(-1) ?? record.last;
    const icl = gaps(choices);
    // With neither usage nor a tokenizer vLLM counts one token.
    const outputTokens = record.tokenSource === "chunks" ? 1 : record.outputTokens;
    return {
      ttft: known(first - zero),
      tpot: perGap(first, last, outputTokens),
      e2e: known(last - zero),
      itl: icl,
      icl,
      outputTokens,
    };
  },
  approximate: ({ measured, chunks, countedChunks }) => [
    ...(measured && !chunks ? ["e2e, tpot: chunks were not kept, so the last token stands for the finish chunk"] : []),
    ...(countedChunks ? ["tokens: without usage vLLM tokenises the text; we have no tokenizer and count 1"] : []),
  ],
};
