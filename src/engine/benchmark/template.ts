/** Recognises an event that differs from the last parsed one only in its text, by comparing bytes, so that most chunks need no JSON.parse. */
import { decodeUtf8 } from "./utf8.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const KEYS = ["content", "reasoning_content", "reasoning_text", "reasoning", "thinking", "text", "refusal", "response"];

/** Exact: what it accepts would parse to the same object but for one non-empty string. */
export class EventTemplate {
  readonly #prefix: Uint8Array;
  readonly #suffix: Uint8Array;

  private constructor(prefix: Uint8Array, suffix: Uint8Array) {
    this.#prefix = prefix;
    this.#suffix = suffix;
  }

  /** From an event that was parsed and found to bear exactly one text, `text`. Undefined when the text can't be located beyond doubt. */
  static from(bytes: Uint8Array, start: number, end: number, text: string): EventTemplate | undefined {
    let found: [number, number] | undefined;
    for (const key of KEYS) {
      const open = findValue(bytes, start, end, key);
      if (open < 0) continue;
      const close = stringEnd(bytes, open, end);
      if (close <= open) continue;
      if (found) return undefined;
      found = [open, close];
    }
    if (!found) return undefined;
    const [open, close] = found;
    if (parseString(decodeUtf8(bytes, open - 1, close + 1)) !== text) return undefined;
    return new EventTemplate(bytes.slice(start, open), bytes.slice(close, end));
  }

  matches(bytes: Uint8Array, start: number, end: number): boolean {
    const prefix = this.#prefix;
    const suffix = this.#suffix;
    const open = start + prefix.length;
    const close = end - suffix.length;
    if (close <= open) return false;
    for (let k = 0, i = close; i < end; k++, i++) if (bytes[i] !== suffix[k]) return false;
    for (let k = prefix.length - 1, i = open - 1; k >= 0; k--, i--) if (bytes[i] !== prefix[k]) return false;
    for (let i = open; i < close; i++) {
      const byte = bytes[i]!;
      if (byte === QUOTE || byte < SPACE) return false;
      if (byte === BACKSLASH && !validEscape(bytes, ++i, close)) return false;
    }
    return true;
  }

  /** Bytes between the quotes of a matching event's text. */
  textBytes(start: number, end: number): number {
    return end - start - this.#prefix.length - this.#suffix.length;
  }

  /** The text of a matching event. */
  text(bytes: Uint8Array, start: number, end: number): string {
    return parseString(decodeUtf8(bytes, start + this.#prefix.length - 1, end - this.#suffix.length + 1)) ?? "";
  }
}

/** Index just after the opening quote of the key's string value, or −1 when the key is absent, twice there, or not a string. */
function findValue(bytes: Uint8Array, start: number, end: number, key: string): number {
  let found = -1;
  for (let i = start; i < end - key.length - 3; i++) {
    if (bytes[i] !== QUOTE || bytes[i + key.length + 1] !== QUOTE || !equalsAt(bytes, i + 1, key)) continue;
    let j = i + key.length + 2;
    if (bytes[j] !== 58) continue;
    j++;
    if (bytes[j] === SPACE) j++;
    if (bytes[j] !== QUOTE) continue;
    if (found >= 0) return -1;
    found = j + 1;
  }
  return found;
}

function equalsAt(bytes: Uint8Array, at: number, key: string): boolean {
  for (let k = 0; k < key.length; k++) if (bytes[at + k] !== key.charCodeAt(k)) return false;
  return true;
}

/** Index of the closing quote of the string whose first character is at `open`. */
function stringEnd(bytes: Uint8Array, open: number, end: number): number {
  for (let i = open; i < end; i++) {
    if (bytes[i] === BACKSLASH) i++;
    else if (bytes[i] === QUOTE) return i;
  }
  return -1;
}

function validEscape(bytes: Uint8Array, i: number, close: number): boolean {
  if (i >= close) return false;
  const code = bytes[i]!;
  if (code !== 117) return '"\\/bfnrt'.includes(String.fromCharCode(code));
  if (i + 4 >= close) return false;
  for (let k = 1; k <= 4; k++) if (!/[0-9a-fA-F]/.test(String.fromCharCode(bytes[i + k]!))) return false;
  return true;
}

function parseString(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
