/** The text of a file that some other program wrote: compressed or not, in UTF-8 or UTF-16. */
import { gunzipSync } from "node:zlib";

/** UTF-8 unless a byte order mark, or the zero bytes between the letters of ASCII, say UTF-16. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return decodeText(gunzipSync(bytes));
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && b !== undefined)) return "utf-16be";
  return "utf-8";
}
