/** Which judgements of a lab's checks ever fail an answer: a judgement that nothing can fail has a message that nobody gets, or a tolerance wider than any mistake. */
import type { Compiled } from "./compile/compiler.ts";
import type { Fault } from "./fault.ts";
import { locateError } from "./locate.ts";
import type { CheckResult } from "./protocol.ts";
import { sitesOf, type Site } from "./traps.ts";

export class Judgements {
  readonly #sites: readonly Site[];
  readonly #checks: Compiled;
  readonly #failed = new Set<Site>();

  /** `texts`: checks.ts and the lab's further files, by name; `checks`: the first as compiled. */
  constructor(texts: Readonly<Record<string, string>>, checks: Compiled) {
    this.#sites = sitesOf(texts);
    this.#checks = checks;
  }

  /** Takes down where each failed check judged. */
  note(results: readonly CheckResult[]): void {
    for (const { at } of results) {
      if (at === undefined) continue;
      const { place } = locateError({ name: "", message: "", stack: at }, this.#checks.map, "checks");
      const file = place?.file === "main.ts" ? "checks.ts" : place?.file;
      for (const site of this.#sites) if (site.file === file && site.line === place?.line) this.#failed.add(site);
    }
  }

  /** Those that have failed nothing yet. */
  get idle(): readonly Site[] {
    return this.#sites.filter((site) => !this.#failed.has(site));
  }
}

/** What an author is told of a judgement that failed none of `tried` answers. */
export function idleInWords({ kind }: Site, tried: number): Pick<Fault, "says" | "fix"> {
  return kind === "close"
    ? {
        says: `No answer fails this close: the numbers of all ${tried} that were tried are within its tolerance, or fail before it.`,
        fix: "Narrow the tolerance until the mistake it is for fails, add that mistake to wrong.yaml, or take it out.",
      }
    : {
        says: `No answer gets this message: none of the ${tried} that were tried, the starter, wrong answers, changed solutions and strange results.`,
        fix: "Add the answer it is for to wrong.yaml; if there is none, or an earlier judgement catches it, take it out.",
      };
}
