import { openStream, param } from "perflab";
import { firstOfAnswer, habits, record, replay, show, type Read, type Reading } from "./show.ts";

/** Reads a streamed chat completion. */
export async function stopwatch(stream: AsyncIterable<Read>): Promise<Reading> {
  const decoder = new TextDecoder();
  let first = NaN;
  let last = NaN;
  let tokens = 0;
  for await (const { t, bytes } of stream) {
    const events = decoder.decode(bytes).split("\n\n");
    for (const event of events) {
      if (event === "") continue;
      if (Number.isNaN(first)) first = t; // Does this event say anything?
      last = t;
      tokens += 1; // Is that a token?
    }
  }
  return { ttft: first, tpot: (last - first) / (tokens - 1), tokens, text: "", failed: false };
}

const request = { prompt: "Explain. ".repeat(444), maxTokens: param("tokens") };
const reads = await record(openStream(request, { ...habits[param<string>("habit")], jitter: param("jitter") }));
show(reads, await stopwatch(replay(reads)));

// For the prediction: a model that thinks for 200 tokens at an even pace, whatever the controls say.
const thinking = await record(openStream({ ...request, maxTokens: 240 }, habits["thinks first"]));
export const firstAnswerMs = firstOfAnswer(thinking) * 1000;
