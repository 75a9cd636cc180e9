/** The reference as the lab build wrote it, read while the site is built. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DocumentedEntry, Reference } from "../../../scripts/reference/build-reference.ts";
import { generatedPieces } from "../../lab/generated.ts";
import { parameterDocs } from "../../reference/parameters.ts";
import { unpackJson } from "../charts/packed.ts";
import { href } from "../site/href.ts";

export type { DocumentedEntry };

export const reference = unpackJson(
  readFileSync(join(process.cwd(), "public", "generated", generatedPieces().reference), "utf8"),
) as Reference;

/** Functions and values before types, each in the order of the code. */
export function entriesOf(group: string): readonly DocumentedEntry[] {
  const found = reference.entries.filter((entry) => entry.group.slug === group);
  return [...found.filter(({ kind }) => kind !== "type"), ...found.filter(({ kind }) => kind === "type")];
}

export function addressOf({ group, name }: DocumentedEntry): string {
  return href(`reference/${group.slug}/#${name}`);
}

/** What a parameter or field is: its own words, else what its name means everywhere. */
export function meaningOf({ name, docs }: { name: string; docs: string }): string {
  return docs || (parameterDocs[name] ?? "");
}

/** The first sentence, for lists. */
export function firstSentence(docs: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(docs)?.[0].replace(/:$/, ".") ?? docs;
}

/** Text with `code` as HTML, and names of the reference linked to their entries. */
export function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, (_, code: string) => {
    const known = reference.entries.find(({ name }) => name === code.replace(/\(.*$/, ""));
    return known ? `<a href="${addressOf(known)}"><code>${code}</code></a>` : `<code>${code}</code>`;
  });
}

/** A type with the names that have an entry linked to it. */
export function typeHtml(type: string): string {
  return escaped(type.replaceAll(/\bengine\./g, "").replaceAll(/\s+/g, " ")).replaceAll(/\b[A-Z]\w+\b/g, (word) => {
    const known = reference.entries.find(({ name, kind }) => name === word && kind !== "function");
    return known ? `<a href="${addressOf(known)}">${word}</a>` : word;
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
