/** Text in a second language: English as the code says it goes in, and comes out as a dictionary has it, its numbers as that language writes them. */

/**
 * English → the same in another language. `{1}` stands for whatever differs from time to time, in both: "Hint {1} of {2}" →
 * "Tipp {1} von {2}". What stands there is translated too.
 */
export type Phrases = Readonly<Record<string, string>>;

/** English in, the other language out; what the dictionary lacks comes back in English, with its numbers put right. */
export type Say = (english: string) => string;

/**
 * For what is drawn out of texts that are translated already: only bare numbers with a unit, and words without numbers, are said. "8.192
 * Tokens" stays, and is not read as English for 8,192 thousandths.
 */
export function onlyBare(say: Say): Say {
  return (text) => (/\p{L}{3}/u.test(text) && /\d[.,]\d/.test(text) ? text : say(text));
}

/** On pages in English. */
export const asIs: Say = (english) => english;

/** `lang`: a BCP 47 tag. Of several phrases that fit, the one with the most text of its own is taken. */
export function translator(lang: string, phrases: Phrases): Say {
  const exact = new Map(Object.entries(phrases));
  const patterns = Object.entries(phrases)
    .filter(([english]) => hole.test(english))
    .map(([english, other]) => ({ pattern: patternOf(english), holes: holesOf(english), other, own: ownText(english) }))
    .sort((a, b) => b.own - a.own);
  const numbers = numberWriter(lang);
  const say = (english: string, depth = 0): string => {
    const found = exact.get(english);
    if (found !== undefined) return found;
    if (depth < 4 && english !== "")
      for (const { pattern, holes, other } of patterns) {
        const match = pattern.exec(english);
        if (match === null) continue;
        const values = new Map(holes.map((name, i) => [name, say(match[i + 1] ?? "", depth + 1)]));
        return other.replace(everyHole, (_, name: string) => values.get(name) ?? "");
      }
    return numbers(english);
  };
  return (english) => say(english);
}

/** Whether the dictionary has this text, as a whole or as a phrase with holes. */
export function knows(phrases: Phrases, english: string): boolean {
  return english in phrases || Object.keys(phrases).some((key) => hole.test(key) && patternOf(key).test(english));
}

const hole = /\{\d\}/;
const everyHole = /\{(\d)\}/g;

const holesOf = (phrase: string): string[] => [...phrase.matchAll(everyHole)].map(([, name = ""]) => name);
const ownText = (phrase: string): number => phrase.replace(everyHole, "").length;

function patternOf(phrase: string): RegExp {
  const parts = phrase.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("([^]+?)")}$`);
}

/** A number as our English writes it, not a piece of a name such as Llama-3.1-8B or of a version such as 0.33.0. */
const englishNumber = /(?<![\w.,-])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\w]|[.,]\d|-\p{L})/gu;

/** Puts the numbers in a text as `lang` writes them: "1,234.5 ms" → "1.234,5 ms" in German. */
function numberWriter(lang: string): Say {
  const { group, decimal } = separators(lang);
  if (group === "," && decimal === ".") return asIs;
  return (text) => text.replace(englishNumber, (n) => n.replace(/[,.]/g, (c) => (c === "," ? group : decimal)));
}

/** A number typed in `lang` as English writes it: "12,5" → "12.5" in German. A point before any but three digits stays one. */
export function typedInEnglish(lang: string | undefined, typed: string): string {
  if (lang === undefined || separators(lang).decimal !== ",") return typed;
  return typed.replace(/(?<=\d)\.(?=\d{3}(?!\d))/g, "").replace(/(?<=\d),(?=\d)/g, ".");
}

function separators(lang: string): { readonly group: string; readonly decimal: string } {
  const parts = new Intl.NumberFormat(lang, { useGrouping: true }).formatToParts(12345.6);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { group: of("group"), decimal: of("decimal") };
}
