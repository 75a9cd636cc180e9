import { openStream, param } from "perflab";
import { firstOfAnswer, habits, record, replay, show, type Read, type Reading } from "./show.ts";

/** Reads a streamed chat completion. */
export async function stopwatch(stream: AsyncIterable<Read>): Promise<Reading> {
  const decoder = new TextDecoder();
  let rest = ""; // the beginning of an event that is not complete yet
  let first = NaN;
  let last = NaN;
  let spoken = 0; // chunks that said something
  let counted = NaN; // tokens, as the server counts them
  let text = "";
  let failed = false;

  for await (const { t, bytes } of stream) {
    const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = event.replace(/^data: /, "");
      if (data === "[DONE]") continue;
      const { choices, usage, error } = JSON.parse(data);
      if (error) failed = true;
      if (usage) counted = usage.completion_tokens;
      const { content, reasoning_content, refusal } = choices?.[0]?.delta ?? {};
      if (!content && !reasoning_content && !refusal) continue;
      if (Number.isNaN(first)) first = t;
      last = t;
      spoken += 1;
      text += content ?? refusal ?? "";
    }
  }

  const tokens = Number.isNaN(counted) ? spoken : counted;
  const inOnePiece = tokens > 1 && last === first;
  return {
    ttft: inOnePiece ? NaN : first,
    tpot: inOnePiece || tokens < 2 ? NaN : (last - first) / (tokens - 1),
    tokens,
    text,
    failed,
  };
}

const request = { prompt: "Explain. ".repeat(444), maxTokens: param("tokens") };
const reads = await record(openStream(request, { ...habits[param<string>("habit")], jitter: param("jitter") }));
show(reads, await stopwatch(replay(reads)));

// For the prediction: a model that thinks for 200 tokens at an even pace, whatever the controls say.
const thinking = await record(openStream({ ...request, maxTokens: 240 }, habits["thinks first"]));
export const firstAnswerMs = firstOfAnswer(thinking) * 1000;
