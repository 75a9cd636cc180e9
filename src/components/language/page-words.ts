/** The words of a page that is not in English: given by the build while it renders, read from the page itself in the browser. */
import { asIs, translator, type Phrases, type Say } from "../../lab/phrases.ts";

const known = new Map<string, { readonly phrases: Phrases; readonly say: Say }>();

/** Id of the element in which a page brings its dictionary along; a page in English has none. */
export const pageWordsId = "page-words";

/** For the build, before it renders what asks for them. */
export function giveWords(lang: string, phrases: Phrases): void {
  if (!known.has(lang)) known.set(lang, { phrases, say: translator(lang, phrases) });
}

/** The words of a language, undefined being English; where the build has given none, those that the page brought along. */
export function wordsIn(lang: string | undefined): Say {
  return (lang === undefined ? undefined : wordsOf(lang)?.say) ?? asIs;
}

/** The same as a dictionary. */
export function phrasesIn(lang: string): Phrases {
  return wordsOf(lang)?.phrases ?? {};
}

function wordsOf(lang: string) {
  const brought = known.has(lang) ? null : broughtAlong();
  if (brought?.lang === lang) giveWords(lang, brought.phrases);
  return known.get(lang);
}

/** In the browser: English in, the page's language out. */
export const say: Say = (english) => wordsIn(broughtAlong()?.lang)(english);

interface Brought {
  readonly lang: string;
  readonly phrases: Phrases;
}
let read: Brought | null | undefined;

function broughtAlong(): Brought | null {
  if (read !== undefined || typeof document === "undefined") return read ?? null;
  const text = document.getElementById(pageWordsId)?.textContent;
  return (read = text == null ? null : (JSON.parse(text) as Brought));
}
