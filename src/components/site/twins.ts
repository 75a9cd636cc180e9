/** Which pages exist in a second language: those of content/ (translated, or in English with a notice), and the labs that are translated. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { getCollection } from "astro:content";
import { languageOf, secondLanguages, type SecondLanguage } from "../../languages.ts";
import { labFolder, labIds } from "../lab/read-lab.ts";

const docs = await getCollection("docs");
const english = new Set(["", ...docs.map(({ id }) => id).filter((id) => languageOf(id) === undefined)]);

/** A lab has a page in a language once it has a file of words for it. */
function labHasLanguage(id: string, lang: SecondLanguage): boolean {
  return existsSync(join(labFolder(id).path, `${lang}.yaml`));
}

/** Labs with a page in that language. */
export function labsIn(lang: SecondLanguage): readonly string[] {
  return labIds().filter((id) => labHasLanguage(id, lang));
}

/** "lessons/01-introduction/#queue" → "de/lessons/01-introduction/#queue"; where there is no such page, the path as it is. */
export function pathIn(lang: SecondLanguage | undefined, path: string): string {
  return lang !== undefined && hasTwin(lang, path) ? `${lang}/${path}` : path;
}

/** Whether an English page has one in that language. `path` is below the base: "labs/", "lessons/01-introduction/". */
export function hasTwin(lang: SecondLanguage, path: string): boolean {
  const page = path.replace(/#.*$/, "").replace(/^\/|\/$/g, "");
  const [, lab] = /^labs\/([^/]+)$/.exec(page) ?? [];
  return lab === undefined ? english.has(page) : labIds().includes(lab) && labHasLanguage(lab, lang);
}

/** Whether that twin is in the language too, instead of falling back. */
export function isTranslated(lang: SecondLanguage, path: string): boolean {
  const page = path.replace(/^\/|\/$/g, "");
  return (
    hasTwin(lang, path) &&
    (page.startsWith("labs/") || docs.some(({ id }) => id === `${lang}/${page}`.replace(/\/$/, "")))
  );
}

/** "de/glossary/" → "glossary/"; an English path as it is. Both below the base. */
export function inEnglish(path: string): string {
  return languageOf(path) === undefined ? path : path.replace(/^[^/]+\/?/, "");
}

/** The same page in every language, from any of them; `path` undefined where it has none in that language. `here`: below the base. */
export function twinsOf(here: string): readonly { lang: SecondLanguage | undefined; label: string; path?: string }[] {
  const path = inEnglish(here);
  return [
    { lang: undefined, label: "English", path },
    ...(Object.keys(secondLanguages) as SecondLanguage[]).map((lang) => ({
      lang,
      label: secondLanguages[lang].label,
      ...(hasTwin(lang, path) && { path: pathIn(lang, path) }),
    })),
  ];
}
