/** The stream reader on one transcript of every dialect. */
import { describe, expect, test } from "vitest";
import { StreamReader } from "../../src/engine/benchmark/stream-reader.ts";
import { Random } from "../../src/engine/random.ts";
import { randomCuts, readInPieces, transcripts } from "./transcripts.ts";

/** Over all transcripts: 10⁶ in the long tier. */
const FUZZ_SPLITS = process.env.TEST_LONG ? 1_000_000 : 4000;

describe.each(transcripts)("$name ($provenance)", ({ bytes, expected }) => {
  test("is read as its server meant it", () => {
    const tokens: number[] = [];
    const reader = new StreamReader((_, count) => void (count > 0 && tokens.push(count)), { keepText: true });
    reader.headers(200);
    // One byte a read, and the time is the byte's number, so that times tell which byte made the event.
    bytes.forEach((_, i) => reader.push(bytes.subarray(i, i + 1), i));
    reader.end(bytes.length);
    expect({
      tokenChunks: reader.tokenChunks,
      prompt: reader.usage.prompt,
      cached: reader.usage.cached,
      output: reader.usage.output,
      finish: reader.finish ?? null,
      done: reader.done,
      text: reader.text,
      firstEventIsFirstToken: reader.firstEvent === reader.first,
      failure: reader.outcome()?.kind ?? null,
      ...(expected.chunkTokens && { chunkTokens: tokens }),
      ...(expected.visible !== undefined && { visible: reader.visibleTokens }),
    }).toEqual(expected);
    expect(reader.firstEvent).toBeLessThanOrEqual(reader.first);
    expect(reader.first).toBeLessThanOrEqual(reader.last);
  });

  test("gives the same record for every single cut", () => {
    const whole = readInPieces(bytes, []);
    for (let cut = 0; cut <= bytes.length; cut++) expect(readInPieces(bytes, [cut])).toEqual(whole);
  });

  test("gives the same record for random splits", () => {
    const whole = JSON.stringify(readInPieces(bytes, []));
    const random = new Random(7);
    for (let i = 0; i < FUZZ_SPLITS / transcripts.length; i++) {
      const cuts = randomCuts(bytes.length, 1 + random.integer(40), () => random.uniform());
      const split = JSON.stringify(readInPieces(bytes, cuts));
      if (split !== whole) expect.fail(`cuts ${cuts.join()} changed the record to ${split}`);
    }
  }, 120_000);

  test("gives the same record with CRLF line ends", () => {
    const crlf = Buffer.from(Buffer.from(bytes).toString("utf8").replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"));
    const whole = readInPieces(bytes, []);
    expect(readInPieces(crlf, [])).toEqual(whole);
    for (let cut = 0; cut <= crlf.length; cut += 3) expect(readInPieces(crlf, [cut])).toEqual(whole);
  });
});

test("every server of the reference has a transcript", () => {
  const names = transcripts.map(({ name }) => name).join(" ");
  for (const server of ["vllm", "sglang", "trtllm", "tgi", "llamacpp", "ollama", "openai", "azure"])
    expect(names).toContain(server);
});
