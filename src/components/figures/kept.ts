/** Keeps what a function gave, by its arguments: simulations are asked for more than once on a page. */
export function kept<Arguments extends readonly (string | number)[], Value>(make: (...of: Arguments) => Value) {
  const known = new Map<string, Value>();
  return (...of: Arguments): Value => {
    const key = of.join(" ");
    const value = known.get(key) ?? make(...of);
    known.set(key, value);
    return value;
  };
}

/** The same for figures by name: made once, however many pages and languages show them. */
export function eachOnce<Made>(makers: Readonly<Record<string, () => Made>>): Readonly<Record<string, () => Made>> {
  return Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, kept(make)]));
}
