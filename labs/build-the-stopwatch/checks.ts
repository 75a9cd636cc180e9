import type { StreamShape } from "perflab";
import { check, close, exportedFunction, stream, that, type LabUnderTest } from "perflab/checks";
import type { Read, Reading } from "./show.ts";

type Stopwatch = (stream: AsyncIterable<Read>) => Promise<Reading>;
type Truth = ReturnType<typeof stream>["truth"];

/** What the learner's stopwatch reads off a stream that it has not seen, and what is true. `cut`: why it may not throw. */
async function read(
  lab: LabUnderTest,
  shape: StreamShape,
  cut = "Every event is JSON, but the last, which is [DONE].",
): Promise<{ reading: Reading; truth: Truth }> {
  const { chunks, truth } = stream({ jitter: 0.2, ...shape }, lab.seed);
  const stopwatch = exportedFunction<Stopwatch>(lab, "stopwatch(stream)");
  let reading: Reading | undefined;
  let thrown = "";
  try {
    reading = await stopwatch(chunks);
  } catch (error) {
    thrown = error instanceof Error ? error.message : String(error);
  }
  that(reading !== undefined && reading !== null, {
    seen: thrown === "" ? `stopwatch gave ${String(reading)}` : `an exception, "${thrown}"`,
    expected: "a reading",
    why: cut,
  });
  return { reading, truth };
}

/** The parts that every reading must have right, whatever was told apart before. */
function right({ reading, truth }: { reading: Reading; truth: Truth }, why: string): void {
  close(reading.tokens, truth.tokens, { absolute: 0, what: "tokens:", why });
  alike(reading.ttft, truth.ttft, "TTFT", { absolute: 0.001 }, why);
  alike(reading.tpot, truth.tpot, "TPOT", { relative: 0.01 }, why);
  that(reading.failed === false, {
    seen: `failed is ${String(reading.failed)}`,
    expected: "false",
    why: "This answer is complete.",
  });
}

function alike(
  seen: number,
  true_: number,
  what: string,
  within: { absolute: number } | { relative: number },
  why: string,
) {
  if (Number.isNaN(true_)) that(Number.isNaN(seen), { seen: `${what} of ${ms(seen)}`, expected: "NaN", why });
  else close(seen, true_, { ...within, what: `${what} in seconds:`, why });
}

export default [
  check("A plain stream", async (lab) => {
    const got = await read(lab, {});
    const { reading, truth } = got;
    that(reading.tokens !== truth.tokens + 3 && reading.tokens !== truth.tokens + 2, {
      seen: `${reading.tokens} tokens`,
      expected: `${truth.tokens}`,
      why: "The chunks that say why it ended, what was used and [DONE] are no tokens.",
    });
    const byTokens = ((truth.tokens - 1) * truth.tpot) / truth.tokens;
    that(Math.abs(reading.tpot - byTokens) > 1e-9, {
      seen: `TPOT of ${ms(reading.tpot)}`,
      expected: ms(truth.tpot),
      why: `${truth.tokens} tokens have ${truth.tokens - 1} gaps between them.`,
    });
    right(got, "First token, last token, and the gaps between.");
    that(reading.text === truth.text, {
      seen: `"${reading.text.slice(0, 40)}…"`,
      expected: `"${truth.text.slice(0, 40)}…"`,
      why: "text is all that the model said, piece after piece.",
    });
  }),

  check("A role chunk comes first", async (lab) => {
    const got = await read(lab, { roleChunk: true });
    that(Math.abs(got.reading.ttft - 0.3 * got.truth.ttft) > 0.001, {
      seen: `TTFT of ${ms(got.reading.ttft)}`,
      expected: ms(got.truth.ttft),
      why: "That is the role chunk. It says that somebody will speak, and the model has not begun.",
      hint: "Look for content that is not empty.",
    });
    right(got, "The role chunk is no token.");
  }),

  check("An empty chunk comes first", async (lab) => {
    const got = await read(lab, { emptyChunk: true });
    that(Math.abs(got.reading.ttft - 0.5 * got.truth.ttft) > 0.001, {
      seen: `TTFT of ${ms(got.reading.ttft)}`,
      expected: ms(got.truth.ttft),
      why: "That is a chunk whose content is an empty text. It is there, and it says nothing.",
      hint: '"" is false in a condition.',
    });
    right(got, "An empty chunk is no token.");
  }),

  check("Several tokens share a chunk", async (lab) => {
    const perChunk = 2 + (lab.seed % 4);
    const got = await read(lab, { tokensPerChunk: perChunk });
    that(got.reading.tokens !== 1 + Math.ceil((got.truth.tokens - 1) / perChunk), {
      seen: `${got.reading.tokens} tokens`,
      expected: `${got.truth.tokens}`,
      why: "Those are chunks. One may hold several tokens, and only the server knows how many.",
      hint: "usage.completion_tokens.",
    });
    right(got, "TPOT is per token, however they were packed.");
  }),

  check("The usage comes with the first chunk", async (lab) => {
    const got = await read(lab, { usage: "first", tokensPerChunk: 3 });
    right(got, "What the server counted stands, even when later chunks say nothing of it.");
  }),

  check("The server counts no tokens", async (lab) => {
    const got = await read(lab, { usage: "none", roleChunk: true });
    that(!Number.isNaN(got.reading.tokens), {
      seen: "NaN tokens",
      expected: `${got.truth.tokens}`,
      why: "Without usage, the chunks that said something are the best count there is.",
    });
    right(got, "Without usage, each chunk that said something counts as one token.");
  }),

  check("The model thinks first", async (lab) => {
    const reasoningTokens = 6 + (lab.seed % 8);
    const got = await read(lab, { roleChunk: true, reasoningTokens });
    const { reading, truth } = got;
    that(reading.ttft < truth.ttft + 0.001 || Number.isNaN(reading.ttft), {
      seen: `TTFT of ${ms(reading.ttft)}`,
      expected: ms(truth.ttft),
      why: "That is the first token of the answer. The model has been writing since before, and thinking is paid for like the rest.",
      hint: "reasoning_content counts as well.",
    });
    right(got, "Thinking comes out token by token, like the answer.");
    that(reading.text === truth.text, {
      seen: `"${reading.text.slice(0, 40)}…"`,
      expected: `"${truth.text.slice(0, 40)}…"`,
      why: "text is the answer without the thinking.",
    });
  }),

  check("The model declines", async (lab) => {
    const got = await read(lab, { refusal: true });
    that(!Number.isNaN(got.reading.ttft), {
      seen: "no first token",
      expected: ms(got.truth.ttft),
      why: "A refusal is an answer. It took the GPU's time and somebody read it, under another name than content.",
      hint: "delta.refusal.",
    });
    right(got, "A refusal comes out token by token, like any other answer.");
    that(got.reading.text === got.truth.text, {
      seen: `"${got.reading.text.slice(0, 40)}"`,
      expected: `"${got.truth.text.slice(0, 40)}"`,
      why: "What the model said when it declined belongs to the text.",
    });
  }),

  check("The answer is one token, or two or three", async (lab) => {
    const got = await read(lab, { tokens: 1, roleChunk: true });
    that(Number.isNaN(got.reading.tpot), {
      seen: `TPOT of ${ms(got.reading.tpot)}`,
      expected: "NaN",
      why: "One token has no gap to another. Zero would say that the server is infinitely fast.",
    });
    right(got, "One token has a TTFT and no TPOT.");
    for (const tokens of [2, 3]) right(await read(lab, { tokens }), `An answer of ${tokens} tokens has both.`);
  }),

  check("A read ends in the middle of a character", async (lab) => {
    const got = await read(
      lab,
      { splitUtf8: true },
      "A read may end in the middle of an event. What is not complete belongs to the next read.",
    );
    that(!got.reading.text.includes("\uFFFD"), {
      seen: `"${got.reading.text.slice(0, 60)}…"`,
      expected: `"${got.truth.text.slice(0, 60)}…"`,
      why: "Half a character was decoded by itself, twice. Both halves became a question mark.",
      hint: "decoder.decode(bytes, { stream: true }) keeps the half for later.",
    });
    right(got, "How the bytes were cut says nothing about the tokens.");
  }),

  check("The server gives up in the middle", async (lab) => {
    const errorAfter = 5 + (lab.seed % 9);
    const { reading, truth } = await read(
      lab,
      { roleChunk: true, errorAfter },
      "The chunk with the error has no choices. Reading it must not end your stopwatch.",
    );
    that(reading.failed === true, {
      seen: `failed is ${String(reading.failed)}`,
      expected: "true",
      why: "Half an answer that counts as a whole one makes a failing server look quick.",
      hint: "A chunk with error in it.",
    });
    close(reading.tokens, truth.tokens, {
      absolute: 0,
      what: "tokens until then:",
      why: "The chunk with the error is no token.",
    });
    close(reading.ttft, truth.ttft, {
      absolute: 0.001,
      what: "TTFT in seconds:",
      why: "The first token was there before the error.",
    });
  }),

  check("Everything comes in one piece", async (lab) => {
    for (const tokens of [20 + (lab.seed % 9), 2]) {
      const got = await read(lab, { onePiece: true, roleChunk: true, tokens });
      const { reading } = got;
      that(Number.isNaN(reading.tpot), {
        seen: `TPOT of ${ms(reading.tpot)}`,
        expected: "NaN",
        why: "A proxy held the answer back and let it go at once. How fast it was written can't be known, and 0 is the best TPOT there could be.",
        hint: "Several tokens, and the first came with the last.",
      });
      that(Number.isNaN(reading.ttft), {
        seen: `TTFT of ${ms(reading.ttft)}`,
        expected: "NaN",
        why: "That is when the whole answer was there. When its first token was written can't be known.",
      });
      right(got, "Only the number of tokens can be known.");
    }
    right(await read(lab, { onePiece: true, tokens: 1 }), "A single token that comes in one piece came when it came.");
  }),
];

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}
