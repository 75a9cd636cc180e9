/** Links of the texts to our own code lead to a page that shows it: the site has one for TypeScript files, and for nothing else. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const pages = ["content", "content/lessons", "content/guides"].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".mdx"))
    .map((file) => `${folder}/${file}`),
);

test.each(pages)("%s", (page) => {
  const files = [...readFileSync(page, "utf8").matchAll(/\]\((?:\.\.\/)+([^)#]+)/g)].map(([, file = ""]) => file);
  for (const file of files) {
    expect(file, "a file that the site shows").toMatch(/^(src|tests)\/.*\.ts$/);
    expect(existsSync(file), file).toBe(true);
  }
});
