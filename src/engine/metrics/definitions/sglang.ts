/** SGLang's `bench_serving` on an OpenAI-compatible endpoint (sglang/benchmark/serving.py, 2026). */
import { chunkKinds } from "../../run.ts";
import { gaps, timesOf } from "../record.ts";
import { ranks } from "../rank.ts";
import { known, perGap, type DefinitionRules } from "./types.ts";

const TEXT = chunkKinds.content | chunkKinds.reasoning;
const ANY = 0xffff;

/**
 * First token: content or reasoning; role chunks and tool calls are none. The latency is read again on every line,
 * so it runs to the usage chunk and [DONE], and so does TPOT. Gaps are per chunk.
 */
export const sglang: DefinitionRules = {
  from: "started",
  rank: ranks.linear,
  missing: 0,
  span: { from: "zero", to: "closed" },
  countsHidden: true,
  measure(record, zero) {
    const text = timesOf(record, TEXT);
    const first = text ? (text[0] ?? NaN) : record.first;
    const end = timesOf(record, ANY)?.at(-1) ?? record.closed;
    const icl = gaps(text ?? []);
    return {
      ttft: known(first - zero),
      tpot: perGap(first, end, record.outputTokens),
      e2e: known(end - zero),
      itl: icl,
      icl,
      outputTokens: record.outputTokens,
    };
  },
  approximate: ({ measured, chunks }) =>
    measured
      ? [
          "ttft, e2e: SGLang opens a connection for each request and its set-up counts; ours are kept open",
          "tokens, tpot: a single-turn SGLang run asks for no usage and takes the requested length; we take what was generated",
          ...(chunks ? [] : ["ttft: chunks were not kept, so a tool call may count as the first token"]),
        ]
      : [],
};
