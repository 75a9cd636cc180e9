/** UTF-8 bytes to text without TextDecoder, which the engine's pure subset of the language doesn't have. */

const BATCH = 4096;

/** Bytes that aren't valid UTF-8 become U+FFFD, as the Encoding Standard has it. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  let units: number[] = [];
  for (let i = start; i < end;) {
    const lead = bytes[i]!;
    const length = sequenceLength(bytes, i, end);
    if (lead < 0x80) units.push(lead);
    else if (length === 0) units.push(0xfffd);
    else pushUnits(units, codePoint(bytes, i, length));
    i += lead < 0x80 ? 1 : length === 0 ? invalidLength(bytes, i, end) : length;
    if (units.length >= BATCH) {
      text += String.fromCharCode.apply(null, units);
      units = [];
    }
  }
  return text + String.fromCharCode.apply(null, units);
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A surrogate pair is four bytes in two units.
    if (unit >= 0xd800 && unit <= 0xdfff) bytes += 1;
    else if (unit >= 0x800) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

function continuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Smallest and largest second byte allowed after a lead byte: refuses overlong forms, surrogates and > U+10FFFF. */
function secondByteFits(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second <= 0x8f;
  return true;
}

function expectedLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/** Length of the valid sequence at i, or 0. */
function sequenceLength(bytes: Uint8Array, i: number, end: number): number {
  const length = expectedLength(bytes[i]!);
  if (length === 0 || i + length > end) return 0;
  if (!secondByteFits(bytes[i]!, bytes[i + 1]!)) return 0;
  for (let k = 1; k < length; k++) if (!continuation(bytes[i + k])) return 0;
  return length;
}

/** How many bytes one replacement character stands for: the longest prefix of a valid sequence. */
function invalidLength(bytes: Uint8Array, i: number, end: number): number {
  const length = expectedLength(bytes[i]!);
  let used = 1;
  while (used < length && i + used < end && continuation(bytes[i + used])) {
    if (used === 1 && !secondByteFits(bytes[i]!, bytes[i + 1]!)) break;
    used++;
  }
  return used;
}

function codePoint(bytes: Uint8Array, i: number, length: number): number {
  let point = bytes[i]! & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) point = (point << 6) | (bytes[i + k]! & 0x3f);
  return point;
}

function pushUnits(units: number[], point: number): void {
  if (point < 0x10000) units.push(point);
  else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
}
