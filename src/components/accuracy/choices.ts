/** What a reader chose, kept in the address: so that a link shows what was seen. */

export type Choices = Readonly<Record<string, string>>;

/** Of the address's query, what `defaults` names; anything else is left alone. */
export function readChoices<T extends Choices>(defaults: T, search: string): T {
  const asked = new URLSearchParams(search);
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, asked.get(name) ?? value]),
  ) as unknown as T;
}

/** The query that brings these choices back; defaults are not written. */
export function writeChoices<T extends Choices>(choices: T, defaults: T, search: string): string {
  const asked = new URLSearchParams(search);
  for (const [name, value] of Object.entries(choices))
    if (value === defaults[name]) asked.delete(name);
    else asked.set(name, value);
  const text = asked.toString();
  return text === "" ? "" : `?${text}`;
}
