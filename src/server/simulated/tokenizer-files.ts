/**
 * The simulated endpoint's tokenizer as files that Hugging Face's tokenizers and transformers load, so that clients which count with a
 * tokenizer of their own count what the endpoint counts. Counts agree for every text; ids do not, since the endpoint has no vocabulary.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { words } from "../../engine/benchmark/words.ts";
import { WORDS } from "./answer-text.ts";

const MAX_BYTES = 6;
const UNKNOWN = "<unk>";
const END = "<|end|>";
/** The chat template's: four tokens a message and three to open the answer, as prompt-blocks.ts counts. */
const SPECIAL = [UNKNOWN, "<|start|>", "<|role|>", "<|text|>", END];

/** Characters of one to four UTF-8 bytes that do not begin a token. */
const BY_SIZE = [
  "[\\x00-\\x08\\x0e-\\x1f!-\\x7f]",
  "[\\x{80}-\\x{7ff}]",
  "[\\x{800}-\\x{ffff}]",
  "[\\x{10000}-\\x{10ffff}]",
] as const;
const SPACE = "[\\x09-\\x0d ]";

/** One token: a first character, then as many more as fit in six bytes, up to the next space. */
export function tokenPattern(): string {
  const room = (bytes: number): string => {
    const ways = BY_SIZE.map((letter, i) => [letter, bytes - i - 1] as const)
      .filter(([, left]) => left >= 0)
      .map(([letter, left]) => `${letter}${room(left)}`);
    return ways.length === 0 ? "" : `(?:${ways.join("|")})?`;
  };
  const first = [
    `${SPACE}${room(MAX_BYTES - 1)}`,
    ...BY_SIZE.map((letter, i) => `${letter}${room(MAX_BYTES - i - 1)}`),
  ];
  return first.join("|");
}

/** What `tokenizer.json` holds. */
export function tokenizerJson(): object {
  const known = [...new Set([...WORDS, ...words.map((word) => ` ${word}`)])].filter(
    (word) => Buffer.byteLength(word) <= MAX_BYTES,
  );
  const vocab = Object.fromEntries([...SPECIAL, ...known].map((token, id) => [token, id]));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: "Split", pattern: { Regex: tokenPattern() }, behavior: "Isolated", invert: false },
    post_processor: null,
    decoder: { type: "Fuse" },
    model: { type: "WordLevel", vocab, unk_token: UNKNOWN },
  };
}

const OPENING = "<|start|><|role|><|text|>";

/** What `tokenizer_config.json` holds. */
export function tokenizerConfig(): object {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    unk_token: UNKNOWN,
    eos_token: END,
    clean_up_tokenization_spaces: false,
    model_max_length: 10_000_000,
    chat_template:
      `{% for message in messages %}${OPENING}{{ message['content'] }}${END}{% endfor %}` +
      `{% if add_generation_prompt %}${OPENING}{% endif %}`,
  };
}

/** Writes both files, making the folder. */
export async function saveTokenizer(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokenizerJson()));
  await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify(tokenizerConfig(), null, 2));
}
