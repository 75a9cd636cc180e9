/** A lesson as a reader meets it, as far as a text file tells: its frontmatter, its words, and what it is made of. */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { pageFields } from "../../src/components/lesson/frontmatter.ts";

const folder = "content/lessons";

export interface LessonText {
  readonly id: string;
  readonly front: ReturnType<typeof pageFields.parse>;
  /** MDX without frontmatter and imports. */
  readonly body: string;
  /** What is read: no tags, no code fences; an expression counts as one word. */
  readonly words: number;
}

export function lessonTexts(): readonly LessonText[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".mdx"))
    .sort()
    .map((file) => lessonText(file.replace(".mdx", ""), readFileSync(`${folder}/${file}`, "utf8")));
}

export function lessonText(id: string, text: string): LessonText {
  const [, yaml = "", rest = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const body = rest.replace(/^import[\s\S]*?from "[^"]+";\n/gm, "");
  return { id, front: pageFields.parse(parse(yaml)), body, words: wordsOf(body) };
}

/** All values of an attribute of a component, in order. */
export function attributes(body: string, component: string, name: string): string[] {
  return [...body.matchAll(new RegExp(`<${component}\\b[^>]*?\\s${name}="([^"]*)"`, "g"))].map(
    ([, value = ""]) => value,
  );
}

function wordsOf(body: string): number {
  const text = body
    .replace(/^```[\s\S]*?^```/gm, "")
    // Expressions, with the braces and text in them, from the innermost out.
    .replace(/\{[^{}]*\}/g, " x ")
    .replace(/\{[^{}]*\}/g, " x ")
    .replace(/<[^>]*>/g, " ");
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
