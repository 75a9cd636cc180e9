/** Which reasons for the end of an answer mean that it failed, although the stream ended properly. */

/** Reasons of a whole answer, in the words of every dialect. */
const GOOD = new Set(
  (
    "stop length tool_calls tool_call function_call eos eos_token stop_sequence stop_token end_turn max_tokens tool_use " +
    "complete completed max_output_tokens max_length done finished end pause_turn stop_str"
  ).split(" "),
);

/** Words in a reason that say that somebody or something cut the answer off. */
const BAD =
  /abort|cancel|error|fail|filter|safety|toxic|sensitive|recitation|blocklist|prohibited|spii|refusal|malformed|insufficient|overload|timeout|timed_out|disconnect|interrupt|exceeded|limit$|language|moderation|unexpected|^other$|^unload$|repetition/;

/** True where an answer that ended for this reason is none: aborted, filtered, broken. Reasons that nobody knows are taken as good. */
export function failedFinish(reason: string): boolean {
  const name = reason
    .replace(/\(.*/, "")
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  return !GOOD.has(name) && BAD.test(name);
}
