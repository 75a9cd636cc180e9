/** A short, stable fingerprint of source text: the key of compiled code and of drafts. Not for security. */

/** 53 bits as 14 hex digits; line endings do not matter. The mixing is cyrb53 (bryc, public domain). */
export function sourceHash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const char of normaliseLines(text)) {
    const code = char.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, "0");
}

/** Editors on different systems end lines differently; code is compared with `\n`. */
export function normaliseLines(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}
