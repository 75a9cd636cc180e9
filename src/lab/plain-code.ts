/** TypeScript text with comments, or with comments and texts, blanked out: every position stays where it was. */

const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");

/** Texts and templates come before comments, so that "//" in one is none. A template ends at its first backtick: none is nested in labs. */
const pieces = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

export function withoutComments(code: string): string {
  return code.replaceAll(pieces, (piece) => (piece.startsWith("/") ? blank(piece) : piece));
}

export function withoutWords(code: string): string {
  return code.replaceAll(pieces, blank);
}

/** 1-based. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
