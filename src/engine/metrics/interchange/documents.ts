/** The JSON values of a text: one document, one a line, several behind one another; NaN and Infinity as Python writes them. */
import { InputError } from "../../errors.ts";

export interface Documents {
  readonly values: readonly unknown[];
  /** The text ends in the middle of a value, as a file does whose writer was killed. That last value is left out. */
  readonly cutOff: boolean;
}

/** Every value of `text`. Throws InputError where it is not JSON; a blank text has no values. */
export function documentsOf(text: string): Documents {
  const whole = parsed(text);
  if (whole !== undefined) return { values: [whole], cutOff: false };
  const values: unknown[] = [];
  let at = skipBlank(text, 0);
  while (at < text.length) {
    const end = endOfValue(text, at);
    if (end < 0 && values.length > 0) return { values, cutOff: true };
    const part = text.slice(at, end < 0 ? undefined : end);
    const value = parsed(part) ?? parsed(withQuotedNonNumbers(part));
    if (value === undefined)
      throw new InputError(
        `line ${lineOf(text, at)} of the file`,
        part.slice(0, 60),
        end < 0 ? "JSON, to its end" : "JSON",
      );
    values.push(value);
    at = skipBlank(text, end < 0 ? text.length : end);
  }
  return { values, cutOff: false };
}

/** undefined where it is not JSON; no JSON text is undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function lineOf(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/** Past white space, and the record separator of RFC 7464. */
function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 0xfeff)) at++;
  return at;
}

const QUOTE = 34;
const BACKSLASH = 92;

/** The place behind the string that opens at `at`, or −1 where it never closes. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i + 1;
  }
  return -1;
}

/** The place behind the value that begins at `at`: where its brackets close, or its line ends. −1: never. */
function endOfValue(text: string, at: number): number {
  const open = text[at];
  if (open !== "{" && open !== "[") {
    const line = text.indexOf("\n", at);
    return line < 0 ? text.length : line;
  }
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = endOfString(text, i);
      if (end < 0) return -1;
      i = end - 1;
    } else if (c === "{" || c === "[") depth++;
    else if ((c === "}" || c === "]") && --depth === 0) return i + 1;
  }
  return -1;
}

/** NaN, Infinity and −Infinity outside strings, in quotes, which readers of numbers take as missing. */
function withQuotedNonNumbers(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = endOfString(text, i);
      if (end < 0) break;
      i = end - 1;
    } else if (c === "N" || c === "I" || c === "-") {
      const word = ["NaN", "Infinity", "-Infinity"].find((name) => text.startsWith(name, i));
      if (!word) continue;
      parts.push(text.slice(from, i), `"${word}"`);
      from = i + word.length;
      i = from - 1;
    }
  }
  return parts.join("") + text.slice(from);
}
