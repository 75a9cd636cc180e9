/**
 * Recorded traces, packed: columns of differences as variable-length integers (seven bits a byte), in base64. One trace is one
 * JSON file with its credit. Times are whole milliseconds.
 */
import { InputError } from "../../errors.ts";
import { hashWord } from "../../random.ts";
import type { RequestTable, Segments } from "../request-table.ts";

export interface PackedTrace {
  readonly name: string;
  /** Where it comes from, and under which licence. */
  readonly source: string;
  readonly licence: string;
  readonly requests: number;
  /** Tokens of one shared block; 0 where the trace says nothing about shared text. */
  readonly blockTokens: number;
  readonly data: string;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function bytesOf(base64: string): Uint8Array {
  const codes = new Uint8Array(128);
  for (let k = 0; k < 64; k++) codes[ALPHABET.charCodeAt(k)] = k;
  const text = base64.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let to = 0;
  for (let k = 0; k < text.length; k++) {
    buffer = ((buffer << 6) | (codes[text.charCodeAt(k)] as number)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[to++] = (buffer >> bits) & 255;
    }
  }
  return bytes;
}

/** Reads unsigned and signed (zigzag) integers. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  unsigned(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new InputError("trace data", this.#at, "as long as its header says");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** The trace as a table of requests: arrival, lengths and, where known, shared leading blocks. */
export function unpackTrace(packed: PackedTrace): RequestTable {
  const n = packed.requests;
  const reader = new Reader(bytesOf(packed.data));
  const at = new Float64Array(n);
  let t = 0;
  for (let i = 0; i < n; i++) at[i] = (t += reader.unsigned()) / 1000;
  const prompt = Uint32Array.from({ length: n }, () => reader.unsigned());
  const output = Uint32Array.from({ length: n }, () => reader.unsigned());
  const table = { count: n, at, prompt, output };
  return packed.blockTokens > 0 ? { ...table, segments: sharedBlocks(packed, prompt, reader) } : table;
}

/** Block ids come as runs of consecutive numbers: how many runs, then each run's start (from the last one's end) and length. */
function sharedBlocks(packed: PackedTrace, prompt: Uint32Array, reader: Reader): Segments {
  const offset: number[] = [0];
  const id: number[] = [];
  const tokens: number[] = [];
  let end = 0;
  for (const total of prompt) {
    let left = total;
    for (let runs = reader.unsigned(); runs > 0; runs--) {
      const start = end + reader.signed();
      const length = reader.unsigned();
      end = start + length;
      for (let block = start; block < end; block++) {
        id.push(hashWord(0x7137449, block));
        tokens.push(Math.min(packed.blockTokens, left));
        left -= Math.min(packed.blockTokens, left);
      }
    }
    offset.push(id.length);
  }
  return {
    offset: Uint32Array.from(offset),
    id: Uint32Array.from(id),
    tokens: Uint32Array.from(tokens),
    answer: Uint32Array.from({ length: prompt.length }, (_, i) => hashWord(0x243185be, i)),
  };
}
