/** The transcripts of every dialect, and what a reader makes of a stream however it is split. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StreamReader } from "../../src/engine/benchmark/stream-reader.ts";
import index from "./transcripts/index.json" with { type: "json" };

export interface Expected {
  readonly tokenChunks: number;
  readonly prompt: number;
  readonly cached: number;
  readonly output: number;
  readonly finish: string | null;
  readonly done: boolean;
  readonly text: string;
  readonly firstEventIsFirstToken: boolean;
  readonly failure: string | null;
  readonly chunkTokens?: readonly number[];
  /** Output tokens that the stream showed. */
  readonly visible?: number;
}

export interface Transcript {
  readonly name: string;
  readonly provenance: string;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
}

export const transcripts: readonly Transcript[] = Object.entries(index.transcripts).map(([name, entry]) => ({
  name,
  provenance: entry.provenance,
  bytes: readFileSync(join(import.meta.dirname, "transcripts", name)),
  expected: entry.expected,
}));

/** Everything the reader says that doesn't depend on when bytes were read. */
export function readInPieces(bytes: Uint8Array, cuts: readonly number[]): unknown {
  const chunks: [tokens: number, kind: number][] = [];
  const reader = new StreamReader((_, tokens, kind) => void chunks.push([tokens, kind]), { keepText: true });
  reader.headers(200);
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    // A fresh copy that is overwritten afterwards: the reader must not keep a reference to what it was lent.
    const piece = Uint8Array.from(bytes.subarray(from, to));
    reader.push(piece, 0);
    piece.fill(0x21);
    from = to;
  }
  reader.end(0);
  const { tokenChunks, usage, finish, done, text } = reader;
  return { chunks, tokenChunks, usage, finish: finish ?? null, done, text, failure: reader.outcome()?.kind ?? null };
}

/** Sorted cut positions drawn by `random` (0 ≤ random() < 1). */
export function randomCuts(length: number, count: number, random: () => number): number[] {
  return Array.from({ length: count }, () => Math.floor(random() * (length + 1))).sort((a, b) => a - b);
}
