/**
 * The simulated endpoint's tokenizer: reversible and without a vocabulary. A token is up to six UTF-8 bytes; a space starts
 * a new one, so " hello" and " world" are one token each and English runs at about four characters a token.
 * An id is the token's bytes read as a number behind a leading 1.
 */
const MAX_BYTES = 6;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Calls `visit(start, end)` for each token of the text, in UTF-16 units; returns the number of tokens. */
export function eachToken(text: string, visit?: (start: number, end: number) => void): number {
  let count = 0;
  let start = 0;
  let bytes = 0;
  let at = 0;
  while (at < text.length) {
    const point = text.codePointAt(at)!;
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    const space = point === 32 || (point >= 9 && point <= 13);
    if (bytes > 0 && (space || bytes + size > MAX_BYTES)) {
      visit?.(start, at);
      count++;
      start = at;
      bytes = 0;
    }
    bytes += size;
    at += point > 0xffff ? 2 : 1;
  }
  if (bytes > 0) {
    visit?.(start, at);
    count++;
  }
  return count;
}

/** Token ids of a text. */
export function encode(text: string): number[] {
  const ids: number[] = [];
  eachToken(text, (start, end) => {
    let id = 1;
    for (const byte of encoder.encode(text.slice(start, end))) id = id * 256 + byte;
    ids.push(id);
  });
  return ids;
}

/** The text of token ids; ids that this tokenizer never gave become U+FFFD. */
export function decode(ids: readonly number[]): string {
  const bytes: number[] = [];
  for (const id of ids) bytes.push(...bytesOf(id));
  return decoder.decode(new Uint8Array(bytes));
}

function bytesOf(id: number): number[] {
  if (!Number.isSafeInteger(id) || id < 256) return [0xef, 0xbf, 0xbd];
  const bytes: number[] = [];
  let rest = id;
  while (rest >= 256) {
    bytes.unshift(rest % 256);
    rest = Math.floor(rest / 256);
  }
  return rest === 1 ? bytes : [0xef, 0xbf, 0xbd];
}
