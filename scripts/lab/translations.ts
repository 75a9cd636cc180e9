/** The translations of a lab, held against what the lab says: what is wrong with them, and what they leave in English. */
import type { Fault } from "../../src/lab/fault.ts";
import { readTranslation, translate } from "../../src/lab/translation.ts";
import { secondLanguages } from "../../src/languages.ts";
import { labFolder, readLabFile, readLabFolder } from "./lab-folders.ts";
import { toldByChecks } from "./told-by-checks.ts";

interface Translated {
  readonly lang: string;
  readonly faults: readonly Fault[];
  /** Fields of lab.yaml, and "checks". */
  readonly missing: readonly string[];
}

/** Of one lab in one language, which must be there; nothing where the lab itself can't be read. */
export function translationFaults(id: string, lang: string): Translated {
  const { sources } = readLabFolder(id);
  if (sources === undefined) return { lang, faults: [], missing: [] };
  const told = toldByChecks(sources.checks);
  const file = `${labFolder(id).at}/${lang}.yaml`;
  const read = readTranslation(readLabFile(id, `${lang}.yaml`) ?? "", file, sources.definition, told);
  return { lang, faults: read.faults, missing: translate(sources.definition, read.translation, told).missing };
}

/** Of one lab in every language it has a file for. */
export function translationsOf(id: string): readonly Translated[] {
  return Object.keys(secondLanguages)
    .filter((lang) => readLabFile(id, `${lang}.yaml`) !== undefined)
    .map((lang) => translationFaults(id, lang));
}
