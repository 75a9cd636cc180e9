/** Unpacks a compressed answer as it comes, each piece under the time at which its bytes were read. */
import zlib from "node:zlib";
import type { Transform } from "node:stream";

/** What takes the unpacked pieces. */
export interface Unpacked {
  bytes(bytes: Uint8Array, t: number): void;
  end(): void;
  /** The bytes are not what their header says. */
  fail(): void;
}

/** Streams are cut off and flushed in the middle; what is there is given out. */
const SOFT_END = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
const SOFT_BROTLI = { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH };

const OPENERS: Readonly<Record<string, (head: Uint8Array) => Transform>> = {
  gzip: () => zlib.createGunzip(SOFT_END),
  "x-gzip": () => zlib.createGunzip(SOFT_END),
  br: () => zlib.createBrotliDecompress(SOFT_BROTLI),
  // Some servers send bare deflate where RFC 9110 means the zlib format.
  deflate: (head) => (isZlib(head) ? zlib.createInflate(SOFT_END) : zlib.createInflateRaw(SOFT_END)),
  ...(typeof zlib.createZstdDecompress === "function" && { zstd: () => zlib.createZstdDecompress() }),
};

function isZlib(head: Uint8Array): boolean {
  return (head[0]! & 0x0f) === 8 && ((head[0]! << 8) | (head[1] ?? 0)) % 31 === 0;
}

/** The encodings of a Content-Encoding header in the order they are taken off; [] for none. */
export function encodingsOf(header: string | undefined): string[] {
  const names = (header ?? "").split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "" && name !== "identity" && name !== "none").reverse();
}

/** The first encoding that can't be unpacked. */
export function unknownEncoding(encodings: readonly string[]): string | undefined {
  return encodings.find((name) => !Object.hasOwn(OPENERS, name));
}

/** One layer. A piece is unpacked to its end before the next is begun, so that what comes out has the right time. */
export class Unpacker {
  readonly #encoding: string;
  readonly #to: Unpacked;
  readonly #waiting: { bytes: Uint8Array; t: number }[] = [];
  #transform: Transform | undefined;
  #busy = false;
  #ended = false;
  #over = false;
  #t = NaN;

  constructor(encoding: string, to: Unpacked) {
    this.#encoding = encoding;
    this.#to = to;
  }

  push(bytes: Uint8Array, t: number): void {
    if (this.#over || bytes.length === 0) return;
    this.#waiting.push({ bytes: Uint8Array.from(bytes), t });
    this.#next();
  }

  end(): void {
    this.#ended = true;
    this.#next();
  }

  #next(): void {
    if (this.#busy || this.#over) return;
    const piece = this.#waiting.shift();
    if (!piece) {
      if (this.#ended) this.#finish();
      return;
    }
    this.#busy = true;
    this.#t = piece.t;
    this.#transform ??= this.#open(piece.bytes);
    this.#transform.write(piece.bytes, () =>
      setImmediate(() => {
        this.#busy = false;
        this.#next();
      }),
    );
  }

  #open(head: Uint8Array): Transform {
    const transform = OPENERS[this.#encoding]!(head);
    transform.on("data", (bytes: Uint8Array) => this.#to.bytes(bytes, this.#t));
    transform.on("end", () => this.#finish());
    transform.on("error", () => {
      if (this.#over) return;
      this.#over = true;
      this.#to.fail();
    });
    return transform;
  }

  #finish(): void {
    if (this.#over) return;
    if (this.#transform && !this.#transform.writableEnded) return void this.#transform.end();
    this.#over = true;
    this.#to.end();
  }
}

/** A sink through as many layers as the header names. All of them must be known. */
export function unpacking(encodings: readonly string[], to: Unpacked): { push: Unpacker["push"]; end(): void } {
  return encodings.reduceRight<{ push: Unpacker["push"]; end(): void }>(
    (next, encoding) =>
      new Unpacker(encoding, {
        bytes: (bytes, t) => next.push(bytes, t),
        end: () => next.end(),
        fail: () => to.fail(),
      }),
    { push: (bytes, t) => to.bytes(bytes, t), end: () => to.end() },
  );
}
