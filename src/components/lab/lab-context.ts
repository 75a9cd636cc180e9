/** How a pane gets at its lab: the one store of the lab that it stands in. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { asIs, translator, type Say } from "../../lab/phrases.ts";
import type { LabLanguage, LabSetup } from "../../lab/setup.ts";
import type { LabStore } from "../../lab/store/lab-store.ts";
import { phrasesIn } from "../language/page-words.ts";

export const LabContext = createContext<LabStore | null>(null);

/** The store of the lab around this component. Throws outside one. */
export function useLab(): LabStore {
  const store = useContext(LabContext);
  if (store === null) throw new Error("this component must stand inside a lab");
  return store;
}

const spoken = new WeakMap<LabLanguage, Say>();

/** How the lab around this component says things: English in, the language of its page out. */
export function useSay(): Say {
  const language = useContext(LabContext)?.setup.language;
  return language === undefined ? asIs : sayIn(language);
}

/** The site's words first, since they are the frame; then the lab's own, in what stands between them. */
function sayIn(language: LabLanguage): Say {
  const known = spoken.get(language);
  if (known !== undefined) return known;
  const say = translator(language.lang, { ...phrasesIn(language.lang), ...language.phrases });
  spoken.set(language, say);
  return say;
}

/** The `lang` of a part of the lab: "en" where the page is in another language and this part is not. */
export function inEnglish({ language }: Pick<LabSetup, "language">, field: string): "en" | undefined {
  return language?.missing.includes(field) ? "en" : undefined;
}
