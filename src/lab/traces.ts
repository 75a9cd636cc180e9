/** Which shipped traces a lab's code replays: their data are fetched before it runs, so that `trace(name)` needs no await. */

/**
 * The traces that lab.yaml declares, and those whose names the compiled code spells out. Code that calls `trace` and spells none
 * out is given what is declared, else all of them. The compiler drops the import of a name that is not used, so `get("trace")`
 * stands in the code only where it is.
 */
export function tracesOf(declared: readonly string[], code: string, shipped: readonly string[]): readonly string[] {
  const named = replays(code) ? shipped.filter((name) => code.includes(name)) : [];
  const all = new Set([...declared, ...named]);
  if (all.size === 0 && replays(code)) return shipped;
  return [...all];
}

/** Whether compiled code calls `trace`. */
export function replays(code: string): boolean {
  return /\bget\d*\("trace"\)/.test(code);
}
