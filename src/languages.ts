/** The languages of the course: English at the root, others under their own path, each with its texts in content/<language>. */

/** By the first part of its path, which is also its BCP 47 tag; `label` is its own name for itself. */
export const secondLanguages = { de: { label: "Deutsch" } } as const;

export type SecondLanguage = keyof typeof secondLanguages;

/** The language a text is written in; undefined for English. */
export function secondLanguage(tag: string | undefined): SecondLanguage | undefined {
  return tag !== undefined && tag in secondLanguages ? (tag as SecondLanguage) : undefined;
}

/** `languageOf("de/lessons/01-introduction")` → "de": of an entry's id, or of a path below the base. */
export function languageOf(path: string): SecondLanguage | undefined {
  return secondLanguage(path.split("/")[0]);
}
