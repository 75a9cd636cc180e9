/** What the build knows of a second language: its dictionary from content/<language>, and the language a page's own text is in. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { secondLanguage, type SecondLanguage } from "../../languages.ts";
import type { Phrases, Say } from "../../lab/phrases.ts";
import { giveWords, wordsIn } from "./page-words.ts";

const read = new Map<string, Readonly<Record<string, unknown>>>();

/** A YAML file of content/<language>, read once; empty where there is none. */
export function translationFile<T>(lang: SecondLanguage, file: string): Readonly<Record<string, T>> {
  const path = join(process.cwd(), "content", lang, file);
  const known = read.get(path);
  if (known !== undefined) return known as Readonly<Record<string, T>>;
  const found = existsSync(path) ? ((parse(readFileSync(path, "utf8")) ?? {}) as Readonly<Record<string, T>>) : {};
  if (!import.meta.env?.DEV) read.set(path, found);
  return found;
}

/** The buttons, labels and messages of the site, which its pages bring along. */
export function siteWords(lang: SecondLanguage): Phrases {
  return translationFile<string>(lang, "words.yaml");
}

/** The texts of figures and of the rest that only the build says. */
function figureWords(lang: SecondLanguage): Phrases {
  return translationFile<string>(lang, "figures.yaml");
}

interface Page {
  readonly locals: {
    readonly starlightRoute: { readonly lang: string; readonly entryMeta: { readonly lang: string } };
  };
}

/** The language of the text of a page, undefined being English: a page that falls back has English text in a foreign frame. */
export function textLanguage({ locals }: Page): SecondLanguage | undefined {
  return secondLanguage(locals.starlightRoute.entryMeta.lang);
}

/** The language of what stands around it. */
export function frameLanguage({ locals }: Page): SecondLanguage | undefined {
  return secondLanguage(locals.starlightRoute.lang);
}

/** Says the site's English in that language. */
export function siteSay(lang: SecondLanguage | undefined): Say {
  if (lang === undefined) return wordsIn(undefined);
  giveWords(lang, siteWords(lang));
  return wordsIn(lang);
}

/** As `siteSay`, with the texts of figures too. */
export function figureSay(lang: SecondLanguage | undefined): Say {
  if (lang === undefined) return wordsIn(undefined);
  const name = `${lang}-x-figures`;
  giveWords(name, { ...siteWords(lang), ...figureWords(lang) });
  return wordsIn(name);
}

interface Term {
  readonly term: string;
  readonly means: string;
}

/** A term of the glossary in that language; one that content/<language>/glossary.yaml lacks stays in English. */
export function termIn(lang: SecondLanguage | undefined, id: string, english: Term) {
  const own = lang === undefined ? undefined : translationFile<Term>(lang, "glossary.yaml")[id];
  return {
    ...(own ?? { term: english.term, means: english.means }),
    inEnglish: lang !== undefined && own === undefined,
  };
}
