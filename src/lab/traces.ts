/** Which shipped traces a lab's code replays: their data are fetched before it runs, so that `trace(name)` needs no await. */

/**
 * Names that the compiled code spells out; all of them where it uses `trace` and spells out none. The compiler drops the import
 * of a name that is not used, so `get("trace")` stands in the code only where it is.
 */
export function tracesNamed(code: string, shipped: readonly string[]): readonly string[] {
  if (!/\bget\d*\("trace"\)/.test(code)) return [];
  const named = shipped.filter((name) => code.includes(name));
  return named.length > 0 ? named : shipped;
}
