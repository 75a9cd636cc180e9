/** British spelling in what people read: words that are spelt otherwise in America, found wherever they stand outside code. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { labFolders } from "../../src/project/lab-folders.ts";

const american: Readonly<Record<string, RegExp>> = {
  "-our, not -or": /\b(?:behavi|col|fav|neighb|hon|lab|flav|rum)or(?:s|ed|ing|ful|ite|able)?\b(?!atory)/i,
  "-re, not -er": /\b(?:cent|theat|fib|lit|kilomet|centimet)er(?:s|ed)?\b/i,
  "-ise, not -ize":
    /\b(?:organ|optim|quant|util|summar|normal|serial|real|recogn|minim|maxim|general|special|emphas|visual|synchron|initial|final|prior|character|memor)iz(?:e|es|ed|er|ers|ing|ation|ations)\b/i,
  "-yse, not -yze": /\b(?:anal|paral)yz(?:e|es|ed|er|ing)\b/i,
  "doubled l": /\b(?:model|label|cancel|travel|signal|level)(?:ed|ing)\b(?<!lled|lling)/i,
  "grey, licence (noun), programme, catalogue": /\bgray\b|\bthe MIT license\b|\bcatalog\b/i,
};

const folders = ["content", "content/lessons", "content/guides", "content/quizzes"];
const files = [
  ...folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /\.(mdx|yaml)$/.test(file))
      .map((file) => `${folder}/${file}`),
  ),
  ...labFolders(".").map(({ path }) => `${path}/lab.yaml`),
];

test.each(files)("%s", (file) => {
  const text = readFileSync(file, "utf8")
    .replace(/^```[\s\S]*?^```/gm, (code) => code.replace(/[^\n]/g, ""))
    .replace(/`[^`\n]*`|\{[^{}]*\}|https?:\S+|^\s*(?:url|title|import|where|by|-? ?id|see|cite):.*$/gim, " ")
    .replace(/<[^>]*>|\b[a-z]+[A-Z]\w*/g, " ");
  const found = text.split("\n").flatMap((line, i) =>
    Object.entries(american).flatMap(([rule, pattern]) => {
      const word = pattern.exec(line)?.[0];
      return word === undefined ? [] : [`line ${i + 1}: "${word}" (${rule})`];
    }),
  );
  expect(found).toEqual([]);
});
