/** Reads a request's body, up to a cap. */
import type { IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** A request that is refused, with the status to refuse it with. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Throws HttpError 413 beyond `maxBytes`, 400 when it is not JSON. */
export async function readJson(req: IncomingMessage, maxBytes: number): Promise<unknown> {
  const announced = Number(req.headers["content-length"] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const parts: Buffer[] = [];
  let size = 0;
  const source = unpacked(req);
  try {
    for await (const part of source as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof HttpError || source === req) throw error;
    throw new HttpError(400, "the body is not compressed as its Content-Encoding says");
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
  } catch {
    throw new HttpError(400, "the body is not JSON");
  }
}

const UNPACKERS = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** The body as it was before it was compressed; the cap counts what comes out. */
function unpacked(req: IncomingMessage): Readable {
  const encoding = (req.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return req;
  if (!Object.hasOwn(UNPACKERS, encoding))
    throw new HttpError(
      415,
      `Content-Encoding ${encoding.slice(0, 40)} is not known here; ${Object.keys(UNPACKERS).join(", ")} are`,
    );
  const unpacker = UNPACKERS[encoding as keyof typeof UNPACKERS]();
  pipeline(req, unpacker, () => {});
  return unpacker;
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, `the body is larger than ${maxBytes} bytes`);
}
