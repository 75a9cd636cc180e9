/** The habits of the server, and what came in, drawn read by read with your marks on it. */
import { chart, type StreamShape } from "perflab";

/** A piece of the stream as it came in; seconds since the request left. */
export interface Read {
  readonly t: number;
  readonly bytes: Uint8Array;
}
/** What a stopwatch reads off one streamed answer. Times in seconds; NaN where nobody can tell. */
export interface Reading {
  readonly ttft: number;
  readonly tpot: number;
  readonly tokens: number;
  /** What the model said, without its thinking. */
  readonly text: string;
  /** Whether the server gave up in the middle. */
  readonly failed: boolean;
}

export const habits: Readonly<Record<string, StreamShape>> = {
  plain: {},
  "role chunk first": { roleChunk: true },
  "empty chunk first": { roleChunk: true, emptyChunk: true },
  "four tokens a chunk": { roleChunk: true, tokensPerChunk: 4 },
  "thinks first": { roleChunk: true, reasoningTokens: 200 },
  declines: { roleChunk: true, refusal: true },
  "cuts characters": { roleChunk: true, splitUtf8: true },
  "breaks off": { roleChunk: true, errorAfter: 40 },
  "all in one piece": { roleChunk: true, onePiece: true },
};

export async function record(stream: AsyncIterable<Read>): Promise<readonly Read[]> {
  const reads: Read[] = [];
  for await (const read of stream) reads.push(read);
  return reads;
}

export async function* replay(reads: readonly Read[]): AsyncGenerator<Read> {
  for (const read of reads) yield await Promise.resolve(read);
}

const words = (read: Read) => new TextDecoder().decode(read.bytes).trim();

/** Seconds to the first read that shows something of the answer itself. */
export function firstOfAnswer(reads: readonly Read[]): number {
  return reads.find((read) => /"content":"[^"]/.test(words(read)))?.t ?? NaN;
}

/** Draws the reads by what is in them, and where your stopwatch stopped. */
export function show(reads: readonly Read[], reading: Reading): void {
  const kinds: [name: string, has: RegExp][] = [
    ["error", /"error"/],
    ["thinking", /"reasoning_content":"[^"]/],
    ["answer", /"(content|refusal)":"[^"]/],
    ["role, empty, end or usage", /./],
  ];
  const kindOf = (read: Read) => kinds.findIndex(([, has]) => has.test(words(read)));
  const marks = [
    { x: reading.ttft, label: "your first token" },
    { x: reading.ttft + (reading.tokens - 1) * reading.tpot, label: "your last token" },
  ];
  chart.scatter({
    title: "Every read of one answer",
    x: { label: "Since the request left", unit: "s" },
    y: { label: "Reads so far" },
    series: kinds.flatMap(([name], kind) => {
      const points = reads.flatMap((read, i) => (kindOf(read) === kind ? [{ x: read.t, y: i + 1 }] : []));
      return points.length > 0 ? [{ name, points }] : [];
    }),
    marks: marks.filter(({ x }) => Number.isFinite(x)),
  });
  for (const read of reads.slice(0, 3)) console.log(`${(read.t * 1000).toFixed(1)} ms: ${words(read).slice(0, 400)}`);
  const { ttft, tpot, tokens, failed } = reading;
  console.log(
    `Your stopwatch: TTFT ${(ttft * 1000).toFixed(1)} ms, TPOT ${(tpot * 1000).toFixed(2)} ms, ${tokens} tokens${failed ? ", failed" : ""}.`,
  );
}
