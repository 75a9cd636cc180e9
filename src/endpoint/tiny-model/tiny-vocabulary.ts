/**
 * The tiny model's vocabulary, SentencePiece style: three specials, 256 bytes, then plain pieces. A piece can only come out of
 * a merge of two that exist, so every word brings its beginnings along.
 */
export interface Vocabulary {
  readonly pieces: readonly string[];
  readonly scores: readonly number[];
  /** 1 normal, 2 unknown, 3 control, 6 byte. */
  readonly types: readonly number[];
}

export const SPECIALS = 3;
export const BYTES = 256;
/** SentencePiece writes a space as U+2581. */
const SPACE = "▁";

const WORDS =
  "the of and to in is that it for on with as at by from this are be or an was not but which all can has one time when would " +
  "there their what out up who if about more some into then could than other only new also its over after first where most " +
  "system model token batch prompt server request latency throughput memory cache block queue step layer head attention weight " +
  "number each every many few less long short fast slow large small high low read write send wait run stop start end answer " +
  "question tell me story please explain how why does do a i you we they he she data compute bandwidth kernel page sequence " +
  "length output input user assistant human hello world word words write about next last rate load mean tail percent cost price " +
  "second minute hour day week year people work works made make makes making because between under while during without within";

/** Deterministic: the same size gives the same vocabulary. */
export function tinyVocabulary(size: number): Vocabulary {
  const pieces = ["<unk>", "<s>", "</s>"];
  for (let byte = 0; byte < BYTES; byte++) pieces.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  const plain = new Set<string>([SPACE]);
  for (let code = 33; code < 127; code++) plain.add(String.fromCharCode(code));
  for (const word of WORDS.split(" "))
    for (let end = 1; end <= word.length; end++) plain.add(SPACE + word.slice(0, end));
  for (let n = 0; n < 100; n++) plain.add(String(n).padStart(2, "0"));
  for (const syllable of syllables()) {
    if (pieces.length + plain.size >= size) break;
    plain.add(syllable);
  }
  pieces.push(...[...plain].slice(0, size - pieces.length));
  return {
    pieces,
    scores: pieces.map((_, i) => (i < SPECIALS + BYTES ? 0 : -(i - SPECIALS - BYTES))),
    types: pieces.map((_, i) => (i === 0 ? 2 : i < SPECIALS ? 3 : i < SPECIALS + BYTES ? 6 : 1)),
  };
}

function* syllables(): Generator<string> {
  const consonants = "tnsrlcdmphgbfvwk";
  const vowels = "eaiou";
  for (const c of consonants) for (const v of vowels) yield c + v;
  for (const v of vowels) for (const c of consonants) yield v + c;
  for (const a of consonants) for (const v of vowels) for (const b of consonants) yield a + v + b;
}
