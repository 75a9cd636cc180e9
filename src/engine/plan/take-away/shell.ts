/** Words for a POSIX shell. */

/** The word as a shell reads it back: quoted unless it holds only characters that mean themselves everywhere. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** One command over several lines: what belongs to an option stays beside it. */
export function command(program: readonly string[], options: readonly Option[]): string {
  const lines = options.map(({ name, value }) => (value === undefined ? name : `${name} ${quoted(value)}`));
  return [program.map(quoted).join(" "), ...lines].join(" \\\n  ");
}

export interface Option {
  readonly name: string;
  /** Absent: a switch. */
  readonly value?: string;
}

export function option(name: string, value?: string | number): Option {
  return value === undefined ? { name } : { name, value: String(value) };
}
