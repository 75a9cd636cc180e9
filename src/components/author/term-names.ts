/** How a term of the glossary is found in running text. */

/**
 * "Utilisation (ρ)" → whole words "utilisation", any case, one or many; "TTFT" only in capitals; "IVF / nprobe" as either. `also`:
 * other names of the same thing.
 */
export function namesOf(term: string, also: readonly string[] = []): readonly RegExp[] {
  const names = [term.replace(/\s*\(.*\)/, ""), ...also].flatMap((name) => name.split(" / "));
  return names.map((name) => {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/[’']/g, "[’']");
    const inCapitals = /^[A-Z0-9]{2,}$/.test(name.replace(/[^A-Za-z0-9]/g, ""));
    return new RegExp(`(?<![\\w-])${escaped}(?:e?s)?(?![\\w-])`, inCapitals ? "u" : "iu");
  });
}
