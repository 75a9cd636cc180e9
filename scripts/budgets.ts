/** Bytes of JavaScript and CSS that a lesson page loads before a lab is in view, gzipped; exits 1 when over budget. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const output = process.env.OUT_DIR ?? "dist";
const base = (process.env.BASE ?? "/").replace(/\/?$/, "/");
const page = "lessons/01-introduction/index.html";

/** kB (1000 bytes), gzip level 9. */
const budgets = { "page.js.gzip": 30, "page.css.gzip": 26 };

const kilobytes = (bytes: Uint8Array | string): number => gzipSync(bytes, { level: 9 }).length / 1000;
const file = (url: string): string => join(output, url.startsWith(base) ? url.slice(base.length) : url);

/** Modules that a script imports statically, itself included; what it imports on demand is loaded later. */
function closure(url: string, seen = new Set<string>()): Set<string> {
  if (seen.has(url)) return seen;
  seen.add(url);
  const text = readFileSync(file(url), "utf8");
  const imports = /(?:^|[;}\s])(?:import|export)(?:\s*[\w$*{][^'"()]*?from)?\s*["']([^"']+\.js)["']/g;
  for (const [, target = ""] of text.matchAll(imports)) closure(new URL(target, `http://site${url}`).pathname, seen);
  return seen;
}

const html = readFileSync(join(output, page), "utf8");
const attribute = (tag: string, name: string) => new RegExp(`\\s${name}=["']([^"']+)["']`).exec(tag)?.[1];
const scripts = new Set<string>();
let inline = 0;
for (const [tag, attributes = "", text = ""] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
  const src = attribute(tag, "src");
  if (src) for (const url of closure(src)) scripts.add(url);
  else if (!/type=["']application\//.test(attributes)) inline += kilobytes(text);
}
for (const [tag] of html.matchAll(/<link\b[^>]*rel=["']modulepreload["'][^>]*>/gi)) {
  const url = attribute(tag, "href");
  if (url) for (const each of closure(url)) scripts.add(each);
}
const sheets = [...html.matchAll(/<link\b[^>]*rel=["']stylesheet["'][^>]*>/gi)]
  .map(([tag]) => attribute(tag, "href"))
  .filter((url) => url !== undefined);

const rows = [
  { id: "page.js.gzip", files: [...scripts], extra: inline },
  { id: "page.css.gzip", files: sheets, extra: 0 },
].map(({ id, files, extra }) => {
  const parts = files.map((url) => ({ url, value: kilobytes(readFileSync(file(url))) }));
  return { id, parts, value: parts.reduce((sum, part) => sum + part.value, extra) };
});

let over = 0;
for (const { id, parts, value } of rows) {
  const budget = budgets[id as keyof typeof budgets];
  if (value > budget) over++;
  if (!process.argv.includes("--json")) {
    console.log(`${id}  ${value.toFixed(1)} kB of ${budget}${value > budget ? "  OVER" : ""}`);
    for (const part of parts.toSorted((a, b) => b.value - a.value))
      console.log(`    ${part.value.toFixed(2)}  ${part.url}`);
  }
}
const monaco = sheets.filter((url) => readFileSync(file(url), "utf8").includes(".monaco-editor"));
if (monaco.length > 0) {
  over++;
  console.error(`the editor's style sheet is loaded before the editor: ${monaco.join(", ")}`);
}
if (process.argv.includes("--json"))
  console.log(
    JSON.stringify({
      bench: "budgets",
      rows: rows.map(({ id, value }) => ({ id, value, unit: "kB", peer: null, peerValue: null, ratio: null })),
    }),
  );
process.exitCode = over > 0 ? 1 : 0;
